//! The variables by which programs get credentials: which are set, and which have to go so that nothing contradicts.

use awsx_auth::Credentials;
use awsx_core::settings::table;
use awsx_core::{Secret, timestamp};

use crate::context::Context;
use crate::error::CommandResult;
use crate::shell::Change;

/// Every variable that names credentials, or a place that SDKs get them from.
pub(crate) const OF_CREDENTIALS: [&str; 18] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CREDENTIAL_FILE",
    MARKER,
];

/// The profile whose credentials a program or shell has, for prompts and scripts to show.
pub(crate) const MARKER: &str = "AWSX_PROFILE";

/// The variables of the credentials themselves, in AWS CLI's order.
pub(crate) fn of_credentials(credentials: &Credentials) -> Vec<(&'static str, Secret<String>)> {
    let mut pairs = vec![
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id.as_str().into()),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key.clone()),
    ];
    if let Some(token) = &credentials.session_token {
        pairs.push(("AWS_SESSION_TOKEN", token.clone()));
    }
    if let Some(expiration) = credentials.expiration {
        pairs.push(("AWS_CREDENTIAL_EXPIRATION", timestamp::isoformat(expiration).into()));
    }
    pairs
}

/// The variables beside the credentials: the region in use under both its names, and the profile's name.
pub(crate) fn of_surroundings(context: &Context) -> CommandResult<Vec<(&'static str, Secret<String>)>> {
    let mut pairs = Vec::new();
    if let Some(region) = context.settings.text(&table::REGION)? {
        pairs.push(("AWS_REGION", region.as_str().into()));
        pairs.push(("AWS_DEFAULT_REGION", region.into()));
    }
    pairs.push((MARKER, context.settings.profile_name().into()));
    Ok(pairs)
}

/// What the profile says of how AWS is reached, for a program that no longer knows the profile. Variables that are set
/// already are left to it.
pub(crate) fn of_connection(context: &Context) -> CommandResult<Vec<(&'static str, Secret<String>)>> {
    let profile = context.settings.scoped()?;
    let pairs = [("AWS_ENDPOINT_URL", "endpoint_url"), ("AWS_CA_BUNDLE", "ca_bundle")];
    let unset = pairs.into_iter().filter(|(name, _)| context.env().var_filled(name).is_none());
    Ok(unset.filter_map(|(name, key)| Some((name, profile.text(key)?.into()))).collect())
}

/// What a shell has to do to have exactly these variables of all that concern credentials.
pub(crate) fn changes(set: &[(&'static str, Secret<String>)]) -> Vec<Change> {
    let kept = |name: &str| set.iter().any(|(kept, _)| *kept == name);
    let gone = OF_CREDENTIALS.into_iter().filter(|name| !kept(name)).map(Change::Unset);
    gone.chain(set.iter().map(|(name, value)| Change::Set(name, value.expose().clone()))).collect()
}
