//! The keys of a session, renewed when they are about to end.

use aws_sdk_signin::types::{CreateOAuth2TokenRequestBody, OAuth2ErrorCode};
use awsx_core::settings::table;

use super::session::{self, Session, SessionFile, session_cache};
use super::token::{CreateTokenError, create_token};
use super::{LoginError, SERVICE_ID};
use crate::locked::lock;
use crate::partition::Partition;
use crate::{AuthError, Clients, Credentials};

/// The keys to use now, of the session that `profile` names.
///
/// Any number of processes may ask at once: one of them renews, the rest take what it stored.
pub async fn fetch_credentials(
    clients: &Clients<'_>,
    profile: &str,
    session: &str,
) -> Result<Credentials, AuthError> {
    let env = clients.env();
    let read = || read(clients, profile, session);
    let (_, current) = read()?;
    if current.lasts(env.now()) {
        return Ok(current.credentials);
    }
    let cache = session_cache(env);
    let name = session::file_name(session);
    let _lock = lock(&cache, &name).await?;
    let (file, current) = read()?;
    if current.lasts(env.now()) {
        return Ok(current.credentials);
    }
    match refresh(clients, profile, session, file, &current).await {
        Ok(renewed) => {
            cache.write(&name, &renewed)?;
            Ok(renewed.session().expect("a renewed file is complete").credentials)
        }
        // The old keys serve while they last: the service may be back at the next command.
        Err(error) if current.expires_at > env.now() => {
            tracing::debug!(target: "awsx::login", %error, "the keys were not renewed");
            Ok(current.credentials)
        }
        Err(error) => Err(error),
    }
}

fn read(clients: &Clients<'_>, profile: &str, session: &str) -> Result<(SessionFile, Session), AuthError> {
    let (session, profile) = (session.to_owned(), profile.to_owned());
    let Some(file) = session_cache(clients.env()).read::<SessionFile>(&session::file_name(&session))? else {
        return Err(LoginError::NotSignedIn { session, profile }.into());
    };
    match file.session() {
        Some(session) => Ok((file, session)),
        None => Err(LoginError::Incomplete { profile }.into()),
    }
}

/// Exchanges the refresh token; gives the file with what has changed.
async fn refresh(
    clients: &Clients<'_>,
    profile: &str,
    session: &str,
    mut file: SessionFile,
    current: &Session,
) -> Result<SessionFile, AuthError> {
    tracing::debug!(target: "awsx::login", "renewing the keys");
    let profile = || profile.to_owned();
    let key = current.key().ok_or_else(|| LoginError::KeyUnreadable { profile: profile() })?;
    let body = CreateOAuth2TokenRequestBody::builder()
        .client_id(&current.client_id)
        .grant_type("refresh_token")
        .refresh_token(current.refresh_token.expose());
    let config = clients.supporting(SERVICE_ID, &region_for(clients, session)?, None)?;
    let renewed = create_token(&config, clients.env(), &key, body).await;
    let tokens = renewed.map_err(|CreateTokenError { denied, error }| match denied {
        Some(OAuth2ErrorCode::TokenExpired) => LoginError::SessionExpired { profile: profile() }.into(),
        Some(OAuth2ErrorCode::UserCredentialsChanged) => {
            LoginError::PasswordChanged { profile: profile() }.into()
        }
        Some(OAuth2ErrorCode::InsufficientPermissions) => LoginError::InsufficientPermissions.into(),
        _ => AuthError::from(error),
    })?;
    let account_id = current.credentials.account_id.clone();
    file.access_token = Some(tokens.access_token(account_id));
    file.refresh_token = Some(tokens.refresh_token);
    Ok(file)
}

/// The region the service is asked in: the one in use, else the home of the session's partition.
fn region_for(clients: &Clients<'_>, session: &str) -> Result<String, AuthError> {
    let home = || Partition::of_arn(session).map_or("us-east-1", |partition| partition.home_region);
    Ok(clients.settings().text(&table::REGION)?.unwrap_or_else(|| home().to_owned()))
}
