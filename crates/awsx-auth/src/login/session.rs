//! A session as it lies in the cache, in AWS CLI's order of keys.

use awsx_core::store::{JsonCache, StoreError, hash};
use awsx_core::{Env, Secret, timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::dpop::DpopKey;
use crate::{Credentials, Method};

/// The keys last 15 minutes; they are renewed when this much or less is left, as by AWS CLI and the SDKs.
const RENEW_BEFORE: Duration = Duration::minutes(5);

/// The session's file. Every field may be missing: other tools write it too.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) access_token: Option<AccessToken>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<Secret<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id_token: Option<Secret<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dpop_key: Option<Secret<String>>,
    /// What another tool added is kept.
    #[serde(flatten)]
    pub(super) others: Map<String, Value>,
}

/// The keys that requests are signed with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessToken {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: Secret<String>,
    pub(super) session_token: Secret<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account_id: Option<String>,
    pub(super) expires_at: String,
}

/// A file with all that it takes to renew its keys.
pub(super) struct Session {
    pub(super) credentials: Credentials,
    pub(super) expires_at: OffsetDateTime,
    pub(super) client_id: String,
    pub(super) refresh_token: Secret<String>,
    /// The key as it lies there; reading it is left to whoever needs it.
    dpop_key: Secret<String>,
}

/// Where sessions are kept: `AWS_LOGIN_CACHE_DIRECTORY`, else the usual folder.
pub(super) fn session_cache(env: &Env) -> JsonCache {
    let folder = env.var_filled("AWS_LOGIN_CACHE_DIRECTORY").unwrap_or("~/.aws/login/cache");
    JsonCache::new(env.expand_path(folder))
}

/// AWS CLI's file name: the SHA-256 of the session's ARN.
pub(super) fn file_name(session: &str) -> String {
    format!("{}.json", hash::sha256_hex(session))
}

/// When the kept keys of a session end, or ended; none if there are none.
pub fn kept_until(env: &Env, session: &str) -> Result<Option<OffsetDateTime>, StoreError> {
    let file = session_cache(env).read::<SessionFile>(&file_name(session))?;
    Ok(file.and_then(|file| file.session()).map(|session| session.expires_at))
}

impl SessionFile {
    /// The session; none if a field that it needs is missing.
    pub(super) fn session(&self) -> Option<Session> {
        let token = self.access_token.as_ref()?;
        let expires_at = timestamp::parse(&token.expires_at)?;
        Some(Session {
            credentials: token.credentials(expires_at),
            expires_at,
            client_id: self.client_id.clone()?,
            refresh_token: self.refresh_token.clone()?,
            dpop_key: self.dpop_key.clone()?,
        })
    }
}

impl AccessToken {
    fn credentials(&self, expires_at: OffsetDateTime) -> Credentials {
        Credentials {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: Some(self.session_token.clone()),
            expiration: Some(expires_at),
            account_id: self.account_id.clone(),
            method: Method::Login,
        }
    }
}

impl Session {
    /// Whether its keys need not be renewed yet.
    pub(super) fn lasts(&self, now: OffsetDateTime) -> bool {
        self.expires_at - now > RENEW_BEFORE
    }

    /// The key; none if it cannot be read.
    pub(super) fn key(&self) -> Option<DpopKey> {
        DpopKey::parse_pem(self.dpop_key.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_lie_where_the_sdks_look_for_them() {
        let env = Env::of([("HOME", "/h"), ("TEAM", "blue")]);
        assert_eq!(session_cache(&env).dir.to_str(), Some("/h/.aws/login/cache"));
        let env = Env::of([("HOME", "/h"), ("TEAM", "b"), ("AWS_LOGIN_CACHE_DIRECTORY", "~/$TEAM/c")]);
        assert_eq!(session_cache(&env).dir.to_str(), Some("/h/b/c"));
        // A published name of the SDKs' common test cases.
        assert_eq!(
            file_name("arn:aws:sts::012345678910:assumed-role/Admin/admin"),
            "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json"
        );
    }

    #[test]
    fn fields_keep_their_order_and_those_of_others_stay() {
        let text = r#"{"accessToken":{"accessKeyId":"A","secretAccessKey":"S","sessionToken":"T","accountId":"1","expiresAt":"2030-01-01T00:00:00Z"},"tokenType":"aws_sigv4","clientId":"c","refreshToken":"r","idToken":"i","dpopKey":"k","added":{"by":"others"}}"#;
        let file: SessionFile = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&file).unwrap(), text);
        let session = file.session().unwrap();
        let end = session.expires_at;
        assert!(session.lasts(end - Duration::seconds(301)) && !session.lasts(end - Duration::minutes(5)));
        for field in ["accessToken", "clientId", "refreshToken", "dpopKey"] {
            let mut json: Value = serde_json::from_str(text).unwrap();
            json.as_object_mut().unwrap().remove(field);
            let file: SessionFile = serde_json::from_value(json).unwrap();
            assert!(file.session().is_none(), "{field}");
        }
    }
}
