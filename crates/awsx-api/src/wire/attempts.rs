//! When a request is made again, and after how long.
//!
//! Whoever sends makes one attempt after the other and asks [`Attempts`] in between. What a service's answer means is
//! told to it as a [`Reason`]; the rules are AWS CLI's for the mode that is set.

use std::time::Duration;

use awsx_http::Failure;
use http::HeaderMap;

use super::budget::Budget;
use super::rate::Rate;
use super::skew::Skew;
use crate::{RetryMode, RetrySettings};

const COST: u32 = 5;
const COST_AFTER_TIMEOUT: u32 = 10;
/// Seconds between two attempts at most.
const LONGEST_WAIT: f64 = 20.0;
/// Seconds that a patient request waits at least where it is asked to come slower.
const PATIENT_WAIT: f64 = 0.25;
/// How often an answer may be cured by asking again at once: another region, another clock, other keys.
const MOST_CURES: u32 = 3;

/// What all requests of a client share: what repeats may cost, how fast they go, what time it is there.
#[derive(Debug, Default)]
pub struct Limits {
    budget: Budget,
    rate: Rate,
    /// How far the service's clock is from ours.
    pub skew: Skew,
}

/// The attempts of one request.
#[derive(Debug)]
pub struct Attempts<'a> {
    limits: &'a Limits,
    settings: RetrySettings,
    /// Seconds of the first wait at most where nobody asked for it.
    scale: f64,
    number: u32,
    cures: u32,
    /// What the last repeat cost.
    paid: Option<u32>,
}

/// Why a request is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Something passes by.
    Transient,
    /// Nothing came in time.
    Timeout,
    /// The service asks to come slower.
    Throttled,
}

impl<'a> Attempts<'a> {
    /// Of a request that has not been made yet.
    pub fn new(settings: RetrySettings, limits: &'a Limits) -> Self {
        Self { limits, settings, scale: 0.05, number: 1, cures: 0, paid: None }
    }

    /// With another first wait, in seconds.
    #[must_use]
    pub fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// Waits until an attempt may be made: in the adaptive mode, after having been throttled.
    pub async fn begin(&self) {
        if self.settings.mode == RetryMode::Adaptive {
            self.limits.rate.wait().await;
        }
    }

    /// The value of `amz-sdk-request`.
    pub fn header(&self) -> String {
        format!("attempt={}; max={}", self.number, self.settings.max_attempts)
    }

    /// Ends them: gives back what a success is worth.
    pub fn succeeded(&self) {
        if self.settings.mode == RetryMode::Adaptive {
            self.limits.rate.answered(false);
        }
        if self.settings.mode != RetryMode::Legacy {
            self.limits.budget.give_back(self.paid.unwrap_or(1));
        }
    }

    /// Whether asking again at once, which does not count, may be tried: true a few times.
    pub fn may_cure(&mut self) -> bool {
        self.cures += 1;
        self.cures <= MOST_CURES
    }

    /// How long to wait for the next attempt; none if there is to be no other. `asked` is what the service wants of it.
    pub fn wait_after(&mut self, reason: Option<Reason>, asked: Option<Duration>) -> Option<Duration> {
        if self.settings.mode == RetryMode::Adaptive {
            self.limits.rate.answered(reason == Some(Reason::Throttled));
        }
        let reason = reason?;
        if self.number >= self.limit(reason) {
            return None;
        }
        let is_patient = self.is_patient(reason);
        if self.settings.mode != RetryMode::Legacy && !is_patient {
            let cost = if reason == Reason::Timeout { COST_AFTER_TIMEOUT } else { COST };
            self.limits.budget.take(cost)?;
            self.paid = Some(cost);
        }
        let scale = if reason == Reason::Throttled { 1.0 } else { self.scale };
        let power = f64::from(2_u32.saturating_pow(self.number - 1));
        // Never at once where that is what was asked for.
        let random = random_fraction() + if is_patient { PATIENT_WAIT } else { 0.0 };
        let wait = (random * (scale * power).min(LONGEST_WAIT)).min(LONGEST_WAIT);
        self.number += 1;
        let asked = asked.map_or(0.0, |asked| asked.as_secs_f64().min(wait + 5.0));
        Some(Duration::from_secs_f64(wait.max(asked)))
    }

    /// The number of repeats to tell of after the last attempt, if there were as many as allowed. botocore counts before it
    /// looks at what failed, except in its legacy mode.
    pub fn exhausted_after(&self, reason: Option<Reason>) -> Option<u32> {
        let counts = self.settings.mode != RetryMode::Legacy || reason.is_some();
        let limit = reason.map_or(self.settings.max_attempts, |reason| self.limit(reason));
        (counts && self.number >= limit).then_some(self.number - 1)
    }

