//! Which link of the chain gives the credentials. Reads settings and files, asks nobody.

use awsx_core::profile::{ProfileError, Profiles, Properties};
use awsx_core::settings::{Origin, Settings, table};

use super::{ChainError, Link, StaticKeys, static_keys};
use crate::metadata::{ContainerEndpoint, InstanceEndpoint};
use crate::sso::{RoleRef, SsoConfig, SsoError};
use crate::sts::{AssumeRole, SessionScope, WebIdentity};
use crate::{AuthError, Credentials, Method};

/// The links in the order they are tried, which is AWS CLI's.
pub const ORDER: [Method; 12] = [
    Method::Environment,
    Method::AssumeRole,
    Method::WebIdentity,
    Method::Sso,
    Method::SharedCredentialsFile,
    Method::Login,
    Method::Process,
    Method::ConfigFile,
    Method::Ec2CredentialsFile,
    Method::BotoConfig,
    Method::Container,
    Method::Instance,
];

/// The links that a profile can configure, in the order they are tried for the source of a role.
const OF_SOURCE: [Method; 6] = [
    Method::WebIdentity,
    Method::Sso,
    Method::SharedCredentialsFile,
    Method::Login,
    Method::Process,
    Method::ConfigFile,
];

/// What a role is configured by, where it comes from and how it is taken.
const ROLE_KEYS: [&str; 13] = [
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "role_session_name",
    "external_id",
    "duration_seconds",
    "mfa_serial",
    "source_identity",
    "session_tags",
    "transitive_session_tags",
    "session_policy",
    "session_policy_arns",
];

/// The link that gives the credentials for these settings; none if no link is configured.
pub fn plan(settings: &Settings) -> Result<Option<Link>, AuthError> {
    // A profile that was named must exist, even where the environment's keys win.
    settings.scoped()?;
    let planner = Planner::of(settings)?;
    for method in ORDER {
        if let Some(link) = planner.look(method)? {
            return Ok(Some(link));
        }
    }
    Ok(None)
}

/// The long-term keys behind these settings, also where a session is to be opened for them; none where the credentials
/// come from elsewhere.
pub fn long_term_keys(settings: &Settings) -> Result<Option<Credentials>, AuthError> {
    Ok(match plan(settings)? {
        Some(Link::Static(keys) | Link::MfaSession { keys, .. }) if keys.session_token.is_none() => {
            Some(keys.into())
        }
        _ => None,
    })
}

/// The link that a profile configures, whatever the environment holds.
pub fn plan_profile(settings: &Settings, name: &str) -> Result<Option<Link>, AuthError> {
    let planner = Planner::of(settings)?;
    if let Some(role) = planner.assume_role(name, &mut vec![name.to_owned()])? {
        return Ok(Some(role));
    }
    planner.without_role(name, None)
}

/// Looks for links, one kind at a time.
pub(super) struct Planner<'a> {
    pub(super) settings: &'a Settings,
    profiles: &'a Profiles,
}

impl<'a> Planner<'a> {
    pub(super) fn of(settings: &'a Settings) -> Result<Self, ProfileError> {
        Ok(Self { settings, profiles: settings.profiles()? })
    }

    /// The link of one kind for the settings in use, if it is configured.
    pub(super) fn look(&self, method: Method) -> Result<Option<Link>, AuthError> {
        let name = self.settings.profile_name();
        let env = self.settings.env();
        match method {
            Method::Environment if self.environment_counts() => {
                let keys = static_keys::of_environment(env)?;
                keys.map(|keys| self.with_session(&name, keys, None)).transpose()
            }
            Method::Environment => Ok(None),
            Method::AssumeRole => self.assume_role(&name, &mut vec![name.clone()]),
            Method::WebIdentity => self.web_identity(&name, self.environment_counts()),
            Method::Ec2CredentialsFile => Ok(static_keys::of_ec2_file(env)?.map(Link::Static)),
            Method::BotoConfig => Ok(static_keys::of_boto_config(env)?.map(Link::Static)),
            Method::Container => Ok(ContainerEndpoint::of(env).map(Link::Container)),
            Method::Instance => Ok(InstanceEndpoint::resolve(self.settings)?.map(Link::Instance)),
            of_profile => self.of_profile(of_profile, &name, None),
        }
    }

    /// `--profile` sets the environment's credentials aside; `AWS_PROFILE` does not.
    pub(super) fn environment_counts(&self) -> bool {
        !self.settings.named_profile().is_some_and(|named| matches!(named.origin, Origin::Flag(_)))
    }

