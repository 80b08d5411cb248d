//! The session-manager-plugin: is it there, what does it understand, and how it is given a session.

use std::io;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::words;
use crate::commands::exec;
use crate::context::Context;
use crate::error::CommandError;

const PLUGIN: &str = "session-manager-plugin";
/// In which newer plugins look for what opens the session, so that no list of processes shows it.
const VARIABLE: &str = "AWS_SSM_START_SESSION_RESPONSE";
/// The last version that knows no variable.
const LAST_WITHOUT_VARIABLE: [u64; 4] = [1, 2, 497, 0];

/// A session that is open, for the plugin.
pub(super) struct Session<'a> {
    /// What the service answered; it lets whoever has it into the session.
    pub(super) answer: Json,
    pub(super) region: &'a str,
    /// With whose credentials the plugin takes up a session again that broke off.
    pub(super) profile: String,
    /// What the service was asked.
    pub(super) request: Json,
    pub(super) endpoint: &'a str,
}

/// Why no session was held, or why it ended badly.
#[derive(Debug)]
pub(super) struct PluginError {
    /// Whether the plugin never had the session.
    pub(super) never_started: bool,
    error: CommandError,
}

impl From<PluginError> for CommandError {
    fn from(error: PluginError) -> Self {
        error.error
    }
}

/// Refuses where there is no plugin. It says itself that it is there.
pub(super) fn is_installed() -> Result<(), PluginError> {
    let status = Command::new(PLUGIN).status().map_err(|error| not_started(&error))?;
    if status.success() { Ok(()) } else { Err(failed(status.code(), true)) }
}

impl Session<'_> {
    /// Gives the plugin the session, hidden from other processes if it can take it that way, and waits for its end.
    pub(super) fn hand_over(&self, context: &Context) -> Result<(), PluginError> {
        let asked = Command::new(PLUGIN).arg("--version").stderr(Stdio::inherit()).output();
        let version = asked.map_err(|error| not_started(&error))?;
        if !version.status.success() {
            return Err(failed(version.status.code(), true));
        }
        if !takes_variable(&String::from_utf8_lossy(&version.stdout)) {
            return self.hand_over_in_words(context);
        }
        let mut command = self.command(VARIABLE);
        command.env(VARIABLE, words(&self.answer));
        hold(context, command)
    }

    /// Gives the plugin the session on its command line, and waits for its end.
    pub(super) fn hand_over_in_words(&self, context: &Context) -> Result<(), PluginError> {
        hold(context, self.command(&words(&self.answer)))
    }

    fn command(&self, answer: &str) -> Command {
        let mut command = Command::new(PLUGIN);
        command.args([
            answer,
            self.region,
            "StartSession",
            &self.profile,
            &words(&self.request),
            self.endpoint,
        ]);
        command
    }
}

/// Keys that interrupt or stop are the plugin's while it runs.
fn hold(context: &Context, mut command: Command) -> Result<(), PluginError> {
    context.ui.leave_interrupts_to_child();
    exec::leave_stop_key_to_child();
    let status = exec::wait_for(&mut command).map_err(|error| not_started(&error))?;
    if status.success() { Ok(()) } else { Err(failed(status.code(), false)) }
}

fn not_started(error: &io::Error) -> PluginError {
    let error = if error.kind() == io::ErrorKind::NotFound {
        CommandError::general(
            "SessionManagerPlugin is not found. Please refer to SessionManager Documentation here: \
             http://docs.aws.amazon.com/console/systems-manager/session-manager-plugin-not-found",
        )
    } else {
        CommandError::general(format!("could not start `{PLUGIN}`")).caused_by(error)
    };
    PluginError { never_started: true, error }
}

fn failed(code: Option<i32>, never_started: bool) -> PluginError {
    let message = match code {
        Some(code) => format!("Command '{PLUGIN}' returned non-zero exit status {code}."),
        None => format!("Command '{PLUGIN}' died of a signal."),
    };
    PluginError { never_started, error: CommandError::general(message) }
}

/// Whether a plugin of this version looks into the variable.
fn takes_variable(version: &str) -> bool {
    let version: String = version.split_whitespace().collect();
    let parts: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    let Some(mut parts) = parts.filter(|parts| parts.len() <= LAST_WITHOUT_VARIABLE.len()) else {
        return false;
    };
    parts.resize(LAST_WITHOUT_VARIABLE.len(), 0);
    parts.as_slice() > LAST_WITHOUT_VARIABLE.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_plugins_take_a_variable() {
        for (version, expected) in [
            ("1.2.497.0\n", false),
            ("1.2.497", false),
            ("1.2.498.0\n", true),
            ("1.2.650.0", true),
            ("1.10", true),
            ("2", true),
            ("1.2.398.0", false),
            ("1.2.3.4.5", false),
            ("none", false),
            ("", false),
        ] {
            assert_eq!(takes_variable(version), expected, "{version}");
        }
    }
}
