//! Errors that do not look like ones.

use awsx_model::{Kind, Operation, Service};
use bytes::Bytes;

/// Whether an answer that says success may be an error: S3 says so before it has finished.
pub(crate) fn may_hide_an_error(service: &Service, operation: &Operation) -> bool {
    if service.name != "s3" {
        return false;
    }
    let Some(output) = service.output(operation) else { return false };
    !output.payload().is_some_and(|member| match &service.shape(member.shape).kind {
        Kind::Blob(_) | Kind::String { .. } => true,
        Kind::Structure(events) => events.event_stream,
        _ => false,
    })
}

/// Whether it is one: an error's document, or half of a document.
pub(crate) fn hides_an_error(status: u16, body: &[u8]) -> bool {
    status == 200 && !body.is_empty() && crate::protocol::xml_root(body).is_none_or(|root| root == "Error")
}

/// Identity Center's sign-in has its messages where OAuth puts them.
pub(crate) fn error_body(service: &Service, body: Bytes) -> Bytes {
    if service.name != "sso-oidc" {
        return body;
    }
    let Ok(serde_json::Value::Object(mut error)) = serde_json::from_slice(&body) else { return body };
    let has_message = ["message", "Message"].iter().any(|key| error.get(*key).is_some_and(|text| text != ""));
    match error.get("error_description").cloned() {
        Some(message) if !has_message && message != "" => {
            error.insert("Message".to_owned(), message);
            serde_json::Value::Object(error).to_string().into()
        }
        _ => body,
    }
}
