//! Sending: attempts, the waits between them, and what counts as an answer.

use std::time::{Duration, SystemTime};

use aws_smithy_types::body::SdkBody;
use awsx_http::{Failure, RequestError};
use awsx_model::{Kind, Operation, Service};
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::BodyExt;

use crate::body::Body;
use crate::checksum;
use crate::handlers;
use crate::protocol::{self, Answer, ErrorParts};
use crate::signing::{self, Signer};
use crate::target::Target;
use crate::{CallError, ClientConfig, Request, RetryMode, ServiceError};

/// A successful answer, its body still streaming.
pub(crate) struct Sent {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: SdkBody,
    pub(crate) url: String,
}

/// Sends a request until there is an answer that counts. `in_region` tells where another region is asked.
pub(crate) async fn send(
    service: &Service,
    operation: &'static Operation,
    config: &ClientConfig,
    mut request: Request,
    signer: &Signer,
    in_region: &dyn Fn(&str) -> Result<Target, CallError>,
) -> Result<Sent, CallError> {
    let mut attempts = Attempts::new(service, config);
    let invocation = uuid::Uuid::new_v4().to_string();
    let mut redirected = false;
    loop {
        request.set_header("amz-sdk-invocation-id", invocation.as_str());
        request.set_header("amz-sdk-request", attempts.header());
        let mut attempted = request.clone();
        signing::sign_headers(&mut attempted, signer, attempts.clock_of_service(config.clock.now()))?;
        let outcome = attempt(service, operation, config, &attempted).await?;
        let failed = match outcome {
            Outcome::Success(sent) => return Ok(sent),
            Outcome::Failed(failed) => failed,
        };
        if !redirected && let Some(region) = handlers::other_region(service, &request, &failed) {
            redirected = true;
            request.aim_at(in_region(&region)?);
            continue;
        }
        let Some(wait) = attempts.wait_after(service, operation, config, &failed) else {
            let retries = attempts.exhausted_after(service, operation, &failed);
            return Err(failed.into_error(operation, retries));
        };
        tokio::time::sleep(wait).await;
    }
}

enum Outcome {
    Success(Sent),
    Failed(Failed),
}

/// An attempt that did not succeed.
pub(crate) struct Failed {
    pub(crate) error: Result<ErrorParts, RequestError>,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Failed {
    pub(crate) fn code(&self) -> Option<&str> {
        self.error.as_ref().ok().map(|error| error.code.as_str())
    }

    fn into_error(self, operation: &'static Operation, retries: Option<u32>) -> CallError {
        let request_id = request_id(&self.headers);
        match self.error {
            Err(error) => error.into(),
            Ok(ErrorParts { code, message, fields }) => {
                let code = if code.is_empty() { "Unknown".to_owned() } else { code };
                let status = self.status;
                let operation = operation.name;
                CallError::Service(Box::new(ServiceError {
                    operation,
                    code,
                    message,
                    fields,
                    status,
                    request_id,
                    retries,
                }))
            }
        }
    }
}

async fn attempt(
    service: &Service,
    operation: &Operation,
    config: &ClientConfig,
    request: &Request,
) -> Result<Outcome, CallError> {
    let no_answer = |error| {
        Outcome::Failed(Failed {
            error: Err(error),
            status: 0,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    };
    let response = match config.http.send(to_http(request)?).await {
        Ok(response) => response,
        Err(error) => return Ok(no_answer(error)),
    };
    let (parts, mut body) = response.into_parts();
    let mut status = parts.status.as_u16();
    if status < 300 {
        if !handlers::may_hide_an_error(service, operation) {
            return Ok(Outcome::Success(Sent {
                status,
                headers: parts.headers,
                body,
                url: request.url.clone(),
            }));
        }
        let whole = match collect(&mut body, &request.url).await {
            Ok(whole) => whole,
            Err(CallError::Request(error)) => return Ok(no_answer(error)),
            Err(other) => return Err(other),
        };
        if !handlers::hides_an_error(status, &whole) {
            let (headers, body) = (parts.headers, SdkBody::from(whole));
            return Ok(Outcome::Success(Sent { status, headers, body, url: request.url.clone() }));
        }
        status = 500;
        return Ok(Outcome::Failed(refused(service, config, status, parts.headers, whole)));
    }
    match collect(&mut body, &request.url).await {
        Ok(whole) => Ok(Outcome::Failed(refused(service, config, status, parts.headers, whole))),
        Err(CallError::Request(error)) => Ok(no_answer(error)),
        Err(other) => Err(other),
    }
}

fn refused(service: &Service, config: &ClientConfig, status: u16, headers: HeaderMap, body: Bytes) -> Failed {
    let body = handlers::error_body(service, body);
    let error = protocol::parse_error(
        service,
        &Answer { status, headers: &headers, body: &body },
        &config.timestamps,
    );
    Failed { error: Ok(error), status, headers, body }
}

fn to_http(request: &Request) -> Result<http::Request<SdkBody>, CallError> {
    let mut built = http::Request::builder().method(request.method.as_str()).uri(request.url.as_str());
    for (name, value) in &request.headers {
        built = built.header(
            name,
            http::HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
                CallError::Input(format!("Invalid header value: `{name}` may hold visible characters only"))
            })?,
        );
    }
    let body = match (&request.body, request.trailer) {
        (body, Some(algorithm)) => checksum::chunked(body, algorithm)?,
        (Body::Bytes(bytes), None) => SdkBody::from(bytes.as_slice()),
        (Body::File(path), None) => crate::body::stream(path)?,
    };
    built.body(body).map_err(|error| CallError::Input(format!("Invalid request: {error}")))
}

/// The whole body.
pub(crate) async fn collect(body: &mut SdkBody, url: &str) -> Result<Bytes, CallError> {
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => Err(broken_off(url, &*error)),
    }
}

