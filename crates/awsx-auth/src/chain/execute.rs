//! Turns a planned link into credentials.

use std::time::Duration;

use awsx_core::settings::table;

use super::{Link, StaticKeys};
use crate::mfa_code::{Device, MfaPrompt, with_code};
use crate::sso::fetch_role_credentials;
use crate::sts::{AssumeRole, AssumedRole, sts_region};
use crate::{AuthError, Clients, Credentials, mfa_session, process};

/// Gets the credentials of a link.
pub async fn resolve(
    clients: &Clients<'_>,
    link: &Link,
    prompt: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    match link {
        Link::Static(keys) => Ok(Credentials::from(keys.clone())),
        Link::Sso { sso, role } => fetch_role_credentials(clients, sso, role).await,
        Link::Process { profile, command } => {
            let limit = clients.settings().integer(&table::PROCESS_TIMEOUT)?.unwrap_or(300);
            Ok(process::fetch(clients.env(), profile, command, Duration::from_secs(limit)).await?)
        }
        Link::AssumeRole { profile, role, source } => {
            if let Some(credentials) = role.read_cached(clients.env())? {
                return Ok(credentials);
            }
            role.fetch_cached(clients, async || take(clients, profile, role, source, prompt).await).await
        }
    }
}

/// As AWS CLI does, a role in the middle of a chain is taken anew and not stored.
async fn resolve_source(
    clients: &Clients<'_>,
    link: &Link,
    prompt: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    match link {
        Link::AssumeRole { profile, role, source } => {
            Ok(take(clients, profile, role, source, prompt).await?.credentials)
        }
        Link::Static(_) | Link::Sso { .. } | Link::Process { .. } => resolve(clients, link, prompt).await,
    }
}

/// Takes a role with its source's keys, and with a code where the role names a device.
async fn take(
    clients: &Clients<'_>,
    profile: &str,
    role: &AssumeRole,
    source: &Link,
    prompt: &dyn MfaPrompt,
) -> Result<AssumedRole, AuthError> {
    // Boxed: a chain of roles is a recursion.
    let source = Box::pin(resolve_source(clients, source, prompt)).await?;
    let region = sts_region(clients.settings(), &role.role_arn)?;
    let Some(serial) = &role.mfa_serial else {
        return role.fetch(clients, &region, &source, None).await;
    };
    let process = mfa_session::mfa_process(clients.settings(), profile)?;
    let device = Device { serial, process: process.as_deref() };
    with_code(clients.env(), device, prompt, async |code| {
        role.fetch(clients, &region, &source, Some(code)).await
    })
    .await
}

impl From<StaticKeys> for Credentials {
    fn from(keys: StaticKeys) -> Self {
        Self {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key,
            session_token: keys.session_token,
            expiration: keys.expiration,
            account_id: keys.account_id,
            method: keys.method,
        }
    }
}
