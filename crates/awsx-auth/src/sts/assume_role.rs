//! `AssumeRole`, and the name of the file that AWS CLI keeps of it.

use aws_sdk_sts::types::{AssumedRoleUser as SdkUser, PolicyDescriptorType, Tag};
use awsx_core::Secret;
use awsx_core::store::hash::{self, JsonLayout};
use awsx_http::CallError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::check::Check;
use super::role_file::RoleFile;
use super::{InvalidParameters, SessionScope, credentials, keys_in, made_up_session_name};
use crate::credentials::CachedCredentials;
use crate::{AuthError, Clients, Credentials, Method};

/// What to ask STS for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssumeRole {
    /// The role.
    pub role_arn: String,
    /// The session's name in the role's ARN; one is made up when none is given.
    pub session_name: Option<String>,
    /// What the role's trust policy may demand.
    pub external_id: Option<String>,
    /// How long the keys last, in seconds; the role's default is an hour.
    pub duration_seconds: Option<i32>,
    /// The MFA device whose code is sent.
    pub mfa_serial: Option<String>,
    /// What narrows and labels the session.
    pub scope: SessionScope,
}

/// What STS gave.
#[derive(Clone, Debug)]
pub struct AssumedRole {
    /// The keys.
    pub credentials: Credentials,
    /// Whom the keys belong to.
    pub user: Option<AssumedRoleUser>,
    /// Who stands behind the session, if that was said.
    pub source_identity: Option<String>,
}

/// A session of a role.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssumedRoleUser {
    /// The role's id and the session's name.
    pub assumed_role_id: String,
    /// The session's ARN.
    pub arn: String,
}

impl AssumeRole {
    /// Takes the role, without looking into the cache.
    pub async fn fetch(
        &self,
        clients: &Clients<'_>,
        region: &str,
        source: &Credentials,
        mfa_code: Option<&Secret<String>>,
    ) -> Result<AssumedRole, AuthError> {
        let mfa_code = mfa_code.map(|code| code.expose().as_str());
        self.check(mfa_code)?;
        let answer = clients
            .sts(region, Some(source))?
            .assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(
                self.session_name.clone().unwrap_or_else(|| made_up_session_name(clients.env())),
            )
            .set_external_id(self.external_id.clone())
            .set_duration_seconds(self.duration_seconds)
            .set_serial_number(self.mfa_serial.clone())
            .set_token_code(mfa_code.map(str::to_owned))
            .set_policy(self.scope.policy.clone())
            .set_policy_arns(some_filled(self.scope.policy_arns.iter().map(policy_arn).collect()))
            .set_tags(some_filled(self.scope.tags.iter().map(tag).collect()))
            .set_transitive_tag_keys(some_filled(self.scope.transitive_tag_keys.clone()))
            .set_source_identity(self.scope.source_identity.clone())
            .send()
            .await
            .map_err(|error| CallError::of("AssumeRole", error))?;
        let keys = keys_in(answer.credentials, "AssumeRole")?;
        let user = answer.assumed_role_user.map(AssumedRoleUser::from);
        let account_id = user.as_ref().and_then(AssumedRoleUser::account_id);
        let credentials = credentials(keys, Method::AssumeRole, account_id);
        Ok(AssumedRole { credentials, user, source_identity: answer.source_identity })
    }

    /// In the order in which AWS CLI puts the request together.
    fn check(&self, mfa_code: Option<&str>) -> Result<(), InvalidParameters> {
        Check::default()
            .length("RoleSessionName", self.session_name.as_deref(), 2)
            .length("ExternalId", self.external_id.as_deref(), 2)
            .length("SerialNumber", self.mfa_serial.as_deref(), 9)
            .value("DurationSeconds", self.duration_seconds, 900)
            .length("RoleArn", Some(&self.role_arn), 20)
            .length("TokenCode", mfa_code, 6)
            .passed()
    }

    /// AWS CLI's file name: the SHA-1 of the configured parameters as Python prints them in JSON.
    pub(crate) fn file_name(&self) -> String {
        format!("{}.json", hash::sha1_hex(&hash::python_json(&self.parameters(), JsonLayout::Sorted)))
    }

