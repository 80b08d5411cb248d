//! `GetFederationToken`: temporary keys that a user with long-term keys may sign in to the console with.

use aws_sdk_sts::types::{PolicyDescriptorType, Tag};
use awsx_http::CallError;

use super::{SessionScope, credentials, keys_in};
use crate::{AuthError, Clients, Credentials, Method};

/// A federated user has the rights that both the user and this policy give, and none without a policy: this one leaves
/// the user's own.
const OWN_RIGHTS: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// Most characters of a federated user's name.
const LONGEST_NAME: usize = 32;

/// What to ask STS for.
#[derive(Clone, Debug, Default)]
pub struct FederationToken {
    /// The federated user's name, which the console and `CloudTrail` show; the user's own when none is given.
    pub name: Option<String>,
    /// How long keys and console session last, in seconds: 900 to 129,600.
    pub duration_seconds: Option<i32>,
    /// What narrows and labels the session; without a policy it has the user's rights.
    pub scope: SessionScope,
}

impl FederationToken {
    /// Exchanges long-term keys for temporary ones.
    pub async fn fetch(
        &self,
        clients: &Clients<'_>,
        region: &str,
        source: &Credentials,
    ) -> Result<Credentials, AuthError> {
        let sts = clients.sts(region, Some(source))?;
        let name = if let Some(name) = &self.name {
            name.clone()
        } else {
            let caller = sts.get_caller_identity().send().await;
            let caller = caller.map_err(|error| CallError::of("GetCallerIdentity", error))?;
            name_of(caller.arn.as_deref().unwrap_or_default())
        };
        let SessionScope { policy, policy_arns, tags, .. } = &self.scope;
        let own_rights = || policy_arns.is_empty().then(|| OWN_RIGHTS.to_owned());
        let tag = |(key, value): &(String, String)| Tag::builder().key(key).value(value).build();
        let tags: Vec<Tag> = tags.iter().map(tag).collect::<Result<_, _>>().expect("key and value are there");
        let arns = policy_arns.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build());
        let mut request =
            sts.get_federation_token().name(name).set_policy(policy.clone().or_else(own_rights));
        for arn in arns {
            request = request.policy_arns(arn);
        }
        for tag in tags {
            request = request.tags(tag);
        }
        let answer = request
            .set_duration_seconds(self.duration_seconds)
            .send()
            .await
            .map_err(|error| CallError::of("GetFederationToken", error))?;
        let keys = keys_in(answer.credentials, "GetFederationToken")?;
        let user = answer.federated_user.map(|user| user.arn);
        let account_id = user.and_then(|arn| arn.split(':').nth(4).map(str::to_owned));
        Ok(credentials(keys, Method::SessionToken, account_id))
    }
}

/// `alice` of `arn:aws:iam::111122223333:user/team/alice`, as far as a federated user may be called that.
fn name_of(arn: &str) -> String {
    let last = arn.rsplit(['/', ':']).next().unwrap_or_default();
    let allowed = |it: &char| it.is_ascii_alphanumeric() || "_+=,.@-".contains(*it);
    let name: String = last.chars().filter(allowed).take(LONGEST_NAME).collect();
    if name.len() < 2 { "awsx".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_users_as_far_as_it_may_be() {
        assert_eq!(name_of("arn:aws:iam::111122223333:user/team/alice"), "alice");
        assert_eq!(name_of("arn:aws:iam::111122223333:root"), "root");
        assert_eq!(name_of(&format!("arn:aws:iam::1:user/{}", "a".repeat(64))), "a".repeat(32));
        assert_eq!(name_of("arn:aws:iam::1:user/x"), "awsx");
    }
}
