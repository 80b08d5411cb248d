//! `sso`: signing in with IAM Identity Center. The operations of its API are modelled.

mod login;
mod logout;
mod sign_in;
mod status;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

pub(crate) use sign_in::SignInArgs;

/// Sign in with IAM Identity Center, and out
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx sso login --profile dev
  awsx sso status
  awsx sso logout")]
pub(crate) struct SsoArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Status(status::StatusArgs),
}

pub(crate) fn run(context: &Context, args: &SsoArgs) -> CommandResult {
    match &args.verb {
        None => Err(usage::missing("operation")),
        Some(Verb::Login(args)) => login::run(context, args),
        Some(Verb::Logout(args)) => logout::run(context, args),
        Some(Verb::Status(args)) => status::run(context, args),
    }
}
