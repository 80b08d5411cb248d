//! Sending: attempts, the waits between them, and what counts as an answer.

mod reason;

use aws_smithy_types::body::SdkBody;
use awsx_http::{Failure, RequestError};
use awsx_model::{Operation, Service};
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::body::Body;
use crate::checksum;
use crate::handlers;
use crate::protocol::{self, Answer, ErrorParts};
use crate::signing::{self, Signer};
use crate::wire::{Limits, Target, asked_wait};
use crate::{CallError, ClientConfig, Request, ServiceError};

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
    limits: &Limits,
    mut request: Request,
    mut signer: Signer,
    in_region: &dyn Fn(&str) -> Result<Target, CallError>,
) -> Result<Sent, CallError> {
    let mut attempts = reason::attempts(service, config, limits);
    let invocation = uuid::Uuid::new_v4().to_string();
    loop {
        request.set_header("amz-sdk-invocation-id", invocation.as_str());
        request.set_header("amz-sdk-request", attempts.header());
        attempts.begin().await;
        let mut written = to_http(&request)?;
        let signed_at = limits.skew.correct(config.clock.now());
        signing::sign(&mut written, &request, &signer, signed_at)?;
        let failed = match attempt(service, operation, config, written, &request.url).await? {
            Outcome::Success(sent) => {
                attempts.succeeded();
                return Ok(sent);
            }
            Outcome::Failed(failed) => failed,
        };
        if let Some(region) = handlers::other_region(service, &request, &failed)
            && attempts.may_cure()
        {
            request.aim_at(in_region(&region)?);
            continue;
        }
        if let Some(code) = failed.code()
            && (limits.skew.learn(code, &failed.headers, signed_at, config.clock.now())
                || signer.replace(code, signed_at).await?)
            && attempts.may_cure()
        {
            continue;
        }
        let reason = reason::reason(service, operation, &failed);
        let Some(wait) = attempts.wait_after(reason, asked_wait(&failed.headers)) else {
            return Err(failed.into_error(operation, attempts.exhausted_after(reason)));
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
    request: http::Request<SdkBody>,
    url: &str,
) -> Result<Outcome, CallError> {
    let no_answer = |error| {
        Outcome::Failed(Failed {
            error: Err(error),
            status: 0,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    };
    let response = match config.http.send(request).await {
        Ok(response) => response,
        Err(error) => return Ok(no_answer(RequestError { url: url.to_owned(), ..error })),
    };
    let (parts, mut body) = response.into_parts();
    let (status, headers) = (parts.status.as_u16(), parts.headers);
    let is_success = status < 300;
    if is_success && handlers::streams_output(service, operation) {
        return Ok(Outcome::Success(Sent { status, headers, body, url: url.to_owned() }));
    }
    // An answer that is cut off counts as none.
    let whole = match collect(&mut body, url).await {
        Ok(whole) => whole,
        Err(CallError::Request(error)) => return Ok(no_answer(error)),
        Err(other) => return Err(other),
    };
    if !is_success {
        return Ok(Outcome::Failed(refused(service, config, status, headers, whole)));
    }
    if handlers::may_hide_an_error(service, operation) && handlers::hides_an_error(status, &whole) {
        return Ok(Outcome::Failed(refused(service, config, 500, headers, whole)));
    }
    Ok(Outcome::Success(Sent { status, headers, body: SdkBody::from(whole), url: url.to_owned() }))
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

/// What is read of an answer that is no stream, in bytes: far beyond what any service sends.
const LONGEST_ANSWER: usize = 256 * 1024 * 1024;

/// The whole body.
pub(crate) async fn collect(body: &mut SdkBody, url: &str) -> Result<Bytes, CallError> {
    let too_long = || {
        let mebibytes = LONGEST_ANSWER / 1024 / 1024;
        CallError::Answer(format!("The answer from endpoint URL \"{url}\" is longer than {mebibytes} MiB"))
    };
    if http_body::Body::size_hint(body).lower() > LONGEST_ANSWER as u64 {
        return Err(too_long());
    }
    match Limited::new(body, LONGEST_ANSWER).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_long()),
        Err(error) => Err(broken_off(url, &*error)),
    }
}

/// The next bytes of a body; none after the last ones.
pub(crate) async fn next_bytes(body: &mut SdkBody, url: &str) -> Result<Option<Bytes>, CallError> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken_off(url, &*error))?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
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