    fn limit(&self, reason: Reason) -> u32 {
        let patience = self.settings.patience.filter(|_| reason == Reason::Throttled);
        self.settings.max_attempts.max(patience.unwrap_or_default()).max(1)
    }

    fn is_patient(&self, reason: Reason) -> bool {
        reason == Reason::Throttled && self.settings.patience.is_some()
    }
}

impl Reason {
    /// What an answer with this error means at every service.
    pub fn of_error(code: &str, status: u16) -> Option<Self> {
        const THROTTLED: [&str; 14] = [
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottledException",
            "TooManyRequestsException",
            "ProvisionedThroughputExceededException",
            "TransactionInProgressException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "LimitExceededException",
            "RequestThrottled",
            "SlowDown",
            "PriorRequestNotComplete",
            "EC2ThrottledException",
        ];
        if THROTTLED.contains(&code) {
            return Some(Self::Throttled);
        }
        if matches!(code, "RequestTimeout" | "RequestTimeoutException") {
            return Some(Self::Timeout);
        }
        matches!(status, 500 | 502 | 503 | 504).then_some(Self::Transient)
    }

    /// What it means that there is no answer.
    pub fn of_no_answer(failure: Failure) -> Option<Self> {
        match failure {
            Failure::ConnectTimeout | Failure::ReadTimeout => Some(Self::Timeout),
            Failure::Connect | Failure::Closed => Some(Self::Transient),
            // Asking again would get the same certificate.
            Failure::Tls => None,
        }
    }
}

/// How long the service wants us to wait.
pub fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let milliseconds: u32 = headers.get("x-amz-retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_millis(milliseconds.into()))
}

/// From 0 to 1: good enough to keep clients from coming back together.
fn random_fraction() -> f64 {
    let random = getrandom::u32().unwrap_or(u32::MAX);
    f64::from(random) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: RetrySettings =
        RetrySettings { mode: RetryMode::Standard, max_attempts: 3, patience: None };

    fn count(settings: RetrySettings, limits: &Limits, reason: Reason) -> u32 {
        let mut attempts = Attempts::new(settings, limits);
        while let Some(wait) = attempts.wait_after(Some(reason), None) {
            assert!(wait <= Duration::from_secs(20));
        }
        attempts.number
    }

    #[test]
    fn what_passes_by_is_tried_again_and_what_is_refused_is_not() {
        assert_eq!(Reason::of_error("SlowDown", 503), Some(Reason::Throttled));
        assert_eq!(Reason::of_error("InternalError", 500), Some(Reason::Transient));
        assert_eq!(Reason::of_error("502", 502), Some(Reason::Transient));
        assert_eq!(Reason::of_error("AccessDenied", 403), None);
        assert_eq!(Reason::of_error("599", 599), None);
        let limits = Limits::default();
        assert_eq!(Attempts::new(SETTINGS, &limits).wait_after(None, None), None);
    }

    #[test]
    fn patience_is_for_services_that_ask_for_it_and_costs_nothing() {
        let limits = Limits::default();
        let patient = RetrySettings { patience: Some(8), ..SETTINGS };
        for _ in 0..50 {
            assert_eq!(count(patient, &limits, Reason::Throttled), 8);
        }
        assert_eq!(count(patient, &limits, Reason::Transient), 3);
        assert_eq!(count(SETTINGS, &limits, Reason::Throttled), 3);
        let first = Attempts::new(patient, &limits).wait_after(Some(Reason::Throttled), None);
        assert!(first.is_some_and(|wait| wait >= Duration::from_millis(250)));
    }

    #[test]
    fn repeats_end_when_the_budget_is_spent_but_not_in_the_legacy_mode() {
        let limits = Limits::default();
        for _ in 0..25 {
            assert_eq!(count(SETTINGS, &limits, Reason::Timeout), 3);
        }
        assert_eq!(count(SETTINGS, &limits, Reason::Transient), 1);
        let legacy = RetrySettings { mode: RetryMode::Legacy, ..SETTINGS };
        assert_eq!(count(legacy, &limits, Reason::Transient), 3);
    }

    #[test]
    fn the_service_may_ask_for_a_longer_wait_within_limits() {
        let limits = Limits::default();
        let wait = |asked| {
            let mut attempts = Attempts::new(SETTINGS, &limits);
            attempts.wait_after(Some(Reason::Transient), Some(Duration::from_millis(asked)))
        };
        assert_eq!(wait(1500), Some(Duration::from_millis(1500)));
        assert!(wait(60_000).is_some_and(|wait| wait < Duration::from_secs(6)));
    }
}
