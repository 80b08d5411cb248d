//! Which link of the chain gives the credentials. Reads settings, asks nobody.

use awsx_core::profile::{Profiles, Properties};
use awsx_core::settings::{Origin, Settings};
use awsx_core::{Env, Secret, timestamp};
use time::OffsetDateTime;

use super::ChainError;
use crate::sso::{RoleRef, SsoConfig, SsoError};
use crate::sts::{AssumeRole, SessionScope};
use crate::{AuthError, Method};

/// Where credentials are to come from.
#[derive(Clone, Debug)]
pub enum Link {
    /// Keys that lie there: in the environment or in one of the files.
    Static(StaticKeys),
    /// An Identity Center role.
    Sso {
        /// The sign-in.
        sso: SsoConfig,
        /// The role.
        role: RoleRef,
    },
    /// A program that prints keys.
    Process {
        /// The profile that configures it.
        profile: String,
        /// Program and arguments, as configured.
        command: String,
    },
    /// A role taken with another link's keys.
    AssumeRole {
        /// The profile that configures it.
        profile: String,
        /// What STS is asked for.
        role: AssumeRole,
        /// Whose keys ask.
        source: Box<Link>,
    },
}

/// A key pair as found.
#[derive(Clone, Debug)]
pub struct StaticKeys {
    /// Where.
    pub method: Method,
    /// The key id.
    pub access_key_id: String,
    /// The signing secret.
    pub secret_access_key: Secret<String>,
    /// Present with temporary keys.
    pub session_token: Option<Secret<String>>,
    /// When the environment says they end.
    pub expiration: Option<OffsetDateTime>,
    /// The account, if told.
    pub account_id: Option<String>,
}

/// The link that gives the credentials for these settings; none if no link is configured.
pub fn plan(settings: &Settings) -> Result<Option<Link>, AuthError> {
    // A profile that was named must exist, even where the environment's keys win.
    settings.scoped()?;
    let by_flag = settings.named_profile().is_some_and(|named| matches!(named.origin, Origin::Flag(_)));
    if !by_flag && let Some(keys) = environment_keys(settings.env())? {
        return Ok(Some(Link::Static(keys)));
    }
    plan_profile(settings, &settings.profile_name())
}

/// The link that a profile configures, whatever the environment holds.
pub fn plan_profile(settings: &Settings, name: &str) -> Result<Option<Link>, AuthError> {
    let profiles = settings.profiles()?;
    match profiles.profile(name) {
        Some(profile) => Planner { settings, profiles }.profile(name, &profile, &mut Vec::new()),
        None => Ok(None),
    }
}

impl Link {
    /// The link at the bottom, whose keys the others build on.
    pub fn root(&self) -> &Self {
        match self {
            Self::AssumeRole { source, .. } => source.root(),
            Self::Static(_) | Self::Sso { .. } | Self::Process { .. } => self,
        }
    }

    /// The file under `~/.aws/cli/cache` that holds this link's keys, if it is one that is kept.
    pub fn cache_file(&self) -> Option<String> {
        match self {
            Self::Static(_) | Self::Process { .. } => None,
            Self::Sso { sso, role } => Some(role.file_name(sso)),
            Self::AssumeRole { role, .. } => Some(role.file_name()),
        }
    }
}

struct Planner<'a> {
    settings: &'a Settings,
    profiles: &'a Profiles,
}

