//! Why a request got no answer, in AWS CLI's words.

use std::error::Error;
use std::io;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use http::Uri;

/// What went wrong before an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection: name not found, refused, unreachable.
    Connect,
    /// No connection within the limit.
    ConnectTimeout,
    /// A connection on which nothing came within the limit.
    ReadTimeout,
    /// The certificate or the TLS handshake was refused.
    Tls,
    /// The connection ended before the answer did.
    Closed,
}

/// A request that got no answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", self.text())]
pub struct RequestError {
    /// What went wrong.
    pub failure: Failure,
    /// The URL asked.
    pub url: String,
    /// The innermost cause, such as `Connection refused (os error 111)`.
    pub cause: String,
}

impl RequestError {
    #[expect(clippy::needless_pass_by_value, reason = "errors come boxed")]
    pub(crate) fn new(uri: &Uri, source: BoxError) -> Self {
        let cause = causes(&*source).last().expect("the first cause is the error itself").to_string();
        Self { failure: classify(&*source), url: uri.to_string(), cause }
    }

    fn text(&self) -> String {
        let url = &self.url;
        match self.failure {
            Failure::Connect => format!("Could not connect to the endpoint URL: \"{url}\""),
            Failure::ConnectTimeout => format!("Connect timeout on endpoint URL: \"{url}\""),
            Failure::ReadTimeout => format!("Read timeout on endpoint URL: \"{url}\""),
            Failure::Tls => format!("SSL validation failed for {url}"),
            Failure::Closed => format!(
                "Connection was closed before we received a valid response from endpoint URL: \"{url}\"."
            ),
        }
    }

    /// The first `RequestError` among an error and its causes.
    pub fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        causes(error).find_map(|cause| cause.downcast_ref())
    }
}

/// A connection that was not there in time.
#[derive(Debug, thiserror::Error)]
#[error("no connection within the limit")]
pub(crate) struct ConnectTimedOut;

impl From<RequestError> for ConnectorError {
    fn from(error: RequestError) -> Self {
        match error.failure {
            Failure::ConnectTimeout | Failure::ReadTimeout => Self::timeout(error.into()),
            Failure::Connect => Self::io(error.into()).never_connected(),
            Failure::Closed => Self::io(error.into()),
            // Asking again would get the same certificate.
            Failure::Tls => Self::user(error.into()),
        }
    }
}

fn classify(error: &(dyn Error + 'static)) -> Failure {
    let mut failure = Failure::Closed;
    for cause in causes(error) {
        if cause.is::<rustls::Error>() {
            return Failure::Tls;
        } else if cause.is::<ConnectTimedOut>() {
            return Failure::ConnectTimeout;
        } else if let Some(legacy) = cause.downcast_ref::<hyper_util::client::legacy::Error>() {
            if legacy.is_connect() {
                failure = Failure::Connect;
            }
        } else if let Some(io) = cause.downcast_ref::<io::Error>() {
            if holds_tls_error(io) {
                return Failure::Tls;
            }
            if io.kind() == io::ErrorKind::TimedOut && failure == Failure::Closed {
                return Failure::ReadTimeout;
            }
        }
    }
    failure
}

/// rustls hands its errors on inside I/O errors, nested even, where `source()` does not see them.
fn holds_tls_error(error: &io::Error) -> bool {
    let Some(inner) = error.get_ref() else { return false };
    inner.is::<rustls::Error>() || inner.downcast_ref::<io::Error>().is_some_and(holds_tls_error)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
