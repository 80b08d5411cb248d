//! `keys`: the user's own access keys.

mod list;
mod rotate;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

/// List and replace an IAM user's access keys
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx keys list --profile work
  awsx keys rotate --profile work")]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    List(list::ListArgs),
    Rotate(rotate::RotateArgs),
}

pub(crate) fn run(context: &Context, args: &KeysArgs) -> CommandResult {
    match &args.verb {
        None => Err(usage::missing("operation")),
        Some(Verb::List(args)) => list::run(context, args),
        Some(Verb::Rotate(args)) => rotate::run(context, args),
    }
}
