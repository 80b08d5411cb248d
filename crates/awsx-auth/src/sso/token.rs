//! The access token: read, renewed when it is about to end, stored.

use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use awsx_core::settings::Settings;
use awsx_core::store::hash;
use awsx_core::{Env, Secret, timestamp};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::registration::Registration;
use super::{SsoConfig, SsoError, oidc_error, token_cache};
use crate::credentials::RENEW_BEFORE;
use crate::locked::lock;
use crate::{AuthError, Clients};

/// A token that the portal takes.
#[derive(Clone, Debug)]
pub struct Token {
    /// The bearer token itself.
    pub access_token: Secret<String>,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

/// The token's file, in AWS CLI's order of keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenFile {
    #[serde(default)]
    pub(super) start_url: String,
    #[serde(default)]
    pub(super) region: String,
    pub(super) access_token: Option<Secret<String>>,
    pub(super) expires_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_secret: Option<Secret<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) registration_expires_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<Secret<String>>,
}

/// What is known about a session's token without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenState {
    /// When the access token ends or ended.
    pub expires_at: OffsetDateTime,
    /// Until when it can be renewed without a person; none if it cannot.
    pub renewable_until: Option<OffsetDateTime>,
}

/// AWS CLI's file name: the SHA-1 of the session's name or, in the older form, of the start URL.
pub(super) fn file_name(key: &str) -> String {
    format!("{}.json", hash::sha1_hex(key))
}

/// Reads what the cache holds for a sign-in; none if there is no usable token file.
pub fn read_state(env: &Env, sso: &SsoConfig) -> Result<Option<TokenState>, AuthError> {
    let file = token_cache(env).read::<TokenFile>(&file_name(sso.token_key()))?;
    Ok(file.and_then(|file| {
        let token = file.token()?;
        let renewable_until = file.refresh_parts(sso).and_then(|parts| timestamp::parse(parts.until));
        Some(TokenState { expires_at: token.expires_at, renewable_until })
    }))
}

/// The token to use now, renewed if it is about to end.
///
/// Any number of processes may ask at once: one of them renews, the rest take what it stored.
pub async fn resolve_token(clients: &Clients<'_>, sso: &SsoConfig) -> Result<Token, AuthError> {
    let env = clients.env();
    let cache = token_cache(env);
    let name = file_name(sso.token_key());
    let token = read(clients.settings(), sso)?;
    if token.lasts(env.now()) {
        return Ok(token);
    }
    if sso.session.is_none() {
        return token.if_valid(env.now()).ok_or_else(|| SsoError::Unauthorized { session: None }.into());
    }
    let _lock = lock(&cache, &name).await?;
    let file = cache.read::<TokenFile>(&name)?.ok_or_else(|| not_signed_in(sso))?;
    let token = file.token().ok_or_else(|| invalid(sso))?;
    if token.lasts(env.now()) {
        return Ok(token);
    }
    match refresh(clients, sso, &file).await {
        Ok(Some(renewed)) => {
            cache.write(&name, &renewed)?;
            let renewed = renewed.token().and_then(|token| token.if_valid(env.now()));
            renewed.ok_or_else(|| refresh_failed(sso))
        }
        // The old token serves while it lasts: the service may be back at the next command.
        Ok(None) => token.if_valid(env.now()).ok_or_else(|| refresh_failed(sso)),
        Err(error) => {
            tracing::debug!(target: "awsx::sso", %error, "the token was not renewed");
            token.if_valid(env.now()).ok_or_else(|| refresh_failed(sso))
        }
    }
}

/// The stored token, whatever its age.
fn read(settings: &Settings, sso: &SsoConfig) -> Result<Token, AuthError> {
    let file = token_cache(settings.env()).read::<TokenFile>(&file_name(sso.token_key()))?;
    let file = file.ok_or_else(|| not_signed_in(sso))?;
    Ok(file.token().ok_or_else(|| invalid(sso))?)
}

/// Exchanges the refresh token; none if the file has nothing to exchange.
async fn refresh(
    clients: &Clients<'_>,
    sso: &SsoConfig,
    file: &TokenFile,
) -> Result<Option<TokenFile>, AuthError> {
    let now = clients.env().now();
    let Some(parts) = file.refresh_parts(sso) else { return Ok(None) };
    if timestamp::parse(parts.until).is_none_or(|until| until <= now) {
        return Ok(None);
    }
    tracing::debug!(target: "awsx::sso", "renewing the token");
    let answer = clients
        .oidc(&sso.region)?
        .create_token()
        .grant_type("refresh_token")
        .client_id(parts.client_id)
        .client_secret(parts.client_secret.expose())
        .refresh_token(parts.refresh_token.expose())
        .send()
        .await
        .map_err(|error| oidc_error("CreateToken", error))?;
    let registration = Registration {
        client_id: parts.client_id.to_owned(),
        client_secret: parts.client_secret.clone(),
        expires_at: parts.until.to_owned(),
        scopes: None,
        grant_types: None,
    };
    let mut renewed = TokenFile::of(sso, &registration, answer, now);
    // RFC 6749, section 6: without a new refresh token the old one stays good.
    renewed.refresh_token = renewed.refresh_token.or_else(|| Some(parts.refresh_token.clone()));
    Ok(Some(renewed))
}

struct RefreshParts<'a> {
    client_id: &'a str,
    client_secret: &'a Secret<String>,
    refresh_token: &'a Secret<String>,
    until: &'a str,
}

impl TokenFile {
    pub(super) fn of(
        sso: &SsoConfig,
        registration: &Registration,
        answer: CreateTokenOutput,
        now: OffsetDateTime,
    ) -> Self {
        let lifetime = Duration::seconds(answer.expires_in.into());
        Self {
            start_url: sso.start_url.clone(),
            region: sso.region.clone(),
            access_token: answer.access_token.map(Secret::new),
            expires_at: Some(timestamp::zulu(now + lifetime)),
            client_id: Some(registration.client_id.clone()),
            client_secret: Some(registration.client_secret.clone()),
            registration_expires_at: Some(registration.expires_at.clone()),
            refresh_token: answer.refresh_token.map(Secret::new),
        }
    }

    pub(super) fn token(&self) -> Option<Token> {
        Some(Token {
            access_token: self.access_token.clone()?,
            expires_at: timestamp::parse(self.expires_at.as_deref()?)?,
        })
    }

    fn refresh_parts(&self, sso: &SsoConfig) -> Option<RefreshParts<'_>> {
        // Tokens of the older form are never renewed.
        sso.session.as_ref()?;
        Some(RefreshParts {
            client_id: self.client_id.as_deref()?,
            client_secret: self.client_secret.as_ref()?,
            refresh_token: self.refresh_token.as_ref()?,
            until: self.registration_expires_at.as_deref()?,
        })
    }
}

impl Token {
    /// Whether it need not be renewed yet.
    pub(super) fn lasts(&self, now: OffsetDateTime) -> bool {
        self.expires_at - now >= RENEW_BEFORE
    }

    fn if_valid(self, now: OffsetDateTime) -> Option<Self> {
        (self.expires_at > now).then_some(self)
    }
}

fn not_signed_in(sso: &SsoConfig) -> SsoError {
    SsoError::NotSignedIn { name: sso.token_key().to_owned(), session: sso.session.clone() }
}

fn invalid(sso: &SsoConfig) -> SsoError {
    SsoError::InvalidToken { start_url: sso.start_url.clone(), session: sso.session.clone() }
}

fn refresh_failed(sso: &SsoConfig) -> AuthError {
    SsoError::RefreshFailed { session: sso.session.clone().unwrap_or_default() }.into()
}
