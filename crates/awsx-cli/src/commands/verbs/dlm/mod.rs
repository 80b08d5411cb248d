//! `dlm`: the role that Data Lifecycle Manager works with.

mod create_default_role;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Data Lifecycle Manager
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx dlm create-default-role --resource-type image")]
pub(crate) enum Verb {
    CreateDefaultRole(create_default_role::CreateDefaultRoleArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::CreateDefaultRole(args) => create_default_role::run(context, args),
    }
}
