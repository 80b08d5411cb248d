//! The child's command: its words as they are, an environment where nothing contradicts the credentials.

use std::ffi::OsString;
use std::process::Command;

use awsx_auth::chain;
use awsx_core::Secret;
use awsx_core::profile::DEFAULT_PROFILE;
use awsx_core::settings::Settings;

use super::system;
use crate::commands::variables::OF_CREDENTIALS;

/// The program with its arguments, every variable that concerns credentials replaced by these.
pub(super) fn command(
    words: &[OsString],
    set: impl Iterator<Item = (&'static str, Secret<String>)>,
) -> Command {
    let (program, arguments) = words.split_first().expect("there is a word at least");
    let mut command = Command::new(program);
    command.args(arguments);
    for name in OF_CREDENTIALS {
        command.env_remove(name);
    }
    for (name, value) in set {
        command.env(name, value.expose());
    }
    command
}

/// SDKs look into the default profile before they ask a server. Where it has credentials, the child is shown no files,
/// so that it never works as somebody else.
pub(super) fn hide_other_credentials(command: &mut Command, settings: &Settings) {
    if !matches!(chain::plan_profile(settings, DEFAULT_PROFILE), Ok(None)) {
        tracing::debug!(target: "awsx::exec", "hiding the files, whose default profile has credentials of its own");
        for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            command.env(name, system::NULL_DEVICE);
        }
    }
}