impl Planner<'_> {
    fn profile(
        &self,
        name: &str,
        profile: &Properties,
        visited: &mut Vec<String>,
    ) -> Result<Option<Link>, AuthError> {
        if profile.text("web_identity_token_file").is_some() {
            return Err(unsupported(name, "web_identity_token_file").into());
        }
        if let Some(role_arn) = profile.text("role_arn") {
            return self.role(name, profile, role_arn, visited).map(Some);
        }
        if profile.text("sso_account_id").is_some() || profile.text("sso_role_name").is_some() {
            return sso_link(self.profiles, name, profile).map(Some);
        }
        self.keys_or_process(name, profile)
    }

    fn role(
        &self,
        name: &str,
        profile: &Properties,
        role_arn: &str,
        visited: &mut Vec<String>,
    ) -> Result<Link, AuthError> {
        visited.push(name.to_owned());
        let source = match (profile.text("source_profile"), profile.text("credential_source")) {
            (Some(_), Some(_)) => return Err(ChainError::TwoSources(name.to_owned()).into()),
            (None, None) => {
                let missing = "source_profile or credential_source";
                return Err(ChainError::Partial { method: "assume-role", missing }.into());
            }
            (None, Some(source)) => self.credential_source(name, source)?,
            (Some(source), None) => self.source_profile(name, source, visited)?,
        };
        let text = |key| profile.text(key).map(str::to_owned);
        let role = AssumeRole {
            role_arn: role_arn.to_owned(),
            session_name: text("role_session_name"),
            external_id: text("external_id"),
            // AWS CLI disregards what is not a number.
            duration_seconds: profile
                .text("duration_seconds")
                .and_then(|seconds| seconds.trim().parse().ok()),
            mfa_serial: text("mfa_serial"),
            scope: SessionScope::default(),
        };
        Ok(Link::AssumeRole { profile: name.to_owned(), role, source: Box::new(source) })
    }

    fn credential_source(&self, name: &str, source: &str) -> Result<Link, AuthError> {
        match source {
            "Environment" => match environment_keys(self.settings.env())? {
                Some(keys) => Ok(Link::Static(keys)),
                None => Err(ChainError::SourceWithoutCredentials(source.to_owned()).into()),
            },
            "EcsContainer" | "Ec2InstanceMetadata" => Err(unsupported(name, "credential_source").into()),
            _ => {
                let (source_name, profile) = (source.to_owned(), name.to_owned());
                Err(ChainError::SourceInvalid { source_name, profile }.into())
            }
        }
    }

    fn source_profile(&self, name: &str, source: &str, visited: &mut Vec<String>) -> Result<Link, AuthError> {
        let Some(profile) = self.profiles.profile(source) else {
            let (source_profile, profile) = (source.to_owned(), name.to_owned());
            return Err(ChainError::SourceUnknown { source_profile, profile }.into());
        };
        // A role profile may be its own source if it holds keys too.
        if source == name
            && let Some(Link::Static(keys)) = self.keys_or_process(source, &profile)?
        {
            return Ok(Link::Static(keys));
        }
        if visited.iter().any(|seen| seen == source) {
            let (profile, visited) = (source.to_owned(), visited.clone());
            return Err(ChainError::Loop { profile, visited }.into());
        }
        let link = self.profile(source, &profile, visited)?;
        link.ok_or_else(|| ChainError::SourceWithoutCredentials(source.to_owned()).into())
    }

    /// The credentials file's keys, then a program, then the config file's keys.
    fn keys_or_process(&self, name: &str, profile: &Properties) -> Result<Option<Link>, AuthError> {
        let shared = self.profiles.credentials_profile(name).unwrap_or_default();
        if let Some(keys) = profile_keys(&shared, Method::SharedCredentialsFile)? {
            return Ok(Some(Link::Static(keys)));
        }
        if profile.text("login_session").is_some() {
            return Err(unsupported(name, "login_session").into());
        }
        if let Some(command) = profile.text("credential_process") {
            return Ok(Some(Link::Process { profile: name.to_owned(), command: command.to_owned() }));
        }
        let config = self.profiles.config_profile(name).unwrap_or_default();
        Ok(profile_keys(&config, Method::ConfigFile)?.map(Link::Static))
    }
}

