//! Sessions of directory buckets (S3 Express One Zone): keys for five minutes, one set per bucket.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use awsx_http::CallError;
use http::Method;
use tokio::sync::Mutex;

use super::xml::Reader;
use super::{Call, S3};

/// A session is not used for the last moments of its life.
const MARGIN: Duration = Duration::from_mins(1);

/// The sessions that are open.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions(Arc<Mutex<HashMap<String, (Identity, SystemTime)>>>);

impl Sessions {
    /// The keys for a bucket; whoever asks first opens the session, the others wait for it.
    pub(super) async fn identity(&self, s3: &S3, bucket: &str) -> Result<Identity, CallError> {
        let mut sessions = self.0.lock().await;
        if let Some((identity, ends)) = sessions.get(bucket)
            && s3.now() + MARGIN < *ends
        {
            return Ok(identity.clone());
        }
        let (credentials, ends) = create(s3, bucket).await?;
        let identity = Identity::from(credentials);
        sessions.insert(bucket.to_owned(), (identity.clone(), ends));
        Ok(identity)
    }
}

async fn create(s3: &S3, bucket: &str) -> Result<(Credentials, SystemTime), CallError> {
    let call = Call::bucket("CreateSession", Method::GET, bucket).query("session", "");
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
    let incomplete = || CallError::Other("the answer to CreateSession holds no credentials".to_owned());
    let ends = ends.and_then(|ends| SystemTime::try_from(ends).ok()).unwrap_or_else(|| s3.now() + 5 * MARGIN);
    let credentials = Credentials::new(
        key.ok_or_else(incomplete)?,
        secret.ok_or_else(incomplete)?,
        Some(token.ok_or_else(incomplete)?),
        Some(ends),
        "s3express",
    );
    Ok((credentials, ends))
}