/// An answer that ended before its end.
pub(crate) fn broken_off(url: &str, error: &(dyn std::error::Error + 'static)) -> CallError {
    let found = RequestError::find(error).cloned();
    let error = found.unwrap_or_else(|| RequestError {
        failure: Failure::Closed,
        url: url.to_owned(),
        cause: error.to_string(),
    });
    CallError::Request(error)
}

/// The id by which AWS finds a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let found = headers.get("x-amzn-requestid").or_else(|| headers.get("x-amz-request-id"))?;
    found.to_str().ok().map(str::to_owned)
}

/// How often a request was sent, and what may still be spent on it.
struct Attempts {
    number: u32,
    limit: u32,
    /// What repeats cost; each comes out of this.
    budget: u32,
    /// How far the service's clock is ahead of ours.
    skew: Skew,
}

#[derive(Default)]
struct Skew {
    ahead: Duration,
    behind: Duration,
    corrected: bool,
}

/// A repeat may be made while this lasts.
const BUDGET: u32 = 500;
const COST: u32 = 5;
const COST_AFTER_TIMEOUT: u32 = 10;
const LONGEST_WAIT: f64 = 20.0;
/// Signatures are good for five minutes, so clocks may differ by a little less.
const TOLERATED_SKEW: Duration = Duration::from_mins(4);

impl Attempts {
    fn new(service: &Service, config: &ClientConfig) -> Self {
        // DynamoDB's older rules repeat more often.
        let limit = match (config.retry.mode, service.name) {
            (RetryMode::Legacy, "dynamodb") if config.retry.max_attempts == 5 => 10,
            _ => config.retry.max_attempts.max(1),
        };
        Self { number: 1, limit, budget: BUDGET, skew: Skew::default() }
    }

    fn header(&self) -> String {
        format!("attempt={}; max={}", self.number, self.limit)
    }

    fn clock_of_service(&self, now: SystemTime) -> SystemTime {
        now + self.skew.ahead - self.skew.behind
    }

    /// How long to wait for the next attempt, if there is to be one.
    fn wait_after(
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
            self.budget = self.budget.checked_sub(cost)?;
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

    /// The number of repeats, if there were as many as allowed and another would have been made.
    fn exhausted_after(&self, service: &Service, operation: &Operation, failed: &Failed) -> Option<u32> {
        let would_repeat = Reason::of(service, operation, failed).is_some();
        (would_repeat && self.number >= self.limit && self.limit > 1).then_some(self.number - 1)
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
enum Reason {
    Transient,
    Timeout,
    Throttled,
}

impl Reason {
    fn of(service: &Service, operation: &Operation, failed: &Failed) -> Option<Self> {
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
