//! `ecr-public`: logging container tools in to the public registry.

mod get_login_password;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Elastic Container Registry Public
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx ecr-public get-login-password --region us-east-1")]
pub(crate) enum Verb {
    GetLoginPassword(get_login_password::GetLoginPasswordArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::GetLoginPassword(_) => get_login_password::run(context),
    }
}
