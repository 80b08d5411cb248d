//! What came of an SDK call that failed: the service's error, or no answer at all.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::RequestError;

/// An API call that failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service answered with an error.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// There was no answer.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The request could not be made, or the answer not be read.
    #[error("{0}")]
    Other(String),
}

/// An error that a service replied with, in AWS CLI's words.
#[derive(Debug, thiserror::Error)]
#[error(
    "An error occurred ({code}) when calling the {operation} operation{}: {message}",
    .retries.map(|retries| format!(" (reached max retries: {retries})")).unwrap_or_default()
)]
pub struct ServiceError {
    /// The operation, as in `GetCallerIdentity`.
    pub operation: &'static str,
    /// The error code, such as `AccessDenied`.
    pub code: String,
    /// The service's message, word for word.
    pub message: String,
    /// Further modelled fields of the error, in model order.
    pub details: Vec<(&'static str, String)>,
    /// The HTTP status.
    pub status: u16,
    /// How often the request was repeated, if that was as often as allowed.
    pub retries: Option<u32>,
}

/// Which attempt an answer belongs to; kept beside the answer by the client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    number: u32,
    limit: u32,
}

impl Attempt {
    /// Reads the SDK's own `amz-sdk-request: attempt=2; max=3`.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        let header = request.headers().get("amz-sdk-request")?;
        let field = |name: &str| {
            let mut fields = header.split(';').filter_map(|field| field.trim().split_once('='));
            fields.find(|(key, _)| *key == name)?.1.parse().ok()
        };
        Some(Self { number: field("attempt")?, limit: field("max")? })
    }

    fn retries_if_exhausted(self) -> Option<u32> {
        (self.number >= self.limit).then_some(self.number - 1)
    }
}

impl CallError {
    /// Takes the facts from the SDK's error.
    pub fn of<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        Self::with_details(operation, error, &[])
    }

    /// The same for a service whose errors, JSON objects, have these further members, in model order.
    pub fn with_details<E>(
        operation: &'static str,
        error: SdkError<E, HttpResponse>,
        members: &[&'static str],
    ) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match error {
            SdkError::ServiceError(failure) => {
                let raw = failure.raw();
                let status = raw.status().as_u16();
                let retries = raw.extension::<Attempt>().and_then(|attempt| attempt.retries_if_exhausted());
                let metadata = failure.err();
                Self::Service(ServiceError {
                    operation,
                    code: metadata.code().map_or_else(|| status.to_string(), str::to_owned),
                    message: metadata.message().unwrap_or_default().to_owned(),
                    details: details_of(raw, members),
                    status,
                    retries,
                })
            }
            other => Self::without_answer(&*other.into_source().unwrap_or_else(Into::into)),
        }
    }

    fn without_answer(error: &(dyn Error + 'static)) -> Self {
        match RequestError::find(error) {
            Some(found) => Self::Request(found.clone()),
            None => Self::Other(innermost(error).to_string()),
        }
    }

    /// The service's error, if there was one.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the service replied with this error code.
    pub fn is(&self, code: &str) -> bool {
        self.service().is_some_and(|error| error.code == code)
    }
}

fn details_of(answer: &HttpResponse, members: &[&'static str]) -> Vec<(&'static str, String)> {
    let parsed = || serde_json::from_slice::<serde_json::Value>(answer.body().bytes()?).ok();
    let Some(body) = (!members.is_empty()).then(parsed).flatten() else { return Vec::new() };
    members.iter().filter_map(|&name| Some((name, body.get(name)?.as_str()?.to_owned()))).collect()
}

/// The SDK wraps its causes several times over; the last one says what happened.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    std::iter::successors(Some(error), |&error| error.source())
        .last()
        .expect("the chain starts with the error")
}
