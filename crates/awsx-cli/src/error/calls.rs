//! Errors of calls: what did not reach a service, and what services answer.

use awsx_api::pages::PagesError;
use awsx_api::waiter::WaitError;
use awsx_http::{CallError, RequestError, ServiceError, WebSocketError};

use super::{CommandError, Kind, ServiceFields};
use crate::context;

impl From<RequestError> for CommandError {
    fn from(error: RequestError) -> Self {
        Self::general(error.to_string()).caused_by(&error.cause)
    }
}

impl From<CallError> for CommandError {
    fn from(error: CallError) -> Self {
        let message = error.to_string();
        match error {
            CallError::Service(error) => {
                let mut shown = Self::new(Kind::Service, message);
                let ServiceError { code, message, details, .. } = error;
                let details =
                    details.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                shown.more.service = Some(ServiceFields { code, message, details, ordered: None });
                shown
            }
            CallError::Request(error) => error.into(),
            CallError::Other(_) => Self::general(message),
        }
    }
}

impl From<awsx_api::CallError> for CommandError {
    fn from(error: awsx_api::CallError) -> Self {
        use awsx_api::CallError as Error;
        let message = error.to_string();
        match error {
            Error::Service(mut error) => {
                explain_s3(&mut error);
                let mut shown = Self::new(Kind::Service, error.to_string());
                let awsx_api::ServiceError { code, message, fields, .. } = *error;
                shown.more.service = Some(ServiceFields::of(code, message, fields));
                shown
            }
            Error::Request(error) => error.into(),
            Error::Input(_) => Self::usage(message),
            Error::NoRegion => context::no_region(),
            Error::NoCredentials => context::no_credentials(),
            Error::File { source, .. } => Self::general(message).caused_by(&source),
            Error::Credentials(_)
            | Error::NoToken
            | Error::Endpoint(_)
            | Error::Signing(_)
            | Error::Body(_)
            | Error::Answer(_)
            | Error::Other(_)
            | Error::Checksum { .. } => Self::general(message),
        }
    }
}

impl From<PagesError> for CommandError {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::Call(error) => error.into(),
            PagesError::Input(_) => Self::usage(error.to_string()),
            PagesError::StartingToken(_)
            | PagesError::SameToken(_)
            | PagesError::PageSize
            | PagesError::Model(_) => Self::general(error.to_string()),
        }
    }
}

impl From<WaitError> for CommandError {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::Call(error) => error.into(),
            WaitError::Failed { .. } | WaitError::Model(_) | WaitError::UnknownOperation { .. } => {
                Self::general(error.to_string())
            }
        }
    }
}

impl From<WebSocketError> for CommandError {
    fn from(error: WebSocketError) -> Self {
        let message = error.to_string();
        match error {
            WebSocketError::Request(error) => error.into(),
            WebSocketError::BrokenOff(cause) => Self::general(message).caused_by(&cause),
            WebSocketError::Refused { .. } | WebSocketError::Invalid | WebSocketError::Closed { .. } => {
                Self::general(message)
            }
        }
    }
}

/// The service's error as it is shown: S3's own words are of little help in a few cases, and no other service has these.
pub(crate) fn explained(error: &awsx_api::CallError) -> Option<awsx_api::ServiceError> {
    let mut error = error.service()?.clone();
    explain_s3(&mut error);
    Some(error)
}

/// Says more of what S3 says in its own terms, in AWS CLI's words.
fn explain_s3(error: &mut awsx_api::ServiceError) {
    let message = &error.message;
    let message = if message.contains("Please use AWS4-HMAC-SHA256") {
        format!(
            "You are attempting to operate on a bucket in a region that requires Signature Version 4.  {OTHER_REGION}"
        )
    } else if message.contains("AWS KMS managed keys require AWS Signature Version 4") {
        format!(
            "{message} You can enable AWS Signature Version 4 by running the command: \nawsx configure set \
             s3.signature_version s3v4"
        )
    } else {
        return;
    };
    error.fields.insert("Message", message.as_str());
    error.message = message;
}

const OTHER_REGION: &str = "You can fix this issue by explicitly providing the correct region location using the \
    --region argument, the AWS_DEFAULT_REGION environment variable, or the region variable in the AWS CLI \
    configuration file.  You can get the bucket's location by running \"awsx s3api get-bucket-location --bucket \
    BUCKET\".";
