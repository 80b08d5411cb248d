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

impl Place {
    /// The place that a name means to `get`, which finds nothing at a name that means no place. AWS CLI disregards what
    /// follows a nested key's block too deep.
    pub(super) fn to_read(
        context: &Context,
        name: &str,
        known: impl Fn(&str) -> bool,
    ) -> CommandResult<Self> {
        let parts: Vec<&str> = name.split('.').collect();
        let (section, rest) = section_of(context, &parts, known);
        match rest {
            [] => Err(no_key(name)),
            [key, sub_key] => Ok(Self::new(section, key, Some(sub_key))),
            [key, ..] => Ok(Self::new(section, key, None)),
        }
    }

    /// The place that a name means to `set`.
    pub(super) fn to_write(context: &Context, name: &str) -> CommandResult<Self> {
        let parts: Vec<&str> = name.split('.').collect();
        let (section, rest) = section_of(context, &parts, |_| false);
        match rest {
            [] => Err(no_key(name)),
            keys if keys.contains(&"") => Err(no_key(name)),
            [key] => Ok(Self::new(section, key, None)),
            [key, sub_key] => Ok(Self::new(section, key, Some(sub_key))),
            _ => Err(too_deep()),
        }
    }

    /// The place that a name inside `sso-session` or `services` means to `get`. Nothing stands under one too deep.
    pub(super) fn to_read_in(section: SectionName, name: &str) -> Self {
        match name.split('.').collect::<Vec<_>>().as_slice() {
            [key] => Self::new(section, key, None),
            [key, sub_key] => Self::new(section, key, Some(sub_key)),
            _ => Self::new(section, "", None),
        }
    }

    /// The place that a name inside `sso-session` or `services` means to `set`.
    pub(super) fn to_write_in(section: SectionName, name: &str) -> CommandResult<Self> {
        match name.split('.').collect::<Vec<_>>().as_slice() {
            [key] => Ok(Self::new(section, key, None)),
            [key, sub_key] => Ok(Self::new(section, key, Some(sub_key))),
            _ => Err(too_deep()),
        }
    }

    fn new(section: SectionName, key: &str, sub_key: Option<&str>) -> Self {
        Self { section, key: key.to_owned(), sub_key: sub_key.map(str::to_owned) }
    }
}

/// Whose a name's value is, and what is left of the name: `region`, `s3.addressing_style`, `default.region`,
/// `profile.dev.region`, `plugins.x`, each perhaps nested. `known` says which first words are profiles' names (`get`
/// takes `dev.region`, `set` does not).
fn section_of<'a>(
    context: &Context,
    parts: &'a [&'a str],
    known: impl Fn(&str) -> bool,
) -> (SectionName, &'a [&'a str]) {
    match parts {
        ["default", rest @ ..] if !rest.is_empty() => (SectionName::Profile("default".to_owned()), rest),
        ["profile", profile, rest @ ..] => (SectionName::Profile((*profile).to_owned()), rest),
        ["plugins", rest @ ..] if !rest.is_empty() => (SectionName::Plain("plugins".to_owned()), rest),
        [profile, rest @ ..] if !rest.is_empty() && known(profile) => {
            (SectionName::Profile((*profile).to_owned()), rest)
        }
        all => (SectionName::Profile(context.settings.profile_name()), all),
    }
}

/// AWS CLI ends with `list index out of range` here.
fn no_key(name: &str) -> CommandError {
    CommandError::general(format!("the name `{name}` names no key"))
        .with_hint("name one as in `profile.dev.region`")
}

fn too_deep() -> CommandError {
    CommandError::usage(
        "Found more than two parts in the property to set. Deep nesting of properties is not supported.",
    )
}
