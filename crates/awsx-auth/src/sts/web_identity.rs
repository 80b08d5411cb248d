//! `AssumeRoleWithWebIdentity`: a role for the token of another identity provider, such as Kubernetes or a CI system.

use std::path::PathBuf;

use awsx_core::Secret;
use awsx_core::store::hash::{self, JsonLayout};
use awsx_http::CallError;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::check::Check;
use super::role_file::RoleFile;
use super::{AssumedRoleUser, keys_in, made_up_session_name};
use crate::chain::ChainError;
use crate::credentials::CachedCredentials;
use crate::{AuthError, Clients};

/// What to ask STS for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentity {
    /// The role.
    pub role_arn: String,
    /// The session's name in the role's ARN; one is made up when none is given.
    pub session_name: Option<String>,
    /// The file that holds the token. It is read for each call: whoever writes it renews it.
    pub token_file: PathBuf,
}

impl WebIdentity {
    /// Takes the role. The call is not signed: the token is the proof.
    pub(crate) async fn fetch(&self, clients: &Clients<'_>, region: &str) -> Result<RoleFile, AuthError> {
        let token = std::fs::read_to_string(&self.token_file).map(Secret::new).map_err(|source| {
            ChainError::TokenFile { path: self.token_file.display().to_string(), source }
        })?;
        Check::default()
            .length("RoleSessionName", self.session_name.as_deref(), 2)
            .length("RoleArn", Some(&self.role_arn), 20)
            .length("WebIdentityToken", Some(token.expose()), 4)
            .passed()?;
        let answer = clients
            .sts(region, None)?
            .assume_role_with_web_identity()
            .role_arn(&self.role_arn)
            .role_session_name(
                self.session_name.clone().unwrap_or_else(|| made_up_session_name(clients.env())),
            )
            .web_identity_token(token.expose().trim_end())
            .send()
            .await
            .map_err(|error| CallError::of("AssumeRoleWithWebIdentity", error))?;
        let keys = keys_in(answer.credentials, "AssumeRoleWithWebIdentity")?;
        let user = answer.assumed_role_user.map(AssumedRoleUser::from);
        let expiration = OffsetDateTime::from_unix_timestamp(keys.expiration.secs())
            .unwrap_or_else(|_| clients.env().now());
        Ok(RoleFile {
            credentials: CachedCredentials {
                access_key_id: keys.access_key_id,
                secret_access_key: keys.secret_access_key.into(),
                session_token: Some(keys.session_token.into()),
                expiration: awsx_core::timestamp::isoformat(expiration),
                account_id: user.as_ref().and_then(AssumedRoleUser::account_id),
            },
            subject_from_web_identity_token: answer.subject_from_web_identity_token,
            assumed_role_user: user,
            provider: answer.provider,
            audience: answer.audience,
            source_identity: answer.source_identity,
        })
    }

    /// The parameters that AWS CLI names the cache file after; the token is not among them.
    pub(crate) fn parameters(&self) -> Value {
        let mut key = json!({ "RoleArn": self.role_arn });
        if let Some(name) = &self.session_name {
            key["RoleSessionName"] = json!(name);
        }
        key
    }

    /// AWS CLI's file name.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.json", hash::sha1_hex(&hash::python_json(&self.parameters(), JsonLayout::Sorted)))
    }
}
