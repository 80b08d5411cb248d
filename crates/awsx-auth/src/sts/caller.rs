//! `GetCallerIdentity`: whose credentials these are.

use awsx_http::CallError;

use crate::{AuthError, Clients, Credentials};

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// Of the user, or of the role's or federated user's session.
    pub arn: String,
}

/// Credentials that are no user's where a user's are needed.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no IAM user")]
pub struct NotAUser(pub String);

impl Caller {
    /// Asks STS.
    pub async fn fetch(
        clients: &Clients<'_>,
        region: &str,
        credentials: &Credentials,
    ) -> Result<Self, AuthError> {
        let answer = clients.sts(region, Some(credentials))?.get_caller_identity().send().await;
        let answer = answer.map_err(|error| CallError::of("GetCallerIdentity", error))?;
        match (answer.account, answer.arn) {
            (Some(account), Some(arn)) => Ok(Self { account, arn }),
            _ => Err(CallError::Other("the answer of GetCallerIdentity holds no ARN".to_owned()).into()),
        }
    }

    /// The IAM user's name, without its path, if it is a user.
    pub fn user_name(&self) -> Option<&str> {
        match self.arn.splitn(6, ':').collect::<Vec<_>>()[..] {
            ["arn", _, "iam", "", _, resource] => resource.strip_prefix("user/")?.rsplit('/').next(),
            _ => None,
        }
    }

    /// The same for what only users can do.
    pub fn required_user_name(&self) -> Result<&str, NotAUser> {
        self.user_name().ok_or_else(|| NotAUser(self.arn.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_users_have_user_names() {
        for (arn, expected) in [
            ("arn:aws:iam::111122223333:user/alice", Some("alice")),
            ("arn:aws-cn:iam::111122223333:user/team/a/bob", Some("bob")),
            ("arn:aws:iam::111122223333:root", None),
            ("arn:aws:sts::111122223333:assumed-role/r/alice", None),
        ] {
            let caller = Caller { account: "111122223333".to_owned(), arn: arn.to_owned() };
            assert_eq!(caller.user_name(), expected, "{arn}");
        }
    }
}
