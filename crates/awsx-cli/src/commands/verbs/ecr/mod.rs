//! `ecr`: logging container tools in to a private registry.

mod get_login_password;

use clap::Subcommand;

pub(crate) use get_login_password::password_of;

use crate::context::Context;
use crate::error::CommandResult;

/// Elastic Container Registry
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx ecr get-login-password --region eu-west-1")]
pub(crate) enum Verb {
    GetLoginPassword(get_login_password::GetLoginPasswordArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::GetLoginPassword(_) => get_login_password::run(context),
    }
}
