//! Dotted names of values: whose they are, and where they stand.

use awsx_core::ini::SectionName;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// The keys that belong to the credentials file.
const CREDENTIAL_KEYS: [&str; 4] =
    ["aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"];

/// Whether the key belongs to the credentials file.
pub(super) fn is_credential(key: &str) -> bool {
    CREDENTIAL_KEYS.contains(&key)
}

/// A value's place: a section, a key, and the key inside the key's block if it is nested.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) section: SectionName,
    pub(super) key: String,
    pub(super) sub_key: Option<String>,
}

/// Where to look besides profiles.
#[derive(clap::Args, Debug)]
pub(super) struct Subsection {
    /// Use this sso-session instead of a profile
    #[arg(long, value_name = "NAME")]
    pub(super) sso_session: Option<String>,
    /// Use this services section instead of a profile
    #[arg(long, value_name = "NAME")]
    pub(super) services: Option<String>,
}

impl Subsection {
    /// The named section, if one is named.
    pub(super) fn section(&self) -> CommandResult<Option<SectionName>> {
        match (&self.sso_session, &self.services) {
            (Some(_), Some(_)) => Err(CommandError::usage(
                "The key \"services\" cannot be specified when one of the following keys are also specified: \
                 sso_session",
            )),
            (Some(name), None) => Ok(Some(SectionName::SsoSession(name.clone()))),
            (None, Some(name)) => Ok(Some(SectionName::Services(name.clone()))),
            (None, None) => Ok(None),
        }
    }
}

/// Reads a name: `region`, `s3.addressing_style`, `default.region`, `profile.dev.region`, `plugins.x`, each perhaps
/// nested. `known` says which first words are profiles' names (`get` takes `dev.region`, `set` does not).
pub(super) fn parse(context: &Context, name: &str, known: impl Fn(&str) -> bool) -> CommandResult<Place> {
    let parts: Vec<&str> = name.split('.').collect();
    let current = || SectionName::Profile(context.settings.profile_name());
    let (section, rest) = match parts.as_slice() {
        ["default", rest @ ..] if !rest.is_empty() => (SectionName::Profile("default".to_owned()), rest),
        ["profile", profile, rest @ ..] => (SectionName::Profile((*profile).to_owned()), rest),
        ["plugins", rest @ ..] if !rest.is_empty() => (SectionName::Plain("plugins".to_owned()), rest),
        [profile, rest @ ..] if !rest.is_empty() && known(profile) => {
            (SectionName::Profile((*profile).to_owned()), rest)
        }
        all => (current(), all),
    };
    match rest {
        [key] if !key.is_empty() => Ok(Place { section, key: (*key).to_owned(), sub_key: None }),
        [key, sub_key] if !key.is_empty() && !sub_key.is_empty() => {
            Ok(Place { section, key: (*key).to_owned(), sub_key: Some((*sub_key).to_owned()) })
        }
        // AWS CLI ends with `list index out of range` here.
        [] | [""] => Err(CommandError::general(format!("the name `{name}` names no key"))
            .with_hint("name one as in `profile.dev.region`")),
        _ => Err(too_deep()),
    }
}

/// A name inside `sso-session` or `services`.
pub(super) fn parse_in(section: SectionName, name: &str) -> CommandResult<Place> {
    match name.split('.').collect::<Vec<_>>().as_slice() {
        [key] => Ok(Place { section, key: (*key).to_owned(), sub_key: None }),
        [key, sub_key] => Ok(Place { section, key: (*key).to_owned(), sub_key: Some((*sub_key).to_owned()) }),
        _ => Err(too_deep()),
    }
}

fn too_deep() -> CommandError {
    CommandError::usage(
        "Found more than two parts in the property to set. Deep nesting of properties is not supported.",
    )
}
