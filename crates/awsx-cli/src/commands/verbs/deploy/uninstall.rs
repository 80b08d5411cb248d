//! `deploy uninstall`.

use std::io::ErrorKind;

use awsx_params::os_error;

use super::agent::System;
use super::on_premises;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Remove CodeDeploy's agent from this machine
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  sudo awsx deploy uninstall --region eu-west-1")]
pub(crate) struct UninstallArgs {}

pub(crate) fn run(context: &Context) -> CommandResult {
    on_premises::region(context)?;
    let system = System::of_this_machine(context)?;
    system.check_rights()?;
    on_premises::or_by_hand(
        context,
        "Uninstall the AWS CodeDeploy Agent on the on-premises instance",
        uninstall(context, system),
    )
}

fn uninstall(context: &Context, system: System) -> CommandResult {
    context.ui.out(format_args!("Uninstalling the AWS CodeDeploy Agent... "))?;
    system.uninstall()?;
    context.ui.out(format_args!("DONE\nDeleting the on-premises instance configuration... "))?;
    let path = system.config_path();
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(CommandError::general(os_error(&error, &path)));
        }
        _ => {}
    }
    context.ui.out(format_args!("DONE\n"))
}
