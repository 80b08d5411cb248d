//! `configure` without a subcommand: keys, region and output format of a profile.

use awsx_core::ini::SectionName;

use super::write::{credentials_file_changes, write_config, write_credentials};
use crate::context::Context;
use crate::error::CommandResult;
use crate::wizards::configure::{Answers, ask_all};

/// Asks, and writes what was changed.
pub(super) fn run(context: &Context) -> CommandResult {
    let name = context.settings.profile_name();
    let profile = context.settings.profiles()?.profile(&name).unwrap_or_default();
    let Answers { credentials, config } = ask_all(context, &profile)?;
    if credentials.is_empty() && config.is_empty() {
        return Ok(());
    }
    if !credentials.is_empty() {
        write_credentials(context, &[credentials_file_changes(&name, credentials)])?;
    }
    // As in AWS CLI, the profile gets its header in the config file even when only keys were typed.
    write_config(context, &[(SectionName::Profile(name), config)])
}
