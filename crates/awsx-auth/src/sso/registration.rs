//! This program as a client of Identity Center, registered once and kept for its lifetime of about 90 days.

use aws_sdk_ssooidc::Client;
use awsx_core::store::hash::{self, JsonLayout};
use awsx_core::store::json_cache::JsonCache;
use awsx_core::{Env, Secret, timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

use super::{DEFAULT_SCOPE, SsoConfig, oidc_error};
use crate::AuthError;
use crate::credentials::RENEW_BEFORE;

/// The file beside the tokens, in AWS CLI's order of keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    pub(super) client_id: String,
    pub(super) client_secret: Secret<String>,
    pub(super) expires_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scopes: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) grant_types: Option<Vec<String>>,
}

/// What the registration is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose<'a> {
    DeviceCode,
    AuthorizationCode { issuer_url: &'a str },
}

/// The redirect is registered without a port: RFC 8252 lets a loopback port vary.
const REGISTERED_REDIRECT: &str = "http://127.0.0.1/oauth/callback";
const CODE_GRANTS: [&str; 2] = ["authorization_code", "refresh_token"];

/// A registration that fits: the stored one if it lasts, else a new one.
pub(super) async fn resolve(
    env: &Env,
    cache: &JsonCache,
    client: &Client,
    sso: &SsoConfig,
    purpose: Purpose<'_>,
) -> Result<Registration, AuthError> {
    let name = file_name(sso);
    if let Some(stored) = cache.read::<Registration>(&name)?
        && stored.fits(purpose, env.now())
    {
        return Ok(stored);
    }
    register(env, cache, client, sso, purpose).await
}

/// A new registration, stored over the old one.
pub(super) async fn register(
    env: &Env,
    cache: &JsonCache,
    client: &Client,
    sso: &SsoConfig,
    purpose: Purpose<'_>,
) -> Result<Registration, AuthError> {
    let registration = fetch(env, client, sso, purpose).await?;
    cache.write(&file_name(sso), &registration)?;
    Ok(registration)
}

/// AWS CLI's file name: the SHA-1 of what the registration depends on, as Python prints it in JSON.
pub(super) fn file_name(sso: &SsoConfig) -> String {
    let key = json!({
        "region": sso.region,
        "scopes": sso.scopes,
        "session_name": sso.session,
        "startUrl": sso.start_url,
        "tool": "botocore",
    });
    format!("{}.json", hash::sha1_hex(&hash::python_json(&key, JsonLayout::Sorted)))
}

async fn fetch(
    env: &Env,
    client: &Client,
    sso: &SsoConfig,
    purpose: Purpose<'_>,
) -> Result<Registration, AuthError> {
    let name = match &sso.session {
        Some(session) => format!("awsx-client-{session}"),
        None => format!("awsx-client-{}", env.now().unix_timestamp()),
    };
    let mut request = client.register_client().client_name(name).client_type("public");
    let (scopes, grant_types) = match purpose {
        Purpose::DeviceCode => (sso.scopes.clone(), None),
        Purpose::AuthorizationCode { issuer_url } => {
            request = request.redirect_uris(REGISTERED_REDIRECT).issuer_url(issuer_url);
            let scopes = sso.scopes.clone().unwrap_or_else(|| vec![DEFAULT_SCOPE.to_owned()]);
            (Some(scopes), Some(CODE_GRANTS.map(str::to_owned).to_vec()))
        }
    };
    let answer = request
        .set_scopes(scopes.clone())
        .set_grant_types(grant_types.clone())
        .send()
        .await
        .map_err(|error| oidc_error("RegisterClient", error))?;
    let expires_at =
        OffsetDateTime::from_unix_timestamp(answer.client_secret_expires_at).unwrap_or_else(|_| env.now());
    Ok(Registration {
        client_id: answer.client_id.unwrap_or_default(),
        client_secret: answer.client_secret.unwrap_or_default().into(),
        expires_at: timestamp::zulu(expires_at),
        scopes,
        grant_types,
    })
}

impl Registration {
    fn fits(&self, purpose: Purpose<'_>, now: OffsetDateTime) -> bool {
        let lasts = timestamp::parse(&self.expires_at).is_some_and(|end| end - now >= RENEW_BEFORE);
        let may_use_codes =
            self.grant_types.as_ref().is_some_and(|types| types.iter().any(|grant| grant == CODE_GRANTS[0]));
        // One that names its grants has no other: the service takes no device code from it.
        lasts && may_use_codes == matches!(purpose, Purpose::AuthorizationCode { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_is_the_one_aws_cli_computes() {
        let sso = SsoConfig {
            session: None,
            start_url: "https://d-1234567890.awsapps.com/start".into(),
            region: "us-east-1".into(),
            scopes: None,
        };
        assert_eq!(file_name(&sso), "365414a68be7c9bfc776c660981dbdbd942acea4.json");
    }

    #[test]
    fn a_registration_fits_the_flow_that_it_was_made_for() {
        let now = timestamp::parse("2030-01-01T00:00:00Z").expect("a time");
        let registration = |grants: Option<&[&str]>| Registration {
            client_id: "c".into(),
            client_secret: "s".into(),
            expires_at: "2030-02-01T00:00:00Z".into(),
            scopes: None,
            grant_types: grants.map(|grants| grants.iter().map(ToString::to_string).collect()),
        };
        let codes = Purpose::AuthorizationCode { issuer_url: "https://x.awsapps.com/start" };
        let (of_codes, of_device) = (registration(Some(&CODE_GRANTS)), registration(None));
        assert!(of_codes.fits(codes, now) && !of_codes.fits(Purpose::DeviceCode, now));
        assert!(of_device.fits(Purpose::DeviceCode, now) && !of_device.fits(codes, now));
    }
}
