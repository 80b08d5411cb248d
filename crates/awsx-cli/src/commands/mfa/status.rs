//! `mfa status`: which devices have opened a session. Asks the cache only.

use awsx_auth::mfa_session;
use awsx_core::timestamp;
use comfy_table::Table;
use comfy_table::presets::NOTHING;

use crate::context::Context;
use crate::error::CommandResult;

/// Show the sessions that MFA codes have opened, and which profiles use them
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx mfa status")]
pub(crate) struct StatusArgs {}

pub(crate) fn run(context: &Context, _: &StatusArgs) -> CommandResult {
    let states = mfa_session::read_states(context.env())?;
    if states.is_empty() {
        context.ui.err(format_args!("There is no MFA session; `awsx mfa login` opens one.\n"));
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["DEVICE", "STATE", "ENDS", "PROFILES"]);
    let now = context.env().now();
    for state in states {
        let word = if state.expires_at > now { "signed in" } else { "expired" };
        let profiles = profiles_with(context, &state.serial)?;
        table.add_row([&state.serial, word, &timestamp::zulu(state.expires_at), &profiles]);
    }
    context.ui.out(format_args!("{}\n", table.trim_fmt()))
}

fn profiles_with(context: &Context, serial: &str) -> CommandResult<String> {
    let profiles = context.settings.profiles()?;
    let names: Vec<_> = profiles
        .names()
        .filter(|name| profiles.profile(name).unwrap_or_default().text("mfa_serial") == Some(serial))
        .collect();
    Ok(if names.is_empty() { "-".to_owned() } else { names.join(", ") })
}
