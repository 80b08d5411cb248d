//! Errors of what is here: words, files, settings, models.

use std::io;

use awsx_core::ini::EditError;
use awsx_core::profile::ProfileError;
use awsx_core::settings::SettingsError;
use awsx_core::store::StoreError;
use awsx_model::ModelError;
use awsx_output::OutputError;
use awsx_params::ParamsError;

use super::{CommandError, Kind};
use crate::commands::verbs::eks::KubeconfigError;
use crate::ui::PagerError;
use crate::usage;

impl From<io::Error> for CommandError {
    /// From writing to stdout: a reader that has gone away wants nothing more.
    fn from(error: io::Error) -> Self {
        if let Some(pager) = PagerError::find(&error) {
            return Self::new(Kind::Pager, pager.to_string());
        }
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::said(0),
            io::ErrorKind::Interrupted => Self::interrupted(),
            _ => Self::general("could not write the output").caused_by(&error),
        }
    }
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Write(error) => error.into(),
            other => Self::general(other.to_string()),
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let shown = Self::general(error.to_string());
        match cause {
            Some(cause) => shown.caused_by(&cause),
            None => shown,
        }
    }
}

impl From<EditError> for CommandError {
    fn from(error: EditError) -> Self {
        Self::general(error.to_string())
    }
}

impl From<ProfileError> for CommandError {
    fn from(error: ProfileError) -> Self {
        let message = error.to_string();
        match error {
            ProfileError::Parse { path, problem } => {
                let (path, line) = (path.display(), problem.line);
                Self::general(message).with_hint(format!("{path}:{line}: {}", problem.problem))
            }
            ProfileError::Read(error) => error.into(),
            ProfileError::NoServices { .. } => Self::general(message),
            ProfileError::NotFound { name, known } => {
                let near = awsx_params::closest::matches(&name, known.iter().map(String::as_str));
                Self::general(message).with_hint(match near.first() {
                    Some(near) => format!("maybe you meant `{near}`"),
                    None => "see the profiles you have with `awsx configure list-profiles`".to_owned(),
                })
            }
        }
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        let message = error.to_string();
        match error {
            SettingsError::Profile(error) => error.into(),
            SettingsError::NotAnInteger { setting, .. } => {
                Self::general(message).with_hint(format!("`{setting}` is a whole number"))
            }
            SettingsError::OutOfRange(_) => Self::general(message),
        }
    }
}

impl From<ParamsError> for CommandError {
    fn from(error: ParamsError) -> Self {
        match error {
            ParamsError::Words(message) => usage::with_usage_below(message),
            ParamsError::Unknown(_) => Self::below_usage(error.to_string(), usage::USAGE),
            ParamsError::Value(message) => Self::usage(message),
            ParamsError::Python(message) => Self::general(message),
        }
    }
}

impl From<ModelError> for CommandError {
    fn from(error: ModelError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let shown = Self::general(error.to_string());
        match cause {
            Some(cause) => shown.caused_by(&cause),
            None => shown,
        }
    }
}

impl From<KubeconfigError> for CommandError {
    fn from(error: KubeconfigError) -> Self {
        let message = error.to_string();
        match error {
            KubeconfigError::Store(error) => error.into(),
            KubeconfigError::NotYaml(_) | KubeconfigError::WrongType { .. } => Self::general(message),
            KubeconfigError::Locked { lock, .. } => Self::general(message)
                .with_hint(format!("delete `{}` if no program is at work on it", lock.display())),
        }
    }
}
