//! Opens sessions of directory buckets (S3 Express One Zone).

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use awsx_api::CallError;
use http::Method;

use super::xml::Reader;
use super::{Call, S3};

/// What opens them.
pub(super) const OPERATION: &str = "CreateSession";

/// The keys of a new session.
pub(super) async fn open(s3: &S3, bucket: &str) -> Result<Credentials, CallError> {
    let call = Call::bucket(OPERATION, Method::GET, bucket).query("session", "");
    // The future of a request would hold itself, since signing a request may open a session.
    let answer = Box::pin(s3.fetch(call)).await?;
    let text = answer.text();
    let mut reader = Reader::new(&text);
    let (mut key, mut secret, mut token, mut ends) = (None, None, None, None);
    reader.root();
    while let Some(name) = reader.child() {
        if name != "Credentials" {
            reader.skip();
            continue;
        }
        while let Some(name) = reader.child() {
            let text = reader.text().into_owned();
            match name {
                "AccessKeyId" => key = Some(text),
                "SecretAccessKey" => secret = Some(text),
                "SessionToken" => token = Some(text),
                "Expiration" => ends = DateTime::from_str(&text, Format::DateTime).ok(),
                _ => {}
            }
        }
    }
    let incomplete = || CallError::Answer("the answer to CreateSession holds no credentials".to_owned());
    Ok(Credentials::new(
        key.ok_or_else(incomplete)?,
        secret.ok_or_else(incomplete)?,
        Some(token.ok_or_else(incomplete)?),
        ends.and_then(|ends| SystemTime::try_from(ends).ok()),
        "s3express",
    ))
}
