//! Turns a planned link into credentials.

use super::cached::{self, role_keys};
use super::{CacheFile, ChainError, Link, StaticKeys};
use crate::metadata::{fetch_container_credentials, fetch_instance_credentials};
use crate::mfa_code::{Device, MfaPrompt, with_code};
use crate::mfa_session::{self, mfa_process};
use crate::sso::fetch_role_credentials;
use crate::sts::{AssumeRole, RoleFile, sts_region};
use crate::{AuthError, Clients, Credentials, login, process};

/// Gets the credentials of the link in use.
pub async fn resolve(
    clients: &Clients<'_>,
    link: &Link,
    prompt: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    let file = cached::file_of(clients.settings(), link)?;
    obtain(clients, link, file, prompt).await
}

/// `file` keeps the keys of a link that is kept.
async fn obtain(
    clients: &Clients<'_>,
    link: &Link,
    file: Option<CacheFile>,
    prompt: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    let env = clients.env();
    let file = || file.expect("roles are kept");
    match link {
        Link::Static(keys) => Ok(Credentials::from(keys.clone())),
        Link::MfaSession { profile, serial, keys } => {
            let process = mfa_process(clients.settings(), profile)?;
            let device = Device { serial, process: process.as_deref() };
            let keys = Credentials::from(keys.clone());
            mfa_session::fetch(clients, device, mfa_session::DEFAULT_SECONDS, &keys, prompt).await
        }
        Link::Sso { sso, role } => fetch_role_credentials(clients, sso, role).await,
        Link::Login { profile, session } => login::fetch_credentials(clients, profile, session).await,
        Link::Process { profile, command } => {
            process::fetch_kept(clients.settings(), &link.own_file_name(), profile, command).await
        }
        Link::AssumeRole { profile, role, source } => {
            role_keys(env, link, file(), async || take(clients, profile, role, source, prompt).await).await
        }
        Link::WebIdentity { role, .. } => {
            let region = sts_region(clients.settings(), &role.role_arn)?;
            role_keys(env, link, file(), async || role.fetch(clients, &region).await).await
        }
        Link::Container(endpoint) => Ok(fetch_container_credentials(env, endpoint).await?),
        Link::Instance(endpoint) => {
            fetch_instance_credentials(env, endpoint).await?.ok_or_else(|| ChainError::NoCredentials.into())
        }
    }
}

/// Takes a role with its source's keys, and with a code where the role names a device.
async fn take(
    clients: &Clients<'_>,
    profile: &str,
    role: &AssumeRole,
    source: &Link,
    prompt: &dyn MfaPrompt,
) -> Result<RoleFile, AuthError> {
    // Boxed: a chain of roles is a recursion.
    let file = cached::file_of_source(clients.settings(), source)?;
    let keys = Box::pin(obtain(clients, source, file, prompt)).await;
    let keys = keys.map_err(|error| match (source, error) {
        (Link::Instance(_), AuthError::Chain(ChainError::NoCredentials)) => {
            let (source_name, profile) = ("Ec2InstanceMetadata".to_owned(), profile.to_owned());
            ChainError::SourceEmpty { source_name, profile }.into()
        }
        (_, error) => error,
    })?;
    let region = sts_region(clients.settings(), &role.role_arn)?;
    let taken = match &role.mfa_serial {
        // The session has proved the device already, and its code is spent.
        Some(serial) if matches!(source, Link::MfaSession { serial: of_session, .. } if of_session == serial) =>
        {
            let role = AssumeRole { mfa_serial: None, ..role.clone() };
            role.fetch(clients, &region, &keys, None).await?
        }
        Some(serial) => {
            let process = mfa_process(clients.settings(), profile)?;
            let device = Device { serial, process: process.as_deref() };
            let send = async |code: &_| role.fetch(clients, &region, &keys, Some(code)).await;
            with_code(clients.env(), device, prompt, send).await?
        }
        None => role.fetch(clients, &region, &keys, None).await?,
    };
    Ok(taken.into_file().expect("STS says how long keys last"))
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
