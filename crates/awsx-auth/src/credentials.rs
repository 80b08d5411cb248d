//! Credentials and how they were found.

use aws_credential_types::Credentials as SdkCredentials;
use awsx_core::{Secret, timestamp};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How credentials were found; the names are botocore's, which `configure list` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Environment variables.
    Environment,
    /// Keys in the credentials file.
    SharedCredentialsFile,
    /// Keys in the config file.
    ConfigFile,
    /// An Identity Center role.
    Sso,
    /// STS `AssumeRole`.
    AssumeRole,
    /// STS `AssumeRoleWithWebIdentity`.
    WebIdentity,
    /// A console-credential login.
    Login,
    /// A `credential_process`.
    Process,
    /// The file of the first EC2 tools.
    Ec2CredentialsFile,
    /// boto's own file.
    BotoConfig,
    /// A container's service.
    Container,
    /// EC2's instance metadata service.
    Instance,
    /// STS `GetSessionToken`, or `GetFederationToken`.
    SessionToken,
}

impl Method {
    /// botocore's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "env",
            Self::SharedCredentialsFile => "shared-credentials-file",
            Self::ConfigFile => "config-file",
            Self::Sso => "sso",
            Self::AssumeRole => "assume-role",
            Self::WebIdentity => "assume-role-with-web-identity",
            Self::Login => "login",
            Self::Process => "custom-process",
            Self::Ec2CredentialsFile => "ec2-credentials-file",
            Self::BotoConfig => "boto-config",
            Self::Container => "container-role",
            Self::Instance => "iam-role",
            Self::SessionToken => "session-token",
        }
    }
}

/// Keys to sign requests with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `AKIA…` for long-term, `ASIA…` for temporary keys.
    pub access_key_id: String,
    /// The signing secret.
    pub secret_access_key: Secret<String>,
    /// Present with temporary keys.
    pub session_token: Option<Secret<String>>,
    /// When temporary keys end.
    pub expiration: Option<OffsetDateTime>,
    /// The account they belong to, where the source told.
    pub account_id: Option<String>,
    /// Where they came from.
    pub method: Method,
}

impl Credentials {
    /// The same in the SDK's type.
    pub fn to_sdk(&self) -> SdkCredentials {
        let mut builder = SdkCredentials::builder()
            .access_key_id(&self.access_key_id)
            .secret_access_key(self.secret_access_key.expose())
            .provider_name(self.method.as_str());
        if let Some(token) = &self.session_token {
            builder = builder.session_token(token.expose());
        }
        builder.set_expiry(self.expiration.map(Into::into));
        builder.set_account_id(self.account_id.as_deref().map(Into::into));
        builder.build()
    }
}

/// Why keys cannot be used for what their source says of their end. The texts are AWS CLI's.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// They have ended already.
    #[error("Credentials were refreshed, but the refreshed credentials are still expired.")]
    Over,
    /// The source names no end.
    #[error("String does not contain a date: {0}")]
    Empty(String),
    /// The end is no time.
    #[error("Unknown string format: {0}")]
    Unreadable(String),
}

/// The end of keys as their source tells it, which must lie ahead.
pub(crate) fn end_of_keys(text: &str, now: OffsetDateTime) -> Result<OffsetDateTime, EndError> {
    match timestamp::parse(text) {
        Some(end) if end <= now => Err(EndError::Over),
        Some(end) => Ok(end),
        None if text.trim().is_empty() => Err(EndError::Empty(text.to_owned())),
        None => Err(EndError::Unreadable(text.to_owned())),
    }
}

/// AWS CLI takes cached keys for expired once less than this remains, so that no command outlives them.
pub(crate) const RENEW_BEFORE: Duration = Duration::minutes(15);

/// Credentials as the files under `~/.aws/cli/cache` hold them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CachedCredentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret<String>,
    /// Keys of a credential process may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) session_token: Option<Secret<String>>,
    pub(crate) expiration: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account_id: Option<String>,
}

impl CachedCredentials {
    /// What is kept of keys that end; none of others.
    pub(crate) fn of(credentials: &Credentials) -> Option<Self> {
        Some(Self {
            access_key_id: credentials.access_key_id.clone(),
            secret_access_key: credentials.secret_access_key.clone(),
            session_token: credentials.session_token.clone(),
            expiration: timestamp::isoformat(credentials.expiration?),
            account_id: credentials.account_id.clone(),
        })
    }

    /// The credentials if they last long enough to be used.
    pub(crate) fn if_fresh(self, method: Method, now: OffsetDateTime) -> Option<Credentials> {
        let credentials = self.into_credentials(method)?;
        (credentials.expiration? - now >= RENEW_BEFORE).then_some(credentials)
    }

    /// None when the expiry cannot be read: such an entry is worth nothing.
    pub(crate) fn into_credentials(self, method: Method) -> Option<Credentials> {
        Some(Credentials {
            access_key_id: self.access_key_id,
            secret_access_key: self.secret_access_key,
            session_token: self.session_token,
            expiration: Some(timestamp::parse(&self.expiration)?),
            account_id: self.account_id,
            method,
        })
    }
}
