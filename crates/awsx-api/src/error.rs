//! What came of a call that failed.

use std::path::PathBuf;

use awsx_http::RequestError;
use awsx_output::Map;

use crate::protocol::{AnswerError, InputError};

/// A call that failed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service answered with an error.
    #[error(transparent)]
    Service(#[from] Box<ServiceError>),
    /// There was no answer.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The input cannot be sent, in botocore's words.
    #[error("{0}")]
    Input(String),
    /// The service needs a region.
    #[error("You must specify a region.")]
    NoRegion,
    /// The request needs a signature, and there are no credentials.
    #[error("Unable to locate credentials")]
    NoCredentials,
    /// The provider of credentials failed.
    #[error("{0}")]
    Credentials(String),
    /// The request needs a bearer token.
    #[error("Unable to locate authorization token")]
    NoToken,
    /// The service's rules refuse these settings, in their own words.
    #[error("{0}")]
    Endpoint(String),
    /// The request could not be signed.
    #[error("could not sign the request: {0}")]
    Signing(String),
    /// A file that is to be sent could not be read.
    #[error("could not read `{}`", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is to be sent could not be read.
    #[error(transparent)]
    Body(std::io::Error),
    /// The answer could not be read.
    #[error("{0}")]
    Answer(String),
    /// Something else, on this side.
    #[error("{0}")]
    Other(String),
    /// The answer is not what the service sent.
    #[error("Expected checksum {expected} did not match calculated checksum: {calculated}")]
    Checksum {
        /// What the service said.
        expected: String,
        /// What came.
        calculated: String,
    },
}

impl CallError {
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

impl ServiceError {
    /// One of which no more is known.
    pub fn new(operation: &'static str, code: String, message: String, status: u16) -> Self {
        let fields = Map::from_iter([("Code", code.as_str().into()), ("Message", message.as_str().into())]);
        Self { operation, code, message, fields, status, request_id: None, retries: None }
    }
}

impl From<ServiceError> for CallError {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}

/// An error that a service replied with, in AWS CLI's words.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "An error occurred ({code}) when calling the {operation} operation{}: {message}",
    .retries.map(|retries| format!(" (reached max retries: {retries})")).unwrap_or_default()
)]
pub struct ServiceError {
    /// The operation, as in `GetCallerIdentity`.
    pub operation: &'static str,
    /// The error code, such as `AccessDenied`; `Unknown` where none came.
    pub code: String,
    /// The service's message, word for word.
    pub message: String,
    /// `Code` and `Message` in the order they came, then the members that the model has for this error, in its order.
    pub fields: Map,
    /// The HTTP status.
    pub status: u16,
    /// The id by which AWS finds the request.
    pub request_id: Option<String>,
    /// How often the request was repeated, if that was as often as allowed.
    pub retries: Option<u32>,
}

impl From<InputError> for CallError {
    fn from(error: InputError) -> Self {
        Self::Input(error.0)
    }
}

impl From<AnswerError> for CallError {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error.0)
    }
}
