//! Credentials for a purpose: a role over what a profile gives, or the profile's own role taken narrower.

use super::{ChainError, Link};
use crate::sts::{AssumeRole, SessionScope};

/// How the credentials of a link are to differ from what its profile configures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// A role to take with the link's credentials.
    pub role_arn: Option<String>,
    /// The session's name in the role's ARN.
    pub session_name: Option<String>,
    /// How long the keys last, in seconds.
    pub duration_seconds: Option<i32>,
    /// What narrows and labels the session.
    pub scope: SessionScope,
}

/// AWS's limit for a role that is taken with another role's credentials, in seconds.
pub const LONGEST_CHAINED: i32 = 3600;

impl Wish {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Link {
    /// The link that gives what is wished for. That is refused where no `AssumeRole` is made that could carry the wish:
    /// credentials that were to be narrow never come out at full power.
    pub fn with(self, profile: &str, wish: Wish) -> Result<Self, ChainError> {
        if wish.is_empty() {
            return Ok(self);
        }
        let link = self.changed(profile, wish)?;
        match &link {
            Self::AssumeRole { role, .. }
                if link.is_chained()
                    && role.duration_seconds.is_some_and(|wanted| wanted > LONGEST_CHAINED) =>
            {
                Err(ChainError::ChainedTooLong { role_arn: role.role_arn.clone() })
            }
            _ => Ok(link),
        }
    }

    /// Whether it is a role that is taken with another role's credentials.
    pub fn is_chained(&self) -> bool {
        let Some(source) = self.source() else { return false };
        match source {
            Self::AssumeRole { .. }
            | Self::Sso { .. }
            | Self::WebIdentity { .. }
            | Self::Container(_)
            | Self::Instance(_) => true,
            // Who signs in to the console, and what a program gives, may be either.
            Self::Static(_) | Self::MfaSession { .. } | Self::Login { .. } | Self::Process { .. } => false,
        }
    }

    fn changed(self, profile: &str, wish: Wish) -> Result<Self, ChainError> {
        let Wish { role_arn, session_name, duration_seconds, scope } = wish;
        if let Some(role_arn) = role_arn {
            let role =
                AssumeRole { role_arn, session_name, duration_seconds, scope, ..AssumeRole::default() };
            return Ok(Self::AssumeRole { profile: profile.to_owned(), role, source: Box::new(self) });
        }
        let given_by = self.given_by();
        let Self::AssumeRole { profile, mut role, source } = self else {
            return Err(ChainError::NotNarrowable { given_by });
        };
        role.session_name = session_name.or(role.session_name);
        role.duration_seconds = duration_seconds.or(role.duration_seconds);
        role.scope = scope.over(role.scope);
        Ok(Self::AssumeRole { profile, role, source })
    }

    fn given_by(&self) -> &'static str {
        match self {
            Self::Static(_) => "keys as they are",
            Self::MfaSession { .. } => "a session that an MFA code has opened",
            Self::WebIdentity { .. } => "a web identity",
            Self::Container(_) => "the container's service",
            Self::Instance(_) => "the instance's service",
            Self::Sso { .. } => "an Identity Center role",
            Self::Login { .. } => "a console login",
            Self::Process { .. } => "a credential_process",
            Self::AssumeRole { .. } => "AssumeRole",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Method;
    use crate::chain::StaticKeys;
    use crate::sso::{RoleRef, SsoConfig};

    fn keys() -> Link {
        Link::Static(StaticKeys {
            method: Method::Environment,
            access_key_id: "A".into(),
            secret_access_key: "S".into(),
            session_token: None,
            expiration: None,
            account_id: None,
        })
    }

    fn role_of(link: Link) -> AssumeRole {
        let Link::AssumeRole { role, .. } = link else { panic!("{link:?} is no role") };
        role
    }

    fn read_only() -> Wish {
        let scope = SessionScope { policy_arns: vec!["arn:p".into()], ..SessionScope::default() };
        Wish { scope, ..Wish::default() }
    }

    #[test]
    fn nothing_but_assume_role_can_be_narrowed() {
        let sso = SsoConfig { session: None, start_url: "u".into(), region: "r".into(), scopes: None };
        let role = RoleRef { account_id: "1".into(), role_name: "R".into() };
        let process = Link::Process { profile: "p".into(), command: "c".into() };
        for link in [keys(), Link::Sso { sso, role }, process] {
            let error = link.clone().with("p", read_only()).unwrap_err();
            assert!(matches!(error, ChainError::NotNarrowable { .. }), "{error}");
            let duration = Wish { duration_seconds: Some(900), ..Wish::default() };
            assert!(link.clone().with("p", duration).is_err());
            assert!(link.with("p", Wish::default()).is_ok());
        }
    }

    #[test]
    fn a_role_carries_the_wish_itself_or_is_the_source_of_the_role_that_does() {
        let first =
            AssumeRole { role_arn: "arn:r".into(), duration_seconds: Some(7200), ..AssumeRole::default() };
        let link = Link::AssumeRole { profile: "p".into(), role: first.clone(), source: Box::new(keys()) };
        let narrowed = role_of(link.clone().with("p", read_only()).unwrap());
        assert_eq!(narrowed.scope, read_only().scope);
        assert_eq!((narrowed.role_arn.as_str(), narrowed.duration_seconds), ("arn:r", Some(7200)));

        let wish = Wish { role_arn: Some("arn:s".into()), ..read_only() };
        let Link::AssumeRole { role, source, .. } = link.with("p", wish).unwrap() else { panic!("a role") };
        assert_eq!((role.role_arn.as_str(), role.scope), ("arn:s", read_only().scope));
        assert_eq!(role_of(*source), first);
    }

    #[test]
    fn a_role_over_a_role_lasts_an_hour_at_most() {
        let first = Wish { role_arn: Some("arn:r".into()), duration_seconds: Some(7200), ..Wish::default() };
        let link = keys().with("p", first.clone()).unwrap();
        assert!(!link.is_chained());
        let error = link.clone().with("p", first.clone()).unwrap_err();
        assert!(matches!(error, ChainError::ChainedTooLong { .. }), "{error}");
        let hour = Wish { duration_seconds: Some(LONGEST_CHAINED), ..first };
        assert!(link.with("p", hour).unwrap().is_chained());
    }
}
