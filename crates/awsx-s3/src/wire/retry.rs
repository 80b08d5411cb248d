//! When a request is made again, and after how long: AWS CLI's standard mode, with more patience for `SlowDown`.

use std::time::Duration;

use awsx_http::{CallError, Failure, ServiceError};

/// Longest wait between two attempts.
const LONGEST: Duration = Duration::from_secs(20);
/// How often a request is made that S3 asks to come slower, unless the user has said how often.
const PATIENT_ATTEMPTS: u32 = 8;

const THROTTLING: [&str; 12] = [
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ServiceUnavailable",
];
const TRANSIENT: [&str; 4] =
    ["RequestTimeout", "RequestTimeoutException", "InternalError", "OperationAborted"];

/// How often a request is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// At most, the first time included.
    pub(super) attempts: u32,
    /// Whether the user has set that.
    pub(super) is_set: bool,
}

/// Why asking again may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Something passed by.
    Transient,
    /// S3 asks to come slower.
    Throttled,
}

impl Policy {
    pub(super) fn attempts_for(self, reason: Reason) -> u32 {
        match reason {
            Reason::Throttled if !self.is_set => self.attempts.max(PATIENT_ATTEMPTS),
            _ => self.attempts,
        }
    }
}

pub(super) fn reason(error: &CallError) -> Option<Reason> {
    match error {
        CallError::Service(error) => reason_of_service(error),
        CallError::Request(error) => (error.failure != Failure::Tls).then_some(Reason::Transient),
        CallError::Other(_) => None,
    }
}

fn reason_of_service(error: &ServiceError) -> Option<Reason> {
    if THROTTLING.contains(&error.code.as_str()) || error.status == 429 {
        Some(Reason::Throttled)
    } else if TRANSIENT.contains(&error.code.as_str()) || matches!(error.status, 500 | 502 | 503 | 504) {
        Some(Reason::Transient)
    } else {
        None
    }
}

/// How long to wait after so many attempts; `random` lies in 0..1.
pub(super) fn pause(attempts: u32, reason: Reason, random: f64) -> Duration {
    let base = match reason {
        Reason::Transient => 1.0,
        // Never at once: it is what S3 asks for.
        Reason::Throttled => {
            return Duration::from_secs_f64((0.25 + random) * f64::from(1u32 << (attempts - 1).min(5)))
                .min(LONGEST);
        }
    };
    Duration::from_secs_f64(base * random * f64::from(1u32 << (attempts - 1).min(5))).min(LONGEST)
}

/// A number in 0..1, good enough to keep clients from coming back together.
pub(super) fn random() -> f64 {
    let number = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(number) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(code: &str, status: u16) -> CallError {
        ServiceError {
            operation: "PutObject",
            code: code.to_owned(),
            message: String::new(),
            details: Vec::new(),
            status,
            retries: None,
        }
        .into()
    }

    #[test]
    fn what_passes_by_is_tried_again_and_what_is_refused_is_not() {
        assert_eq!(reason(&service("SlowDown", 503)), Some(Reason::Throttled));
        assert_eq!(reason(&service("InternalError", 200)), Some(Reason::Transient));
        assert_eq!(reason(&service("502", 502)), Some(Reason::Transient));
        assert_eq!(reason(&service("AccessDenied", 403)), None);
        assert_eq!(reason(&service("599", 599)), None);
    }

    #[test]
    fn slow_down_has_patience_unless_the_user_set_a_limit() {
        let policy = Policy { attempts: 3, is_set: false };
        assert_eq!(policy.attempts_for(Reason::Throttled), PATIENT_ATTEMPTS);
        assert_eq!(policy.attempts_for(Reason::Transient), 3);
        assert_eq!(Policy { attempts: 2, is_set: true }.attempts_for(Reason::Throttled), 2);
        assert!(pause(1, Reason::Throttled, 0.0) >= Duration::from_millis(250));
        assert!(pause(30, Reason::Throttled, 1.0) <= LONGEST);
    }
}
