//! Signing out: the service ends the token, the files go.

use awsx_core::store::json_cache::JsonCache;
use awsx_http::CallError;
use serde_json::Value;

use super::registration;
use super::token::{self, TokenFile};
use super::{SsoConfig, credential_cache, token_cache};
use crate::chain::{Link, plan_profile};
use crate::locked::lock;
use crate::{AuthError, Clients};

/// What signing out did.
#[derive(Debug, Default)]
pub struct LogoutReport {
    /// Tokens that were removed here.
    pub tokens: usize,
    /// Of these, the ones the service could not be told about, and why: there they last until they expire.
    pub unreachable: Vec<CallError>,
}

/// Signs out everywhere: every token, every role's keys that came from one. Registrations stay, as in AWS CLI.
///
/// A token whose service cannot be reached does not keep the rest from being removed.
pub async fn logout_all(clients: &Clients<'_>) -> Result<LogoutReport, AuthError> {
    let tokens = token_cache(clients.env());
    let mut report = LogoutReport::default();
    for name in tokens.entries()? {
        end_token(clients, &tokens, &name, &mut report).await?;
    }
    let credentials = credential_cache(clients.env());
    for name in credentials.entries()? {
        let file = credentials.read::<Value>(&name)?;
        if file.is_some_and(|file| file["ProviderType"] == "sso") {
            credentials.remove(&name)?;
        }
    }
    Ok(report)
}

/// Signs out of one session: its token, its registration, and the keys of every profile that builds on it, be it by
/// the session's own role or by a role taken with that one's keys.
pub async fn logout_session(clients: &Clients<'_>, sso: &SsoConfig) -> Result<LogoutReport, AuthError> {
    let tokens = token_cache(clients.env());
    let mut report = LogoutReport::default();
    end_token(clients, &tokens, &token::file_name(sso.token_key()), &mut report).await?;
    tokens.remove(&registration::file_name(sso))?;
    for name in clients.settings().profiles()?.names() {
        // A profile that cannot be planned has got no keys.
        let Ok(Some(link)) = plan_profile(clients.settings(), name) else { continue };
        if matches!(link.root(), Link::Sso { sso: root, .. } if root.session == sso.session) {
            for file in link.cache_files() {
                file.remove(clients.env())?;
            }
        }
    }
    Ok(report)
}

async fn end_token(
    clients: &Clients<'_>,
    cache: &JsonCache,
    name: &str,
    report: &mut LogoutReport,
) -> Result<(), AuthError> {
    // Under the lock, so that a refresh in another process does not bring the file back.
    let _lock = lock(cache, name).await?;
    // Read as any JSON first: a foreign file is left as it is.
    let Some(file) = cache.read::<Value>(name)? else { return Ok(()) };
    let Ok(file) = serde_json::from_value::<TokenFile>(file) else { return Ok(()) };
    let Some(access_token) = &file.access_token else { return Ok(()) };
    cache.remove(name)?;
    report.tokens += 1;
    if file.region.is_empty() {
        return Ok(());
    }
    let logout = clients.portal(&file.region)?.logout().access_token(access_token.expose());
    if let Err(error) = logout.send().await {
        match CallError::of("Logout", error) {
            // The service knows the token no longer: that is what was wanted.
            CallError::Service(_) => {}
            unreachable => report.unreachable.push(unreachable),
        }
    }
    Ok(())
}
