//! One answer for every setting: flag, then environment, then profile, then default.
//!
//! The precedence stands here and nowhere else. A value carries its [`Origin`], so that `configure list` and
//! error texts can name where it came from. The files are read on the first question that needs them.

mod endpoint;
pub mod table;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use crate::Env;
use crate::profile::{DEFAULT_PROFILE, Place, ProfileError, Profiles, Properties};

pub use table::Setting;

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A command-line option, such as `--region`.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A line of the config or credentials file.
    File(Place),
    /// awsx's own default, which is AWS CLI's.
    Default,
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<T = String> {
    /// The value.
    pub value: T,
    /// Its source.
    pub origin: Origin,
}

/// A value that cannot be what the setting needs.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The files cannot be used, or lack the named profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A number was expected. The text is Python's, which AWS CLI shows.
    #[error("invalid literal for int() with base 10: '{value}'")]
    NotAnInteger {
        /// The setting.
        setting: &'static str,
        /// What it was set to.
        value: String,
    },
    /// A number that cannot be used. The text is AWS CLI's.
    #[error("{0}")]
    OutOfRange(String),
}

/// The settings of one run.
#[derive(Debug)]
pub struct Settings {
    env: Env,
    flags: BTreeMap<&'static str, String>,
    /// Whether a named profile need not exist: it is about to be made.
    profile_may_be_new: bool,
    profiles: OnceLock<Profiles>,
    scoped: OnceLock<Properties>,
}

impl Settings {
    /// Settings from the environment, the user's files and the given flags: pairs of flag (`--region`) and value.
    pub fn new(env: Env, flags: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self {
            env,
            flags: flags.into_iter().collect(),
            profile_may_be_new: false,
            profiles: OnceLock::new(),
            scoped: OnceLock::new(),
        }
    }

    /// The same for a command that makes profiles: a named one that does not exist is an empty one.
    #[must_use]
    pub fn for_new_profile(mut self) -> Self {
        self.profile_may_be_new = true;
        self
    }

    /// The process's surroundings.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// Both files, read once.
    pub fn profiles(&self) -> Result<&Profiles, ProfileError> {
        if let Some(profiles) = self.profiles.get() {
            Ok(profiles)
        } else {
            let profiles = Profiles::load(&self.env)?;
            Ok(self.profiles.get_or_init(|| profiles))
        }
    }

    /// The profile's name, if one was named: `--profile`, `AWS_PROFILE`, `AWS_DEFAULT_PROFILE`.
    pub fn named_profile(&self) -> Option<Resolved> {
        self.given_outside_files(&table::PROFILE)
    }

    /// The name of the profile in use, `default` when none was named.
    pub fn profile_name(&self) -> String {
        self.named_profile().map_or_else(|| DEFAULT_PROFILE.to_owned(), |named| named.value)
    }

    /// The values of the profile in use; a named profile must exist, an absent `default` is empty.
    pub fn scoped(&self) -> Result<&Properties, ProfileError> {
        if let Some(scoped) = self.scoped.get() {
            return Ok(scoped);
        }
        let profiles = self.profiles()?;
        let properties = match (profiles.profile(&self.profile_name()), self.named_profile()) {
            (Some(properties), _) => properties,
            (None, None) => Properties::default(),
            (None, Some(_)) if self.profile_may_be_new => Properties::default(),
            (None, Some(named)) => {
                let known = profiles.names().map(str::to_owned).collect();
                return Err(ProfileError::NotFound { name: named.value, known });
            }
        };
        Ok(self.scoped.get_or_init(|| properties))
    }

    /// The setting's value by precedence.
    pub fn resolve(&self, setting: &Setting) -> Result<Option<Resolved>, ProfileError> {
        if let Some(resolved) = self.given_outside_files(setting) {
            return Ok(Some(resolved));
        }
        if setting.config_key.is_none() {
            return Ok(setting.by_default());
        }
        Ok(setting.in_profile(self.scoped()?).or_else(|| setting.by_default()))
    }

    /// The setting's value where the profile that counts is another one than that in use: the source of a role, say.
    pub fn text_in(&self, setting: &Setting, profile: &str) -> Result<Option<String>, ProfileError> {
        if let Some(resolved) = self.given_outside_files(setting) {
            return Ok(Some(resolved.value));
        }
        let profile = self.profiles()?.profile(profile).unwrap_or_default();
        let resolved = setting.in_profile(&profile).or_else(|| setting.by_default());
        Ok(resolved.map(|resolved| resolved.value))
    }

    /// The setting's value alone.
    pub fn text(&self, setting: &Setting) -> Result<Option<String>, ProfileError> {
        Ok(self.resolve(setting)?.map(|resolved| resolved.value))
    }

    /// Whether the setting is `true`, in any case; anything else is false, as AWS CLI reads it.
    pub fn is_true(&self, setting: &Setting) -> Result<bool, ProfileError> {
        Ok(self.text(setting)?.is_some_and(|value| value.eq_ignore_ascii_case("true")))
    }

    /// The setting as a whole number.
    pub fn integer(&self, setting: &Setting) -> Result<Option<u64>, SettingsError> {
        self.text(setting)?.map(|value| setting.parse_integer(value)).transpose()
    }

    /// A time limit; none where there is to be no limit. `what` is limited, for the text of the error.
    pub fn time_limit(&self, setting: &Setting, what: &str) -> Result<Option<Duration>, SettingsError> {
        let value = self.text(setting)?.unwrap_or_default();
        match value.trim().parse::<i64>() {
            Ok(seconds) if seconds < 0 => Err(SettingsError::OutOfRange(format!(
                "Attempted to set {what} timeout to {seconds}, but the timeout cannot be set to a value less than or \
                 equal to 0."
            ))),
            Ok(seconds) => Ok((seconds > 0).then(|| Duration::from_secs(seconds.unsigned_abs()))),
            // Nothing is set, or it is no number.
            Err(_) => Ok(self.integer(setting)?.map(Duration::from_secs)),
        }
    }

