//! `mfa login`: a session for all profiles with the same device.

use awsx_auth::mfa_code::Device;
use awsx_auth::{chain, mfa_session};
use awsx_core::timestamp;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Open a session with an MFA code, which all profiles with the same device share
///
/// A session that still lasts is kept, and no code is needed. Profiles with `mfa_session = auto`, and commands with
/// `--mfa`, use it; those that have `mfa_session = auto` also open it when they need it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx mfa login --profile work
  awsx mfa login --profile work --mfa-code 123456 --duration-seconds 3600")]
pub(crate) struct LoginArgs {
    /// The device: its ARN, or a hardware device's serial number (default: the profile's `mfa_serial`)
    #[arg(long, value_name = "SERIAL")]
    serial_number: Option<String>,
    /// How long a new session lasts, from 900 to 129600 [default: 43200]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i32).range(900..=129_600))]
    duration_seconds: Option<i32>,
    /// Open a new session even if there is one that lasts
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(context: &Context, args: &LoginArgs) -> CommandResult {
    let settings = &context.settings;
    let profile = settings.profile_name();
    let serial = match &args.serial_number {
        Some(serial) => serial.clone(),
        None => settings.scoped()?.text("mfa_serial").map(str::to_owned).ok_or_else(|| {
            CommandError::general(format!("the profile `{profile}` names no MFA device"))
                .with_hint("pass `--serial-number`, or set `mfa_serial` with `awsx configure set`")
                .with_hint("`awsx mfa list` shows your devices")
        })?,
    };
    let source = chain::long_term_keys(settings)?.ok_or_else(|| {
        CommandError::general(format!("the profile `{profile}` has no access keys to open a session with"))
    })?;
    let process = mfa_session::mfa_process(settings, &profile)?;
    let device = Device { serial: &serial, process: process.as_deref() };
    let seconds = args.duration_seconds.unwrap_or(mfa_session::DEFAULT_SECONDS);
    let clients = context.clients()?;
    context.block_on(async {
        if args.force {
            mfa_session::renew(&clients, device, seconds, &source, context).await
        } else {
            mfa_session::fetch(&clients, device, seconds, &source, context).await
        }
    })?;
    if let Some(state) = mfa_session::read_state(context.env(), &serial)? {
        let until = timestamp::zulu(state.expires_at);
        context.ui.err(format_args!("Signed in with {serial} until {until}.\n"));
    }
    Ok(())
}
