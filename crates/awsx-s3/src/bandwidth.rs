//! `max_bandwidth`: one limit for all that moves.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A limit in bytes per second; none by default. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Bandwidth(Option<Arc<Limit>>);

#[derive(Debug)]
struct Limit {
    bytes_per_second: f64,
    /// When everything let through so far would be over at the limit's speed.
    busy_until: Mutex<Option<Instant>>,
}

impl Bandwidth {
    /// With this limit.
    #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact to the byte")]
    pub fn limited(bytes_per_second: u64) -> Self {
        let limit = Limit { bytes_per_second: bytes_per_second.max(1) as f64, busy_until: Mutex::new(None) };
        Self(Some(Arc::new(limit)))
    }

    /// How long whoever has just moved so many bytes waits before more.
    #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact to the byte")]
    pub fn pause_after(&self, bytes: u64) -> Option<Duration> {
        let limit = self.0.as_ref()?;
        let now = Instant::now();
        let mut busy_until = limit.busy_until.lock().expect("no holder panics");
        let start = busy_until.filter(|until| *until > now).unwrap_or(now);
        let end = start + Duration::from_secs_f64(bytes as f64 / limit.bytes_per_second);
        *busy_until = Some(end);
        Some(end - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_add_up_over_all_who_share_a_limit() {
        let bandwidth = Bandwidth::limited(1000);
        let other = bandwidth.clone();
        bandwidth.pause_after(1000);
        let pause = other.pause_after(500).unwrap();
        assert!(pause > Duration::from_millis(1400) && pause <= Duration::from_millis(1500), "{pause:?}");
        assert_eq!(Bandwidth::default().pause_after(1), None);
    }
}
