//! When a request is sent again, and how long to wait before.

use std::time::{Duration, SystemTime};

use awsx_http::Failure;
use awsx_model::{Kind, Operation, Service};

use super::Failed;
use super::budget::Budget;
use crate::{ClientConfig, RetryMode};

/// How often a request was sent, and what may still be spent on it.
pub(super) struct Attempts<'a> {
    number: u32,
    limit: u32,
    budget: &'a Budget,
    /// What the last repeat cost.
    paid: Option<u32>,
    /// How far the service's clock is ahead of ours.
    skew: Skew,
}

#[derive(Default)]
struct Skew {
    ahead: Duration,
    behind: Duration,
    corrected: bool,
}

const COST: u32 = 5;
const COST_AFTER_TIMEOUT: u32 = 10;
const LONGEST_WAIT: f64 = 20.0;
/// Signatures are good for five minutes, so clocks may differ by a little less.
const TOLERATED_SKEW: Duration = Duration::from_mins(4);

impl<'a> Attempts<'a> {
    pub(super) fn new(service: &Service, config: &ClientConfig, budget: &'a Budget) -> Self {
        // DynamoDB's older rules repeat more often.
        let limit = match (config.retry.mode, service.name) {
            (RetryMode::Legacy, "dynamodb") if config.retry.max_attempts == 5 => 10,
            _ => config.retry.max_attempts.max(1),
        };
        Self { number: 1, limit, budget, paid: None, skew: Skew::default() }
    }

    pub(super) fn header(&self) -> String {
        format!("attempt={}; max={}", self.number, self.limit)
    }

    pub(super) fn clock_of_service(&self, now: SystemTime) -> SystemTime {
        now + self.skew.ahead - self.skew.behind
    }

    /// How long to wait for the next attempt, if there is to be one.
    pub(super) fn wait_after(
        &mut self,
        service: &Service,
        operation: &Operation,
        config: &ClientConfig,
        failed: &Failed,
    ) -> Option<Duration> {
        let reason = Reason::of(service, operation, failed)
            .or_else(|| self.correct_clock(config.clock.now(), failed))?;
        if self.number >= self.limit {
            return None;
        }
        if config.retry.mode != RetryMode::Legacy {
            let cost = if reason == Reason::Timeout { COST_AFTER_TIMEOUT } else { COST };
            self.budget.take(cost)?;
            self.paid = Some(cost);
        }
        let power = f64::from(2_u32.saturating_pow(self.number - 1));
        let wait = random_fraction() * (reason.scale(service) * power).min(LONGEST_WAIT);
        self.number += 1;
        let asked = failed
            .headers
            .get("x-amz-retry-after")
            .and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
        let asked = asked.map_or(0.0, |milliseconds| (f64::from(milliseconds) / 1000.0).min(wait + 5.0));
        Some(Duration::from_secs_f64(wait.max(asked)))
    }

    /// The number of repeats, if there were as many as allowed. botocore counts before it looks at what failed, except in
    /// its legacy mode.
    pub(super) fn exhausted_after(
        &self,
        service: &Service,
        operation: &Operation,
        config: &ClientConfig,
        failed: &Failed,
    ) -> Option<u32> {
        let counts =
            config.retry.mode != RetryMode::Legacy || Reason::of(service, operation, failed).is_some();
        (counts && self.number >= self.limit).then_some(self.number - 1)
    }

    /// Gives back what a success is worth.
    pub(super) fn succeeded(&self) {
        self.budget.give_back(self.paid.unwrap_or(1));
    }

    /// Takes the service's clock where ours is too wrong for it.
    fn correct_clock(&mut self, now: SystemTime, failed: &Failed) -> Option<Reason> {
        const CODES: [&str; 6] = [
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "AuthFailure",
        ];
        if self.skew.corrected || !failed.code().is_some_and(|code| CODES.contains(&code)) {
            return None;
        }
        let date = failed.headers.get(http::header::DATE)?.to_str().ok()?;
        let date = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
        let date = SystemTime::from(date);
        self.skew.ahead = date.duration_since(now).unwrap_or_default();
        self.skew.behind = now.duration_since(date).unwrap_or_default();
        self.skew.corrected = true;
        (self.skew.ahead.max(self.skew.behind) > TOLERATED_SKEW).then_some(Reason::Transient)
    }
}

/// Why a request is repeated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Transient,
    Timeout,
    Throttled,
}

impl Reason {
    pub(super) fn of(service: &Service, operation: &Operation, failed: &Failed) -> Option<Self> {
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
        let code = match &failed.error {
            Err(error) => return Self::of_no_answer(error.failure),
            Ok(error) => error.code.as_str(),
        };
        if THROTTLED.contains(&code) {
            return Some(Self::Throttled);
        }
        if let Some(throttling) = modelled_as_retryable(service, operation, code) {
            return Some(if throttling { Self::Throttled } else { Self::Transient });
        }
        if matches!(code, "RequestTimeout" | "RequestTimeoutException") {
            return Some(Self::Timeout);
        }
        let by_name = (service.name == "sts" && code == "IDPCommunicationError")
            || (service.name == "dynamodb" && code == "CRC32CheckFailed");
        (by_name || matches!(failed.status, 500 | 502 | 503 | 504)).then_some(Self::Transient)
    }

    fn of_no_answer(failure: Failure) -> Option<Self> {
        match failure {
            Failure::ConnectTimeout | Failure::ReadTimeout => Some(Self::Timeout),
            Failure::Connect | Failure::Closed => Some(Self::Transient),
            // Asking again would get the same certificate.
            Failure::Tls => None,
        }
    }

    /// Seconds of the first wait at most.
    fn scale(self, service: &Service) -> f64 {
        match self {
            Self::Throttled => 1.0,
            _ if service.name.starts_with("dynamodb") => 0.025,
            _ => 0.05,
        }
    }
}

fn modelled_as_retryable(service: &Service, operation: &Operation, code: &str) -> Option<bool> {
    operation.errors.iter().find_map(|&id| {
        let shape = service.shape(id);
        let Kind::Structure(structure) = &shape.kind else { return None };
        let error = structure.error?;
        let retryable = error.retryable?;
        (error.code.unwrap_or(shape.name) == code).then_some(retryable.throttling)
    })
}

/// From 0 to 1.
fn random_fraction() -> f64 {
    let random = getrandom::u32().unwrap_or(u32::MAX);
    f64::from(random) / f64::from(u32::MAX)
}
