//! Turns a planned link into credentials.

use awsx_core::Secret;
use awsx_core::settings::table;

use super::{ChainError, Link, StaticKeys};
use crate::partition::Partition;
use crate::process;
use crate::sso::fetch_role_credentials;
use crate::sts::AssumeRole;
use crate::{AuthError, Clients, Credentials};

/// Where MFA codes come from.
pub trait MfaPrompt {
    /// Asks for the code of a device; none if nobody can be asked.
    fn code(&self, serial: &str) -> Option<Secret<String>>;
}

/// Gets the credentials of a link.
pub async fn resolve(
    clients: &Clients<'_>,
    link: &Link,
    mfa: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    match link {
        Link::Static(keys) => Ok(Credentials::from(keys.clone())),
        Link::Sso { sso, role } => fetch_role_credentials(clients, sso, role).await,
        Link::Process { profile, command } => Ok(process::fetch(clients.env(), profile, command).await?),
        Link::AssumeRole { role, source, .. } => {
            if let Some(credentials) = role.read_cached(clients.env())? {
                return Ok(credentials);
            }
            // Boxed: a chain of roles is a recursion.
            let source = Box::pin(resolve_source(clients, source, mfa)).await?;
            let region = region_for(clients, role)?;
            let code = async || ask(role, mfa);
            role.fetch_cached(clients, &region, &source, code).await
        }
    }
}

/// As AWS CLI does, a role in the middle of a chain is taken anew and not stored.
async fn resolve_source(
    clients: &Clients<'_>,
    link: &Link,
    mfa: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    match link {
        Link::AssumeRole { role, source, .. } => {
            let source = Box::pin(resolve_source(clients, source, mfa)).await?;
            let region = region_for(clients, role)?;
            let code = ask(role, mfa)?;
            Ok(role.fetch(clients, &region, &source, code.as_ref()).await?.credentials)
        }
        Link::Static(_) | Link::Sso { .. } | Link::Process { .. } => resolve(clients, link, mfa).await,
    }
}

fn ask(role: &AssumeRole, mfa: &dyn MfaPrompt) -> Result<Option<Secret<String>>, AuthError> {
    let Some(serial) = &role.mfa_serial else { return Ok(None) };
    match mfa.code(serial) {
        Some(code) => Ok(Some(code)),
        None => Err(ChainError::NobodyToAsk { serial: serial.clone() }.into()),
    }
}

/// The region STS is asked in: the one in use, else the home of the role's partition.
fn region_for(clients: &Clients<'_>, role: &AssumeRole) -> Result<String, AuthError> {
    let home = || Partition::of_arn(&role.role_arn).map_or("us-east-1", |partition| partition.home_region);
    Ok(clients.settings().text(&table::REGION)?.unwrap_or_else(|| home().to_owned()))
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
