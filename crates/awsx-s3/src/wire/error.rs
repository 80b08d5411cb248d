//! What went wrong, taken from an answer or the lack of one.

use awsx_api::wire::Reason;
use awsx_api::wire::xml::Reader;
use awsx_api::{CallError, ServiceError};
use awsx_http::{Failure, RequestError};
use http::StatusCode;

/// Code and message of S3's error document; none if the text is no such thing.
fn parse(text: &str) -> Option<(String, String)> {
    let mut reader = Reader::new(text);
    if reader.root()? != "Error" {
        return None;
    }
    let (mut code, mut message) = (None, String::new());
    while let Some(name) = reader.child() {
        match name {
            "Code" => code = Some(reader.text().into_owned()),
            "Message" => message = reader.text().into_owned(),
            _ => reader.skip(),
        }
    }
    Some((code?, message))
}

/// The service's error; where the answer has no document, as that to `HEAD`, its status tells.
pub(super) fn service_error(operation: &'static str, status: StatusCode, body: &[u8]) -> ServiceError {
    let document = std::str::from_utf8(body).ok().and_then(parse);
    let (code, message) = document.unwrap_or_else(|| {
        let reason = status.canonical_reason().unwrap_or_default();
        (status.as_u16().to_string(), reason.to_owned())
    });
    ServiceError::new(operation, code, message, status.as_u16())
}

/// The error in an answer that says success: copying and completing begin to answer before they know.
pub(super) fn hidden_error(operation: &'static str, body: &[u8]) -> Option<ServiceError> {
    // Listings are long, and what they are is said first.
    let head = String::from_utf8_lossy(&body[..body.len().min(512)]);
    if Reader::new(&head).root() != Some("Error") {
        return None;
    }
    let (code, message) = parse(&String::from_utf8_lossy(body))?;
    Some(ServiceError::new(operation, code, message, StatusCode::INTERNAL_SERVER_ERROR.as_u16()))
}

/// Why a request may be made again, if so.
pub(super) fn reason_to_repeat(error: &CallError) -> Option<Reason> {
    match error {
        CallError::Service(error) => match (error.code.as_str(), error.status) {
            ("ServiceUnavailable", _) | (_, 429) => Some(Reason::Throttled),
            ("InternalError" | "OperationAborted", _) => Some(Reason::Transient),
            (code, status) => Reason::of_error(code, status),
        },
        CallError::Request(error) => Reason::of_no_answer(error.failure),
        _ => None,
    }
}

/// Whether the connection failed while an answer came, so that asking again may do.
pub(crate) fn connection_lost(error: &CallError) -> bool {
    matches!(error, CallError::Request(RequestError { failure: Failure::Closed | Failure::ReadTimeout, .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read_from_documents_or_the_status() {
        let text =
            b"<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>a &lt;b&gt;</Message></Error>";
        let error = service_error("GetObject", StatusCode::NOT_FOUND, text);
        assert_eq!((error.code.as_str(), error.message.as_str()), ("NoSuchKey", "a <b>"));
        let error = service_error("HeadObject", StatusCode::FORBIDDEN, b"");
        assert_eq!(
            error.to_string(),
            "An error occurred (403) when calling the HeadObject operation: Forbidden"
        );
        assert_eq!(service_error("GetObject", StatusCode::BAD_GATEWAY, b"<html>").code, "502");
    }

    #[test]
    fn an_error_behind_a_success_is_found_however_long_it_is() {
        let padding = "ü".repeat(400);
        let text = format!("<Error><Message>{padding}</Message><Code>InternalError</Code></Error>");
        let error = hidden_error("CopyObject", text.as_bytes()).unwrap();
        assert_eq!((error.code.as_str(), error.message.len()), ("InternalError", 800));
        assert_eq!(reason_to_repeat(&error.into()), Some(Reason::Transient));
        assert!(hidden_error("CopyObject", b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>").is_none());
        assert!(hidden_error("PutObject", b"").is_none());
    }
}