    /// The role that a profile takes by either of the two ways.
    pub(super) fn role_of(&self, name: &str) -> Result<Option<Link>, AuthError> {
        match self.assume_role(name, &mut vec![name.to_owned()])? {
            Some(link) => Ok(Some(link)),
            None => self.web_identity(name, false),
        }
    }

    /// The values that tell one role of a profile from another.
    pub(super) fn role_values(&self, name: &str) -> Vec<Option<String>> {
        let profile = self.profile(name);
        ROLE_KEYS.iter().map(|key| profile.text(key).map(str::to_owned)).collect()
    }

    fn profile(&self, name: &str) -> Properties {
        self.profiles.profile(name).unwrap_or_default()
    }

    fn of_profile(
        &self,
        method: Method,
        name: &str,
        parent: Option<&Properties>,
    ) -> Result<Option<Link>, AuthError> {
        let section = match method {
            Method::WebIdentity => return self.web_identity(name, false),
            Method::Sso => return self.sso(name),
            Method::Login => {
                let session = self.profile(name).text("login_session").map(str::to_owned);
                return Ok(session.map(|session| Link::Login { profile: name.to_owned(), session }));
            }
            Method::Process => {
                let command = self.profile(name).text("credential_process").map(str::to_owned);
                return Ok(command.map(|command| Link::Process { profile: name.to_owned(), command }));
            }
            Method::SharedCredentialsFile => self.profiles.credentials_profile(name),
            _ => self.profiles.config_profile(name),
        };
        let keys = static_keys::of_section(&section.unwrap_or_default(), method)?;
        keys.map(|keys| self.with_session(name, keys, parent)).transpose()
    }

    /// What a profile gives apart from a role that it takes.
    fn without_role(&self, name: &str, parent: Option<&Properties>) -> Result<Option<Link>, AuthError> {
        for method in OF_SOURCE {
            if let Some(link) = self.of_profile(method, name, parent)? {
                return Ok(Some(link));
            }
        }
        Ok(None)
    }

    /// The keys themselves, or the session that an MFA code opens for them. Keys that are a session already cannot
    /// open one. `parent` is the role profile that the keys are for: its device serves where they name none.
    fn with_session(
        &self,
        name: &str,
        keys: StaticKeys,
        parent: Option<&Properties>,
    ) -> Result<Link, AuthError> {
        let profile = self.profile(name);
        let by_flag = self.settings.resolve(&table::MFA_SESSION)?;
        let by_flag = by_flag.is_some_and(|session| matches!(session.origin, Origin::Flag(_)));
        let wanted = |properties: &Properties| by_flag || properties.text("mfa_session") == Some("auto");
        if keys.session_token.is_some() || !(wanted(&profile) || parent.is_some_and(wanted)) {
            return Ok(Link::Static(keys));
        }
        let serial = profile.text("mfa_serial").or_else(|| parent?.text("mfa_serial"));
        match serial {
            Some(serial) => {
                Ok(Link::MfaSession { profile: name.to_owned(), serial: serial.to_owned(), keys })
            }
            None => Err(ChainError::NoDevice { profile: name.to_owned() }.into()),
        }
    }

    /// `visited` are the profiles that led here, this one last.
    fn assume_role(&self, name: &str, visited: &mut Vec<String>) -> Result<Option<Link>, AuthError> {
        let profile = self.profile(name);
        if !takes_role(&profile) {
            return Ok(None);
        }
        let role_arn = profile.text("role_arn").unwrap_or_default().to_owned();
        let source = match (profile.text("source_profile"), profile.text("credential_source")) {
            (Some(_), Some(_)) => return Err(ChainError::TwoSources(name.to_owned()).into()),
            (None, None) => {
                let missing = "source_profile or credential_source";
                return Err(ChainError::Partial { method: Method::AssumeRole.as_str(), missing }.into());
            }
            (None, Some(source)) => self.credential_source(name, source)?,
            (Some(source), None) => self.source_profile(name, &profile, source, visited)?,
        };
        let text = |key| profile.text(key).map(str::to_owned);
        let role = AssumeRole {
            role_arn,
            session_name: text("role_session_name").filter(|name| !name.is_empty()),
            external_id: text("external_id"),
            // AWS CLI disregards what is not a number.
            duration_seconds: profile
                .text("duration_seconds")
                .and_then(|seconds| seconds.trim().parse().ok()),
            mfa_serial: text("mfa_serial"),
            scope: scope_of(name, &profile)?,
        };
        Ok(Some(Link::AssumeRole { profile: name.to_owned(), role, source: Box::new(source) }))
    }