    /// How often a request is made at most.
    pub fn max_attempts(&self) -> Result<u32, SettingsError> {
        let value = self.text(&table::MAX_ATTEMPTS)?.unwrap_or_else(|| "3".to_owned());
        match value.trim().parse::<i64>() {
            Ok(attempts) if attempts < 1 => Err(SettingsError::OutOfRange(format!(
                "Value provided to \"max_attempts\": {attempts} must be an integer greater than or equal to one."
            ))),
            Ok(attempts) => Ok(u32::try_from(attempts).unwrap_or(u32::MAX)),
            Err(_) => Err(SettingsError::NotAnInteger { setting: table::MAX_ATTEMPTS.name, value }),
        }
    }

    /// The same in a profile that may not be the one in use.
    pub fn integer_in(&self, setting: &Setting, profile: &str) -> Result<Option<u64>, SettingsError> {
        self.text_in(setting, profile)?.map(|value| setting.parse_integer(value)).transpose()
    }

    fn given_outside_files(&self, setting: &Setting) -> Option<Resolved> {
        if let Some(flag) = setting.flag
            && let Some(value) = self.flags.get(flag).filter(|value| !value.is_empty())
        {
            return Some(Resolved { value: value.clone(), origin: Origin::Flag(flag) });
        }
        setting.variables.iter().find_map(|&name| {
            let value = if setting.empty_counts { self.env.var(name) } else { self.env.var_filled(name) };
            Some(Resolved { value: value?.to_owned(), origin: Origin::Variable(name) })
        })
    }
}

impl Setting {
    fn in_profile(&self, profile: &Properties) -> Option<Resolved> {
        let key = self.config_key?;
        let (property, text) = (profile.property(key)?, profile.text(key)?);
        Some(Resolved { value: text.to_owned(), origin: Origin::File(property.place) })
    }

    fn by_default(&self) -> Option<Resolved> {
        self.default.map(|value| Resolved { value: value.to_owned(), origin: Origin::Default })
    }

    fn parse_integer(&self, value: String) -> Result<u64, SettingsError> {
        value.trim().parse().map_err(|_| SettingsError::NotAnInteger { setting: self.name, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(config: &str) -> (tempfile::TempDir, Vec<(String, String)>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".aws")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "lays out a test's files")]
        std::fs::write(folder.path().join(".aws/config"), config).unwrap();
        let variables = vec![("HOME".to_owned(), folder.path().to_str().unwrap().to_owned())];
        (folder, variables)
    }

    #[test]
    fn flag_beats_variable_beats_profile_beats_default() {
        let (_folder, mut variables) = home("[default]\nregion = from-file\noutput = text\n");
        let region = |variables: &Vec<(String, String)>, flags: &[(&'static str, &str)]| {
            let flags = flags.iter().map(|(flag, value)| (*flag, (*value).to_owned()));
            Settings::new(Env::of(variables.clone()), flags).resolve(&table::REGION).unwrap().unwrap()
        };
        assert_eq!(
            region(&variables, &[]).origin,
            Origin::File(Place { file: crate::profile::File::Config, line: 2 })
        );
        variables.push(("AWS_DEFAULT_REGION".into(), "older".into()));
        assert_eq!(region(&variables, &[]).value, "older");
        variables.push(("AWS_REGION".into(), "newer".into()));
        assert_eq!(region(&variables, &[]).origin, Origin::Variable("AWS_REGION"));
        assert_eq!(region(&variables, &[("--region", "flag")]).origin, Origin::Flag("--region"));
        assert_eq!(region(&variables, &[("--region", "")]).value, "newer");
    }

    #[test]
    fn a_named_profile_must_exist_and_an_absent_default_is_empty() {
        let (_folder, variables) = home("[profile dev]\nregion = r\n");
        let named = |name: &str| Settings::new(Env::of(variables.clone()), [("--profile", name.to_owned())]);
        assert!(named("").scoped().unwrap().is_empty());
        assert_eq!(named("dev").scoped().unwrap().text("region"), Some("r"));
        assert!(named("nope").for_new_profile().scoped().unwrap().is_empty());
        assert_eq!(
            named("nope").scoped().unwrap_err().to_string(),
            "The config profile (nope) could not be found"
        );
    }

    #[test]
    fn numbers_that_cannot_be_used_are_told_in_aws_cli_s_words() {
        let (_folder, variables) = home("");
        let limit = |text: &str| {
            let settings =
                Settings::new(Env::of(variables.clone()), [("--cli-read-timeout", text.to_owned())]);
            settings.time_limit(&table::READ_TIMEOUT, "read").map_err(|error| error.to_string())
        };
        assert_eq!(limit("5"), Ok(Some(Duration::from_secs(5))));
        assert_eq!(limit("0"), Ok(None));
        assert!(limit("-1").unwrap_err().starts_with("Attempted to set read timeout to -1, but the timeout"));
        assert_eq!(limit("x").unwrap_err(), "invalid literal for int() with base 10: 'x'");
        let attempts = |text: &str| {
            let variables = [variables.clone(), vec![("AWS_MAX_ATTEMPTS".into(), text.into())]].concat();
            Settings::new(Env::of(variables), []).max_attempts().map_err(|error| error.to_string())
        };
        assert_eq!(attempts(""), Ok(3));
        assert_eq!(attempts("1"), Ok(1));
        assert_eq!(
            attempts("0").unwrap_err(),
            "Value provided to \"max_attempts\": 0 must be an integer greater than or equal to one."
        );
    }
}
