//! `mfa`: devices, and the sessions that their codes open.

mod enroll;
mod list;
mod login;
mod logout;
mod remove;
mod seed_file;
mod status;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

/// Set up MFA devices, and sign in with their codes
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx mfa enroll                   make a virtual device and scan its QR code
  awsx mfa login --profile work     one code for all profiles with the same device
  awsx mfa status")]
pub(crate) struct MfaArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Enroll(enroll::EnrollArgs),
    List(list::ListArgs),
    Remove(remove::RemoveArgs),
    Login(login::LoginArgs),
    Status(status::StatusArgs),
    Logout(logout::LogoutArgs),
}

pub(crate) fn run(context: &Context, args: &MfaArgs) -> CommandResult {
    match &args.verb {
        None => Err(usage::missing("operation")),
        Some(Verb::Enroll(args)) => enroll::run(context, args),
        Some(Verb::List(args)) => list::run(context, args),
        Some(Verb::Remove(args)) => remove::run(context, args),
        Some(Verb::Login(args)) => login::run(context, args),
        Some(Verb::Status(args)) => status::run(context, args),
        Some(Verb::Logout(args)) => logout::run(context, args),
    }
}