    /// What STS is asked for, apart from what differs from call to call.
    pub(crate) fn parameters(&self) -> Value {
        let mut key = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                key.insert(name.to_owned(), value);
            }
        };
        put("RoleArn", Some(self.role_arn.clone().into()));
        put("ExternalId", self.external_id.clone().map(Into::into));
        put("SerialNumber", self.mfa_serial.clone().map(Into::into));
        put("DurationSeconds", self.duration_seconds.map(Into::into));
        put("RoleSessionName", self.session_name.clone().map(Into::into));
        self.scope.add_to_key(&mut key);
        Value::Object(key)
    }
}

impl AssumedRole {
    /// What is kept of it; none where STS did not say how long the keys last.
    pub(crate) fn into_file(self) -> Option<RoleFile> {
        Some(RoleFile {
            credentials: CachedCredentials::of(&self.credentials)?,
            subject_from_web_identity_token: None,
            assumed_role_user: self.user,
            provider: None,
            audience: None,
            source_identity: self.source_identity,
        })
    }
}

impl AssumedRoleUser {
    /// `arn:aws:sts::123456789012:assumed-role/…`: the account is the fifth field.
    pub(super) fn account_id(&self) -> Option<String> {
        self.arn.split(':').nth(4).map(str::to_owned)
    }
}

impl From<SdkUser> for AssumedRoleUser {
    fn from(user: SdkUser) -> Self {
        Self { assumed_role_id: user.assumed_role_id, arn: user.arn }
    }
}

/// A list without members is left out: AWS CLI does not send one either.
fn some_filled<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn policy_arn(arn: &String) -> PolicyDescriptorType {
    PolicyDescriptorType::builder().arn(arn).build()
}

fn tag((key, value): &(String, String)) -> Tag {
    Tag::builder().key(key).value(value).build().expect("key and value are there")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn file_names_are_those_aws_cli_computes() {
        let role =
            AssumeRole { role_arn: "arn:aws:iam::123456789012:role/r".into(), ..AssumeRole::default() };
        assert_eq!(role.file_name(), "6dc9e6e1e186b9f293814df3266de783142c48a2.json");
        let full = AssumeRole {
            role_arn: "arn:aws:iam::123456789011:role/Deploy".into(),
            session_name: Some("me".into()),
            external_id: Some("ext-1".into()),
            duration_seconds: Some(1800),
            ..AssumeRole::default()
        };
        assert_eq!(full.file_name(), "e791e3e754f8d205fe83ff32628dc3e5619eb38e.json");
    }

    #[test]
    fn what_narrows_or_labels_a_session_gives_it_a_file_of_its_own() {
        let named = |scope: SessionScope| {
            AssumeRole { role_arn: "arn:aws:iam::123456789012:role/r".into(), scope, ..AssumeRole::default() }
                .file_name()
        };
        let policy = |text: &str| SessionScope { policy: Some(text.to_owned()), ..SessionScope::default() };
        let scopes = [
            SessionScope::default(),
            policy(r#"{"Version":"2012-10-17"}"#),
            SessionScope { policy_arns: vec!["arn:aws:iam::aws:policy/A".into()], ..SessionScope::default() },
            SessionScope { tags: vec![("team".into(), "blue".into())], ..SessionScope::default() },
            SessionScope { transitive_tag_keys: vec!["team".into()], ..SessionScope::default() },
            SessionScope { source_identity: Some("alice".into()), ..SessionScope::default() },
        ];
        let files: BTreeSet<String> = scopes.into_iter().map(named).collect();
        assert_eq!(files.len(), 6);
        assert_eq!(
            named(policy(r#"{ "Version": "2012-10-17" }"#)),
            named(policy(r#"{"Version":"2012-10-17"}"#))
        );
    }

    #[test]
    fn what_sts_would_not_take_is_told_in_aws_cli_s_words() {
        let role = AssumeRole {
            role_arn: "arn:aws:iam::1:role/x".into(),
            session_name: Some("ab".into()),
            ..AssumeRole::default()
        };
        assert!(role.check(Some("123456")).is_ok());
        let wrong = AssumeRole { role_arn: "x".into(), duration_seconds: Some(5), ..role };
        assert_eq!(
            wrong.check(Some("")).unwrap_err().to_string(),
            "Parameter validation failed:\n\
             Invalid value for parameter DurationSeconds, value: 5, valid min value: 900\n\
             Invalid length for parameter RoleArn, value: 1, valid min length: 20\n\
             Invalid length for parameter TokenCode, value: 0, valid min length: 6"
        );
    }
}
