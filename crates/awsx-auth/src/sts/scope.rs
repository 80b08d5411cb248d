//! What narrows a session below the rights of its role, and what labels it.

use serde_json::{Map, Value, json};

/// Session policies, session tags and source identity: what a call of `AssumeRole` may add to a session.
///
/// Policies only ever take away: the session may do what both the role and the policies allow. Several policies count
/// together, so one more can widen what the others leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionScope {
    /// A policy document, as JSON text.
    pub policy: Option<String>,
    /// ARNs of managed policies.
    pub policy_arns: Vec<String>,
    /// Session tags, keys and values.
    pub tags: Vec<(String, String)>,
    /// Keys of the tags that go on to the next role of a chain.
    pub transitive_tag_keys: Vec<String>,
    /// Who stands behind the session, through every further role.
    pub source_identity: Option<String>,
}

impl SessionScope {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This scope's members, and where it has none, the other's. Policies are one member: those of both together
    /// could allow more than either.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let own_policies = self.policy.is_some() || !self.policy_arns.is_empty();
        let (policy, policy_arns) =
            if own_policies { (self.policy, self.policy_arns) } else { (other.policy, other.policy_arns) };
        let (tags, transitive_tag_keys) = if self.tags.is_empty() {
            (other.tags, other.transitive_tag_keys)
        } else {
            (self.tags, self.transitive_tag_keys)
        };
        let source_identity = self.source_identity.or(other.source_identity);
        Self { policy, policy_arns, tags, transitive_tag_keys, source_identity }
    }

    /// Adds what there is to the parameters that a cache file's name is made from: a narrowed session has a file of
    /// its own.
    pub(super) fn add_to_key(&self, key: &mut Map<String, Value>) {
        let mut put = |name: &str, value: Value| key.insert(name.to_owned(), value);
        if let Some(policy) = &self.policy {
            // AWS CLI hashes the parsed document, in which blanks do not count.
            put("Policy", serde_json::from_str(policy).unwrap_or_else(|_| policy.clone().into()));
        }
        if !self.policy_arns.is_empty() {
            put("PolicyArns", self.policy_arns.iter().map(|arn| json!({ "arn": arn })).collect());
        }
        if !self.tags.is_empty() {
            put("Tags", self.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect());
        }
        if !self.transitive_tag_keys.is_empty() {
            put("TransitiveTagKeys", json!(self.transitive_tag_keys));
        }
        if let Some(identity) = &self.source_identity {
            put("SourceIdentity", json!(identity));
        }
    }
}
