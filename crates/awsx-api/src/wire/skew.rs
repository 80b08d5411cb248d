//! How far a service's clock is from ours.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::DATE;

/// Signatures are good for five minutes, so clocks may differ by a little less.
const TOLERATED: Duration = Duration::from_mins(4);
/// Codes of answers to requests whose time is wrong, or may be.
const CODES: [&str; 6] = [
    "RequestTimeTooSkewed",
    "RequestExpired",
    "RequestInTheFuture",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AuthFailure",
];

/// Seconds that the service's clock is ahead of ours.
#[derive(Debug, Default)]
pub struct Skew(AtomicI64);

impl Skew {
    /// The time there, by our clock.
    pub fn correct(&self, ours: SystemTime) -> SystemTime {
        let seconds = self.0.load(Ordering::Relaxed);
        let duration = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { ours - duration } else { ours + duration }
    }

    /// Takes the service's clock from an answer that refuses a request because of its time. Whether the request, which
    /// said it was `signed_at`, may do if it says what time it is there.
    pub fn learn(&self, code: &str, headers: &HeaderMap, signed_at: SystemTime, ours: SystemTime) -> bool {
        if !CODES.contains(&code) {
            return false;
        }
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        let Some(theirs) = date.map(|date| SystemTime::from(date.timestamp())) else { return false };
        if distance(theirs, signed_at) <= TOLERATED {
            return false;
        }
        self.0.store(seconds(theirs) - seconds(ours), Ordering::Relaxed);
        true
    }
}

fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).or_else(|_| other.duration_since(one)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn whoever_was_refused_for_the_time_asks_again_with_the_services() {
        let skew = Skew::default();
        let ours = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let headers =
            HeaderMap::from_iter([(DATE, HeaderValue::from_static("Mon, 12 Jan 1970 14:46:40 GMT"))]);
        assert!(!skew.learn("AccessDenied", &headers, ours, ours));
        assert!(skew.learn("RequestTimeTooSkewed", &headers, ours, ours));
        assert_eq!(skew.correct(ours), ours + Duration::from_hours(1));
        // One that was signed before the clock was known asks again too, one that was signed after does not.
        assert!(skew.learn("RequestTimeTooSkewed", &headers, ours, ours));
        assert!(!skew.learn("SignatureDoesNotMatch", &headers, skew.correct(ours), ours));
    }
}
