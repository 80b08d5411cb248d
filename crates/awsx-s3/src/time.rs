//! When something was last changed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// A moment, by its distance from 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Whole seconds; negative before 1970.
    pub seconds: i64,
    /// What is beyond them.
    pub nanos: u32,
}

impl Time {
    /// `2026-11-22T00:37:20.000Z`, as listings have it.
    pub(crate) fn of_listing(text: &str) -> Option<Self> {
        Self::parse(text, Format::DateTimeWithOffset)
    }

    /// `Sun, 22 Nov 2026 00:37:28 GMT`, as headers have it.
    pub(crate) fn of_header(text: &str) -> Option<Self> {
        Self::parse(text, Format::HttpDate)
    }

    fn parse(text: &str, format: Format) -> Option<Self> {
        let time = DateTime::from_str(text, format).ok()?;
        Some(Self { seconds: time.secs(), nanos: time.subsec_nanos() })
    }
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self { seconds: seconds(since), nanos: since.subsec_nanos() },
            Err(before) => {
                let before = before.duration();
                match before.subsec_nanos() {
                    0 => Self { seconds: -seconds(before), nanos: 0 },
                    nanos => Self { seconds: -seconds(before) - 1, nanos: 1_000_000_000 - nanos },
                }
            }
        }
    }
}

impl From<Time> for SystemTime {
    fn from(time: Time) -> Self {
        let whole = Duration::from_secs(time.seconds.unsigned_abs());
        let moment = if time.seconds < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole };
        moment + Duration::from_nanos(time.nanos.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_from_listings_headers_and_files() {
        let time = Time { seconds: 1_795_307_840, nanos: 0 };
        assert_eq!(Time::of_listing("2026-11-22T00:37:20.000Z"), Some(time));
        assert_eq!(Time::of_header("Sun, 22 Nov 2026 00:37:20 GMT"), Some(time));
        for time in [time, Time { seconds: -2, nanos: 500_000_000 }] {
            assert_eq!(Time::from(SystemTime::from(time)), time);
        }
    }
}
