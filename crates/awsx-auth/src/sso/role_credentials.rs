//! Temporary keys for a role in an account, fetched with the token and kept as AWS CLI keeps them.

use awsx_core::store::hash::{self, JsonLayout};
use awsx_core::timestamp;
use awsx_http::CallError;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{SsoConfig, SsoError, credential_cache, resolve_token};
use crate::credentials::CachedCredentials;
use crate::locked::{lock_if_possible, store_if_possible};
use crate::{AuthError, Clients, Credentials, Method};

/// A role that Identity Center gives keys for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRef {
    /// Twelve digits.
    pub account_id: String,
    /// The permission set's name.
    pub role_name: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CacheFile {
    provider_type: String,
    credentials: CachedCredentials,
}

/// Keys for the role: the stored ones while they last, else new ones, fetched once however many processes ask.
pub async fn fetch_role_credentials(
    clients: &Clients<'_>,
    sso: &SsoConfig,
    role: &RoleRef,
) -> Result<Credentials, AuthError> {
    let env = clients.env();
    let cache = credential_cache(env);
    let name = role.file_name(sso);
    let stored = || -> Result<Option<Credentials>, AuthError> {
        let file = cache.read::<CacheFile>(&name)?;
        Ok(file.and_then(|file| file.credentials.if_fresh(Method::Sso, env.now())))
    };
    if let Some(credentials) = stored()? {
        return Ok(credentials);
    }
    let _lock = lock_if_possible(&cache, &name).await;
    if let Some(credentials) = stored()? {
        return Ok(credentials);
    }
    let fetched = fetch(clients, sso, role).await?;
    let file = CacheFile { provider_type: "sso".to_owned(), credentials: fetched.clone() };
    store_if_possible(&cache, &name, &file);
    Ok(fetched.into_credentials(Method::Sso).expect("the expiry was written here"))
}

async fn fetch(
    clients: &Clients<'_>,
    sso: &SsoConfig,
    role: &RoleRef,
) -> Result<CachedCredentials, AuthError> {
    let token = resolve_token(clients, sso).await?;
    let request = clients
        .portal(&sso.region)?
        .get_role_credentials()
        .access_token(token.access_token.expose())
        .account_id(&role.account_id)
        .role_name(&role.role_name);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) if error.as_service_error().is_some_and(aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError::is_unauthorized_exception) => {
            return Err(SsoError::Unauthorized { session: sso.session.clone() }.into());
        }
        Err(error) => return Err(CallError::of("GetRoleCredentials", error).into()),
    };
    let keys = answer.role_credentials.ok_or_else(|| {
        CallError::Other("the answer of GetRoleCredentials holds no credentials".to_owned())
    })?;
    let expiration = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(keys.expiration);
    Ok(CachedCredentials {
        access_key_id: keys.access_key_id.unwrap_or_default(),
        secret_access_key: keys.secret_access_key.unwrap_or_default().into(),
        session_token: Some(keys.session_token.unwrap_or_default().into()),
        expiration: timestamp::zulu(expiration),
        account_id: Some(role.account_id.clone()),
    })
}

impl RoleRef {
    /// AWS CLI's file name: the SHA-1 of account, role and session (or start URL) in compact JSON.
    pub(crate) fn file_name(&self, sso: &SsoConfig) -> String {
        let mut key = json!({ "accountId": self.account_id, "roleName": self.role_name });
        match &sso.session {
            Some(session) => key["sessionName"] = json!(session),
            None => key["startUrl"] = json!(sso.start_url),
        }
        format!("{}.json", hash::sha1_hex(&hash::python_json(&key, JsonLayout::SortedCompact)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_is_the_one_aws_cli_computes() {
        let sso = SsoConfig {
            session: Some("my-sso".into()),
            start_url: "https://my-sso-portal.awsapps.com/start".into(),
            region: "us-east-1".into(),
            scopes: None,
        };
        let role = RoleRef { account_id: "123456789011".into(), role_name: "ReadOnly".into() };
        assert_eq!(role.file_name(&sso), "7cf4e2174d7ed20d472d2ce031094d0e528196c0.json");
    }
}
