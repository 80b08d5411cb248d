//! `sts`: Security Token Service.

mod get_caller_identity;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

/// Ask Security Token Service
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx sts get-caller-identity --profile dev")]
pub(crate) struct StsArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    GetCallerIdentity(get_caller_identity::GetCallerIdentityArgs),
}

pub(crate) fn run(context: &Context, args: &StsArgs) -> CommandResult {
    match &args.verb {
        None => Err(usage::missing("operation")),
        Some(Verb::GetCallerIdentity(args)) => get_caller_identity::run(context, args),
    }
}
