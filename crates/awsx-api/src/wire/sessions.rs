//! Sessions of directory buckets (S3 Express One Zone): keys for five minutes, one set per bucket.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::identity::Identity;
use tokio::sync::Mutex;

/// How long a session lasts whose end is not told.
const USUAL: Duration = Duration::from_mins(5);
/// A session is not used for the last moments of its life.
const MARGIN: Duration = Duration::from_mins(1);

/// The sessions that are open. Clones share them.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, (Identity, SystemTime)>>>);

impl Sessions {
    /// The keys for a bucket. Whoever asks first opens the session, the others wait for it; `open` is polled only then.
    ///
    /// # Errors
    ///
    /// Those of opening.
    pub async fn identity<E>(
        &self,
        bucket: &str,
        now: SystemTime,
        open: impl Future<Output = Result<Credentials, E>>,
    ) -> Result<Identity, E> {
        let mut sessions = self.0.lock().await;
        if let Some((identity, ends)) = sessions.get(bucket)
            && now + MARGIN < *ends
        {
            return Ok(identity.clone());
        }
        let credentials = open.await?;
        let ends = credentials.expiry().unwrap_or(now + USUAL);
        let identity = Identity::from(credentials);
        sessions.insert(bucket.to_owned(), (identity.clone(), ends));
        Ok(identity)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_session_is_opened_once_and_again_before_its_end() {
        let sessions = Sessions::default();
        let start = SystemTime::UNIX_EPOCH;
        let open = |id: &str, end: u64| {
            let end = start + Duration::from_secs(end);
            let credentials = Credentials::new(id, "secret", Some("token".to_owned()), Some(end), "test");
            async move { Ok::<_, ()>(credentials) }
        };
        let mut keys = Vec::new();
        for (second, bucket) in [(0, "a"), (200, "a"), (239, "b"), (240, "a"), (241, "a")] {
            let now = start + Duration::from_secs(second);
            let opened = open(&format!("KEY{second}"), second + 300);
            let identity = sessions.identity(bucket, now, opened).await.unwrap();
            keys.push(identity.data::<Credentials>().unwrap().access_key_id().to_owned());
        }
        assert_eq!(keys, ["KEY0", "KEY0", "KEY239", "KEY240", "KEY240"]);
    }
}