    fn credential_source(&self, name: &str, source: &str) -> Result<Link, AuthError> {
        let env = self.settings.env();
        let link = match source {
            "Environment" => static_keys::of_environment(env)?.map(Link::Static),
            "EcsContainer" => ContainerEndpoint::of(env).map(Link::Container),
            "Ec2InstanceMetadata" => InstanceEndpoint::resolve(self.settings)?.map(Link::Instance),
            _ => {
                let (source_name, profile) = (source.to_owned(), name.to_owned());
                return Err(ChainError::SourceInvalid { source_name, profile }.into());
            }
        };
        link.ok_or_else(|| {
            let (source_name, profile) = (source.to_owned(), name.to_owned());
            ChainError::SourceEmpty { source_name, profile }.into()
        })
    }

    fn source_profile(
        &self,
        name: &str,
        parent: &Properties,
        source: &str,
        visited: &mut Vec<String>,
    ) -> Result<Link, AuthError> {
        let Some(profile) = self.profiles.profile(source) else {
            let (source_profile, profile) = (source.to_owned(), name.to_owned());
            return Err(ChainError::SourceUnknown { source_profile, profile }.into());
        };
        let has_keys =
            ["aws_access_key_id", "aws_secret_access_key"].iter().any(|key| profile.property(key).is_some());
        // A role profile may be its own source if it holds keys too.
        let is_own_source = source == name && has_keys;
        if visited.iter().any(|seen| seen == source) && !is_own_source {
            let (profile, visited) = (source.to_owned(), visited.clone());
            return Err(ChainError::Loop { profile, visited }.into());
        }
        visited.push(source.to_owned());
        let link = if has_keys || !takes_role(&profile) {
            self.without_role(source, Some(parent))?
        } else {
            self.assume_role(source, visited)?
        };
        link.ok_or_else(|| ChainError::SourceWithoutCredentials(source.to_owned()).into())
    }

    /// Each value comes from the environment first, where that counts.
    fn web_identity(&self, name: &str, environment_counts: bool) -> Result<Option<Link>, AuthError> {
        let env = self.settings.env();
        let profile = self.profile(name);
        let value = |variable: &str, key: &str| {
            let of_environment = env.var(variable).filter(|_| environment_counts);
            of_environment.or_else(|| profile.text(key)).map(str::to_owned)
        };
        let token_file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
        let Some(token_file) = token_file.filter(|path| !path.is_empty()) else { return Ok(None) };
        let role_arn = value("AWS_ROLE_ARN", "role_arn").filter(|role| !role.is_empty());
        let role = WebIdentity {
            role_arn: role_arn.ok_or(ChainError::WebIdentityWithoutRole)?,
            session_name: value("AWS_ROLE_SESSION_NAME", "role_session_name").filter(|name| !name.is_empty()),
            token_file: env.expand_path(&token_file),
        };
        Ok(Some(Link::WebIdentity { profile: name.to_owned(), role }))
    }

    /// The Identity Center role of a profile, all its keys checked.
    fn sso(&self, name: &str) -> Result<Option<Link>, AuthError> {
        let profile = self.profile(name);
        if profile.text("sso_account_id").is_none() && profile.text("sso_role_name").is_none() {
            return Ok(None);
        }
        let session = profile.text("sso_session");
        let section = match session {
            None => Properties::default(),
            Some(session) => self
                .profiles
                .sso_session(session)
                .ok_or_else(|| ChainError::UnknownSession(session.to_owned()))?,
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
            Some(session) => {
                SsoConfig { start_url, region, ..SsoConfig::of_session(self.profiles, session)? }
            }
            None => SsoConfig { session: None, start_url, region, scopes: None },
        };
        Ok(Some(Link::Sso { sso, role: RoleRef { account_id, role_name } }))
    }
}

/// With a token file the role is one for a web identity, in the middle of a chain too.
fn takes_role(profile: &Properties) -> bool {
    profile.property("role_arn").is_some() && profile.property("web_identity_token_file").is_none()
}

