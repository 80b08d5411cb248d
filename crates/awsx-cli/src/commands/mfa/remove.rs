//! `mfa remove`: takes a device from its user.

use awsx_auth::AuthError;
use awsx_auth::mfa::Devices;
use awsx_auth::mfa_code::{Keyring, SeedStore};
use awsx_auth::mfa_session;
use awsx_http::CallError;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Take an MFA device from its user, delete it if it is virtual, and forget its seed and session here
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx mfa remove arn:aws:iam::111122223333:mfa/bob")]
pub(crate) struct RemoveArgs {
    /// The device: its ARN, or a hardware device's serial number
    #[arg(value_name = "SERIAL")]
    serial: String,
    /// User it is enabled for (default: the user whose credentials are in use)
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
}

pub(crate) fn run(context: &Context, args: &RemoveArgs) -> CommandResult {
    let clients = context.clients()?;
    let region = context.iam_region()?;
    let removed = context.block_on(async {
        let credentials = context.required_credentials().await?;
        let devices = Devices::of(clients, &region, &credentials, args.user_name.as_deref()).await?;
        devices.remove(&args.serial).await.map_err(someone_elses)
    })?;
    mfa_session::remove(context.env(), &args.serial)?;
    if context.env().var("AWSX_KEYRING") != Some("off") {
        // Most seeds are not in the keyring, and many machines have none.
        let _ = Keyring.remove(&args.serial);
    }
    if removed {
        context.ui.err(format_args!("Removed {}.\n", args.serial));
        Ok(())
    } else {
        Err(CommandError::general(format!("there is no MFA device `{}`", args.serial))
            .with_hint("`awsx mfa list` shows the devices"))
    }
}

/// A device that could not be taken from this user, and so not be deleted, is enabled for another.
fn someone_elses(error: AuthError) -> CommandError {
    let in_use =
        matches!(&error, AuthError::Call(CallError::Service(error)) if error.code == "DeleteConflict");
    let shown = CommandError::from(error);
    if in_use { shown.with_hint("`--user-name` names the user whose device it is") } else { shown }
}
