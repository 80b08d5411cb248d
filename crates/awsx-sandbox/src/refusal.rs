//! How each protocol says no: a status, a code and a sentence, in the service's own format.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::html::escape;

/// A service's error before it is put into the service's format.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }

    pub(crate) fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn forbidden(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NoSuchEntity", message)
    }

    pub(crate) fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// SSO-OIDC: an OAuth error whose name is the exception's, `SlowDownException` being `slow_down`.
    pub(crate) fn into_oidc_response(self) -> Response {
        let error = oauth_name(&self.code);
        let body = json!({ "error": error, "error_description": self.message });
        json_response(self.status, &self.code, &body)
    }

    /// Console login: the code is an OAuth one, and the exception follows from it.
    pub(crate) fn into_signin_response(self) -> Response {
        let exception = match self.code.as_str() {
            "TOKEN_EXPIRED"
            | "AUTHCODE_EXPIRED"
            | "USER_CREDENTIALS_CHANGED"
            | "INSUFFICIENT_PERMISSIONS" => "AccessDeniedException",
            _ if self.status == StatusCode::TOO_MANY_REQUESTS => "TooManyRequestsError",
            _ if self.status.is_server_error() => "InternalServerException",
            _ => "ValidationException",
        };
        let body = json!({ "error": self.code, "message": self.message });
        json_response(self.status, exception, &body)
    }

    /// The SSO portal.
    pub(crate) fn into_portal_response(self) -> Response {
        let shape = format!("com.amazonaws.switchboard.portal#{}", self.code);
        let body = json!({ "message": self.message, "__type": shape });
        json_response(self.status, &self.code, &body)
    }

    /// STS and IAM.
    pub(crate) fn into_query_response(self, namespace: &str) -> Response {
        let fault = if self.status.is_server_error() { "Receiver" } else { "Sender" };
        let body = format!(
            "<ErrorResponse xmlns=\"{namespace}\">\n  <Error>\n    <Type>{fault}</Type>\n    <Code>{}</Code>\n    \
             <Message>{}</Message>\n  </Error>\n  <RequestId>{}</RequestId>\n</ErrorResponse>\n",
            escape(&self.code),
            escape(&self.message),
            uuid::Uuid::new_v4(),
        );
        (self.status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
    }

    /// S3, which answers HEAD without a body.
    pub(crate) fn into_s3_response(self, method: &http::Method) -> Response {
        if method == http::Method::HEAD {
            return self.status.into_response();
        }
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message><RequestId>{}</RequestId></Error>",
            escape(&self.code),
            escape(&self.message),
            uuid::Uuid::new_v4(),
        );
        (self.status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
    }
}

fn json_response(status: StatusCode, code: &str, body: &serde_json::Value) -> Response {
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    if let Ok(code) = HeaderValue::from_str(code) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

fn oauth_name(exception: &str) -> String {
    let mut name = String::new();
    for letter in exception.trim_end_matches("Exception").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_have_their_oauth_names() {
        assert_eq!(oauth_name("AuthorizationPendingException"), "authorization_pending");
        assert_eq!(oauth_name("InvalidGrantException"), "invalid_grant");
    }
}