/// What narrows and labels the role's session. AWS CLI has no keys for that; these are awsx's own.
fn scope_of(name: &str, profile: &Properties) -> Result<SessionScope, ChainError> {
    let list = |key| {
        let text = profile.text(key).unwrap_or_default();
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let tag = |item: String| match item.split_once('=') {
        Some((key, value)) => Ok((key.trim().to_owned(), value.trim().to_owned())),
        None => Err(ChainError::BadTag { profile: name.to_owned(), tag: item }),
    };
    Ok(SessionScope {
        policy: profile.text("session_policy").map(str::to_owned),
        policy_arns: list("session_policy_arns"),
        tags: list("session_tags").into_iter().map(tag).collect::<Result<_, _>>()?,
        transitive_tag_keys: list("transitive_session_tags"),
        source_identity: profile.text("source_identity").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use awsx_core::Env;

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
        let home = [("HOME", home.path().to_str().unwrap()), ("AWS_EC2_METADATA_DISABLED", "true")];
        let env = Env::of(home.into_iter().chain(variables.iter().copied()));
        plan(&Settings::new(env, [("--profile", profile.to_owned())]))
    }

    fn method(link: Option<Link>) -> Option<&'static str> {
        Some(link?.method().as_str())
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
        let login = format!("[profile l]\n{KEYS}login_session = arn\ncredential_process = x\n");
        assert_eq!(method(plan_of(&login, "", &[], "l").unwrap()), Some("login"));
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

    #[test]
    fn a_source_with_keys_gives_what_it_gives_without_its_role() {
        let config = format!(
            "[profile a]\nrole_arn = r\nsource_profile = b\n\
             [profile b]\nrole_arn = s\nsource_profile = gone\n{KEYS}"
        );
        let Some(Link::AssumeRole { source, .. }) = plan_of(&config, "", &[], "a").unwrap() else {
            panic!("a role is planned")
        };
        assert_eq!(source.method(), Method::ConfigFile);
    }

    #[test]
    fn a_web_identity_comes_from_the_environment_unless_a_profile_is_named_by_flag() {
        let variables = [("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "of-env")];
        let config = "[profile a]\nweb_identity_token_file = ~/t\nrole_arn = of-profile\n";
        let role_of =
            |profile: &str, variables: &[(&str, &str)]| match plan_of(config, "", variables, profile) {
                Ok(Some(Link::WebIdentity { role, .. })) => role.role_arn,
                other => panic!("{other:?}"),
            };
        assert_eq!(role_of("", &variables), "of-env");
        assert_eq!(role_of("a", &variables), "of-profile");
        let error = plan_of("", "", &variables[..1], "").unwrap_err().to_string();
        assert!(error.contains("has no role ARN configured"), "{error}");
    }

    #[test]
    fn an_mfa_session_is_opened_where_it_is_wanted_only() {
        let config = format!(
            "[profile plain]\nmfa_serial = m\n{KEYS}[profile auto]\nmfa_session = auto\nmfa_serial = m\n{KEYS}\
             [profile none]\nmfa_session = auto\n{KEYS}\
             [profile role]\nrole_arn = r\nsource_profile = plain\nmfa_serial = of-role\nmfa_session = auto\n"
        );
        let planned = |profile: &str| plan_of(&config, "", &[], profile).unwrap().unwrap();
        assert_eq!(planned("plain").method(), Method::ConfigFile);
        assert_eq!(planned("auto").method(), Method::SessionToken);
        assert!(matches!(planned("role").root(), Link::MfaSession { serial, .. } if serial == "m"));
        let error = plan_of(&config, "", &[], "none").unwrap_err().to_string();
        assert_eq!(error, "the profile `none` names no MFA device, so no session can be opened for its keys");
    }

    #[test]
    fn the_older_tools_files_and_the_machines_services_come_last() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("ec2");
        awsx_core::store::write_atomic(&path, b"AWSAccessKeyId=E\nAWSSecretKey=S\n").unwrap();
        let boto = home.path().join("boto");
        awsx_core::store::write_atomic(
            &boto,
            b"[Credentials]\naws_access_key_id = B\naws_secret_access_key = S\n",
        )
        .unwrap();
        let mut variables = vec![
            ("AWS_CREDENTIAL_FILE", path.to_str().unwrap()),
            ("BOTO_CONFIG", boto.to_str().unwrap()),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x"),
            ("AWS_EC2_METADATA_DISABLED", "false"),
        ];
        for expected in ["ec2-credentials-file", "boto-config", "container-role", "iam-role"] {
            assert_eq!(method(plan_of("", "", &variables, "").unwrap()), Some(expected));
            variables.remove(0);
        }
    }
}
