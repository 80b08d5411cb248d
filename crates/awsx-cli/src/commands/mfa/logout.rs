//! `mfa logout`: forgets sessions that MFA codes have opened.

use awsx_auth::mfa_session;

use crate::context::Context;
use crate::error::CommandResult;

/// Forget the sessions that MFA codes have opened
///
/// AWS cannot end such a session: its keys, wherever they were copied, are good until they end.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx mfa logout
  awsx mfa logout --serial-number arn:aws:iam::111122223333:mfa/bob")]
pub(crate) struct LogoutArgs {
    /// Only the session of this device (default: all)
    #[arg(long, value_name = "SERIAL")]
    serial_number: Option<String>,
}

pub(crate) fn run(context: &Context, args: &LogoutArgs) -> CommandResult {
    let serials = if let Some(serial) = &args.serial_number {
        vec![serial.clone()]
    } else {
        mfa_session::read_states(context.env())?.into_iter().map(|state| state.serial).collect()
    };
    for serial in serials {
        if mfa_session::remove(context.env(), &serial)? {
            context.ui.err(format_args!("Forgot the session of {serial}.\n"));
        }
    }
    Ok(())
}