/// The Identity Center role of a profile, all its keys checked.
fn sso_link(profiles: &Profiles, name: &str, profile: &Properties) -> Result<Link, AuthError> {
    let session = profile.text("sso_session");
    let section = match session {
        None => Properties::default(),
        Some(session) => {
            profiles.sso_session(session).ok_or_else(|| SsoError::UnknownSession(session.to_owned()))?
        }
    };
    for key in ["sso_region", "sso_start_url"] {
        if let (Some(in_profile), Some(in_session)) = (profile.text(key), section.text(key))
            && in_profile != in_session
        {
            let (in_profile, in_session) = (in_profile.to_owned(), in_session.to_owned());
            return Err(SsoError::Inconsistent { key, in_profile, in_session }.into());
        }
    }
    let text = |key| section.text(key).or_else(|| profile.text(key)).map(str::to_owned);
    let required = ["sso_start_url", "sso_region", "sso_role_name", "sso_account_id"];
    let missing: Vec<&str> = required.into_iter().filter(|key| text(key).is_none()).collect();
    let [Some(start_url), Some(region), Some(role_name), Some(account_id)] = required.map(text) else {
        return Err(SsoError::IncompleteProfile { profile: name.to_owned(), missing }.into());
    };
    let sso = match session {
        Some(session) => SsoConfig { start_url, region, ..SsoConfig::of_session(profiles, session)? },
        None => SsoConfig { session: None, start_url, region, scopes: None },
    };
    Ok(Link::Sso { sso, role: RoleRef { account_id, role_name } })
}

