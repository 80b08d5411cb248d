//! `mfa list`: a user's devices.

use awsx_auth::mfa::Devices;
use awsx_auth::mfa_session;
use awsx_core::timestamp;
use comfy_table::Table;
use comfy_table::presets::NOTHING;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Show a user's MFA devices, and until when each has a session here
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx mfa list --profile work")]
pub(crate) struct ListArgs {
    /// User whose devices are shown (default: the user whose credentials are in use)
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
}

pub(crate) fn run(context: &Context, args: &ListArgs) -> CommandResult {
    let clients = context.clients()?;
    let region = context.iam_region()?;
    let devices = context.block_on(async {
        let credentials = context.required_credentials().await?;
        let devices = Devices::of(clients, &region, &credentials, args.user_name.as_deref()).await?;
        Ok::<_, CommandError>(devices.list().await?)
    })?;
    if devices.is_empty() {
        context.ui.err(format_args!("There is no MFA device; `awsx mfa enroll` makes one.\n"));
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["DEVICE", "ENABLED", "SESSION UNTIL"]);
    let now = context.env().now();
    for device in devices {
        let session = mfa_session::read_state(context.env(), &device.serial)?;
        let until = session.map(|session| session.expires_at).filter(|until| *until > now);
        let show = |time: Option<_>| time.map_or_else(|| "-".to_owned(), timestamp::zulu);
        table.add_row([&device.serial, &show(device.enabled_at), &show(until)]);
    }
    context.ui.out(format_args!("{}\n", table.trim_fmt()))
}
