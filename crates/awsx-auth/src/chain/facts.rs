//! Which values a link is made of, and where each stands: what `configure explain` shows.

use awsx_core::Secret;
use awsx_core::profile::{File, Place, Properties};
use awsx_core::settings::Settings;

use crate::Method;
use crate::metadata::CONTAINER_VARIABLES;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The key or the variable.
    pub name: String,
    /// The value; of a secret, the mask and its last four characters.
    pub shown: String,
    /// Where it stands.
    pub from: From,
    /// Whether another place's value counts instead.
    pub is_shadowed: bool,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// An environment variable, which has the fact's name.
    Variable,
    /// A line of the config or the credentials file.
    File(Place),
}

/// What a link of each kind reads.
struct Reads {
    /// Variables, those that are secrets among them. The first of a pair with a key shadows the key.
    variables: &'static [&'static str],
    /// Keys of the profile.
    keys: &'static [&'static str],
    /// The one file they are read from, if it is one.
    file: Option<File>,
}

const KEY_PAIR: &[&str] = &[
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "aws_account_id",
    "mfa_serial",
    "mfa_session",
    "mfa_process",
];

fn reads(method: Method) -> Reads {
    let of = |variables, keys| Reads { variables, keys, file: None };
    match method {
        Method::Environment => of(
            &[
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SECURITY_TOKEN",
                "AWS_SESSION_TOKEN",
                "AWS_CREDENTIAL_EXPIRATION",
                "AWS_ACCOUNT_ID",
            ],
            &[],
        ),
        Method::AssumeRole => of(
            &[],
            &[
                "role_arn",
                "source_profile",
                "credential_source",
                "role_session_name",
                "external_id",
                "duration_seconds",
                "mfa_serial",
                "mfa_process",
                "source_identity",
                "session_tags",
                "transitive_session_tags",
                "session_policy",
                "session_policy_arns",
            ],
        ),
        Method::WebIdentity => of(
            &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"],
            &["web_identity_token_file", "role_arn", "role_session_name"],
        ),
        Method::Sso => {
            of(&[], &["sso_session", "sso_account_id", "sso_role_name", "sso_start_url", "sso_region"])
        }
        Method::SharedCredentialsFile => {
            Reads { variables: &[], keys: KEY_PAIR, file: Some(File::Credentials) }
        }
        Method::ConfigFile => Reads { variables: &[], keys: KEY_PAIR, file: Some(File::Config) },
        Method::SessionToken => of(&[], KEY_PAIR),
        Method::Login => of(&["AWS_LOGIN_CACHE_DIRECTORY"], &["login_session"]),
        Method::Process => of(
            &["AWSX_CREDENTIAL_PROCESS_TIMEOUT"],
            &["credential_process", "credential_process_timeout", "credential_process_cache"],
        ),
        Method::Ec2CredentialsFile => of(&["AWS_CREDENTIAL_FILE"], &[]),
        Method::BotoConfig => of(&["BOTO_CONFIG"], &[]),
        Method::Container => of(CONTAINER_VARIABLES, &[]),
        Method::Instance => of(
            &[
                "AWS_EC2_METADATA_DISABLED",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                "AWS_EC2_METADATA_V1_DISABLED",
            ],
            &[
                "ec2_metadata_service_endpoint",
                "ec2_metadata_service_endpoint_mode",
                "ec2_metadata_v1_disabled",
            ],
        ),
    }
}

/// The values that a link of this kind reads for a profile.
pub(super) fn facts_of(
    settings: &Settings,
    method: Method,
    profile: &str,
    environment_counts: bool,
) -> Vec<Fact> {
    let reads = reads(method);
    let env = settings.env();
    let variables = reads.variables.iter().filter_map(|&name| {
        let value = env.var_filled(name)?;
        let is_older_token = name == "AWS_SESSION_TOKEN" && env.var_filled("AWS_SECURITY_TOKEN").is_some();
        let is_shadowed = is_older_token || (of_profile_too(method) && !environment_counts);
        Some(Fact { name: name.to_owned(), shown: shown(name, value), from: From::Variable, is_shadowed })
    });
    let mut facts: Vec<Fact> = variables.collect();
    // Files that cannot be read have stopped everything before.
    let Ok(profiles) = settings.profiles() else { return facts };
    let config = profiles.config_profile(profile).unwrap_or_default();
    let credentials = profiles.credentials_profile(profile).unwrap_or_default();
    for &key in reads.keys {
        let by_variable =
            method == Method::WebIdentity && environment_counts && env.var(&variable_of(key)).is_some();
        let in_credentials = fact_in(&credentials, key).filter(|_| reads.file != Some(File::Config));
        let in_config = fact_in(&config, key).filter(|_| reads.file != Some(File::Credentials));
        let shadows = in_credentials.is_some();
        facts.extend(in_credentials.map(|fact| Fact { is_shadowed: by_variable, ..fact }));
        facts.extend(in_config.map(|fact| Fact { is_shadowed: by_variable || shadows, ..fact }));
    }
    facts
}

/// A link that takes each value from the environment or from the profile.
fn of_profile_too(method: Method) -> bool {
    matches!(method, Method::Environment | Method::WebIdentity)
}

fn variable_of(key: &str) -> String {
    format!("AWS_{}", key.to_ascii_uppercase())
}

fn fact_in(section: &Properties, key: &str) -> Option<Fact> {
    let (property, text) = (section.property(key)?, section.text(key)?);
    let from = From::File(property.place);
    Some(Fact { name: key.to_owned(), shown: shown(key, text), from, is_shadowed: false })
}

/// Secrets masked as `configure list` masks them. The arguments of programs stay out, since passwords have been seen
/// there.
fn shown(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    let is_path = name.ends_with("_file") || name.ends_with("_uri");
    if !is_path
        && ["access_key", "session_token", "security_token", "authorization_token"]
            .iter()
            .any(|secret| name.contains(secret))
    {
        return Secret::from(value).masked();
    }
    if name.ends_with("_process") {
        let words = awsx_core::words::split(value).unwrap_or_default();
        return match words.as_slice() {
            [] => String::new(),
            [program] => program.clone(),
            [program, ..] => format!("{program} …"),
        };
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_arguments_are_not_shown() {
        for (name, value, expected) in [
            ("aws_secret_access_key", "wJalrXUtnFEMI", "****************FEMI"),
            ("AWS_SESSION_TOKEN", "token-of-mine", "****************mine"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer abcdef", "****************cdef"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/run/token", "/run/token"),
            ("credential_process", "vault read --token s3cret", "vault …"),
            ("mfa_process", "code", "code"),
            ("role_arn", "arn:aws:iam::1:role/x", "arn:aws:iam::1:role/x"),
        ] {
            assert_eq!(shown(name, value), expected, "{name}");
        }
    }
}
