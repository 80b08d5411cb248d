//! What a program is told: credentials, or why there are none.

use awsx_core::{Secret, timestamp};
use http::StatusCode;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::Credentials;

/// An answer's status and JSON.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Secret<String>,
}

/// SDKs want a token and an end also where keys have neither; then they ask again after an hour.
const WITHOUT_END: Duration = Duration::hours(1);

pub(super) fn credentials(credentials: &Credentials, now: OffsetDateTime) -> Answer {
    let token = credentials.session_token.as_ref().map_or("", |token| token.expose().as_str());
    let mut body = json!({
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.expose(),
        "Token": token,
        "Expiration": timestamp::zulu(credentials.expiration.unwrap_or(now + WITHOUT_END)),
    });
    if let Some(account) = &credentials.account_id {
        body["AccountId"] = json!(account);
    }
    Answer { status: StatusCode::OK, body: body.to_string().into() }
}

/// The form of errors that SDKs show to people.
pub(super) fn failure(message: &str) -> Answer {
    error(StatusCode::SERVICE_UNAVAILABLE, "CredentialsUnavailable", message)
}

pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    Answer { status, body: json!({ "Code": code, "Message": message }).to_string().into() }
}