fn environment_keys(env: &Env) -> Result<Option<StaticKeys>, ChainError> {
    let Some(access_key_id) = env.var_filled("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let method = Method::Environment;
    let secret = env
        .var_filled("AWS_SECRET_ACCESS_KEY")
        .ok_or(ChainError::Partial { method: method.as_str(), missing: "AWS_SECRET_ACCESS_KEY" })?;
    let token = env.var_filled("AWS_SECURITY_TOKEN").or_else(|| env.var_filled("AWS_SESSION_TOKEN"));
    let expiration = env.var_filled("AWS_CREDENTIAL_EXPIRATION").and_then(timestamp::parse);
    if expiration.is_some_and(|end| end <= env.now()) {
        return Err(ChainError::Expired);
    }
    Ok(Some(StaticKeys {
        method,
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret.into(),
        session_token: token.map(Secret::from),
        expiration,
        account_id: env.var_filled("AWS_ACCOUNT_ID").map(str::to_owned),
    }))
}

fn profile_keys(profile: &Properties, method: Method) -> Result<Option<StaticKeys>, ChainError> {
    let Some(access_key_id) = profile.text("aws_access_key_id") else { return Ok(None) };
    let secret = profile
        .text("aws_secret_access_key")
        .ok_or(ChainError::Partial { method: method.as_str(), missing: "aws_secret_access_key" })?;
    let token = profile.text("aws_security_token").or_else(|| profile.text("aws_session_token"));
    Ok(Some(StaticKeys {
        method,
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret.into(),
        session_token: token.filter(|token| !token.is_empty()).map(Secret::from),
        expiration: None,
        account_id: profile.text("aws_account_id").map(str::to_owned),
    }))
}

fn unsupported(profile: &str, key: &'static str) -> ChainError {
    ChainError::Unsupported { profile: profile.to_owned(), key }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plans in a home with this config and credentials file.
    fn plan_of(
        config: &str,
        credentials: &str,
        variables: &[(&str, &str)],
        profile: &str,
    ) -> Result<Option<Link>, AuthError> {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".aws");
        awsx_core::store::write_atomic(&folder.join("config"), config.as_bytes()).unwrap();
        awsx_core::store::write_atomic(&folder.join("credentials"), credentials.as_bytes()).unwrap();
        let home = [("HOME", home.path().to_str().unwrap())];
        let env = Env::of(home.into_iter().chain(variables.iter().copied()));
        plan(&Settings::new(env, [("--profile", profile.to_owned())]))
    }

    fn method(link: Option<Link>) -> Option<&'static str> {
        Some(match link? {
            Link::Static(keys) => keys.method.as_str(),
            Link::Sso { .. } => "sso",
            Link::Process { .. } => "custom-process",
            Link::AssumeRole { .. } => "assume-role",
        })
    }

    const KEYS: &str = "aws_access_key_id = A\naws_secret_access_key = S\n";
    const ENV_KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "S")];

    #[test]
    fn a_profile_named_by_flag_beats_the_environment_and_one_named_by_variable_does_not() {
        let config = format!("[profile a]\n{KEYS}");
        assert_eq!(method(plan_of(&config, "", &ENV_KEYS, "a").unwrap()), Some("config-file"));
        let mut variables = ENV_KEYS.to_vec();
        variables.push(("AWS_PROFILE", "a"));
        assert_eq!(method(plan_of(&config, "", &variables, "").unwrap()), Some("env"));
        variables[2].1 = "nope";
        let error = plan_of(&config, "", &variables, "").unwrap_err().to_string();
        assert_eq!(error, "The config profile (nope) could not be found");
    }

    #[test]
    fn role_beats_sso_beats_the_credentials_file_beats_a_program_beats_the_config_file() {
        let sso = "sso_start_url = u\nsso_region = r\nsso_account_id = 1\nsso_role_name = R\n";
        let role = "role_arn = arn:aws:iam::1:role/x\nsource_profile = a\n";
        let credentials = format!("[a]\n{KEYS}");
        let with =
            |keys: &str| method(plan_of(&format!("[profile a]\n{keys}"), &credentials, &[], "a").unwrap());
        assert_eq!(with(&format!("{KEYS}{sso}{role}")), Some("assume-role"));
        assert_eq!(with(&format!("{KEYS}{sso}")), Some("sso"));
        assert_eq!(with(KEYS), Some("shared-credentials-file"));
        let process = format!("[profile b]\n{KEYS}credential_process = x\n");
        assert_eq!(method(plan_of(&process, "", &[], "b").unwrap()), Some("custom-process"));
        assert_eq!(method(plan_of("", "", &[], "").unwrap()), None);
    }

    #[test]
    fn broken_configurations_say_what_is_wrong_in_aws_cli_s_words() {
        let config = "\
[profile loop]\nrole_arn = a\nsource_profile = loop2\n[profile loop2]\nrole_arn = a\nsource_profile = loop\n\
[profile both]\nrole_arn = a\nsource_profile = x\ncredential_source = Environment\n\
[profile none]\nrole_arn = a\n[profile ghost]\nrole_arn = a\nsource_profile = gone\n\
[profile odd]\nrole_arn = a\ncredential_source = Foo\n\
[profile empty]\nregion = r\n[profile hollow]\nrole_arn = a\nsource_profile = empty\n\
[profile half]\naws_access_key_id = A\n\
[profile nosess]\nsso_session = nope\nsso_account_id = 1\nsso_role_name = R\n\
[profile norole]\nsso_session = s\nsso_account_id = 1\n\
[profile clash]\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\nsso_region = a\n\
[sso-session s]\nsso_region = b\nsso_start_url = u\n";
        for (profile, text) in [
            (
                "loop",
                "Infinite loop in credential configuration detected. Attempting to load from profile loop which \
                 has already been visited. Visited profiles: ['loop', 'loop2']",
            ),
            ("both", "The profile \"both\" contains both source_profile and credential_source."),
            (
                "none",
                "Partial credentials found in assume-role, missing: source_profile or credential_source",
            ),
            ("ghost", "The source_profile \"gone\" referenced in the profile \"ghost\" does not exist."),
            ("odd", "The credential source \"Foo\" referenced in profile \"odd\" is not valid."),
            ("hollow", "The source profile \"empty\" must have credentials."),
            ("half", "Partial credentials found in config-file, missing: aws_secret_access_key"),
            ("nosess", "The specified sso-session does not exist: \"nope\""),
            (
                "norole",
                "The profile \"norole\" is configured to use SSO but is missing required configuration: \
                 sso_role_name",
            ),
            ("clash", "The value for sso_region is inconsistent between profile (a) and sso-session (b)."),
        ] {
            assert_eq!(plan_of(config, "", &[], profile).unwrap_err().to_string(), text, "{profile}");
        }
    }

    #[test]
    fn a_role_may_be_its_own_source_when_it_holds_keys() {
        let config = format!("[profile a]\nrole_arn = r\nsource_profile = a\n{KEYS}");
        let Some(Link::AssumeRole { source, .. }) = plan_of(&config, "", &[], "a").unwrap() else {
            panic!("a role is planned")
        };
        assert!(matches!(*source, Link::Static(_)));
    }
}
