//! `logs`: reading along what CloudWatch Logs is told.

pub(crate) mod live_tail;
mod tail;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CloudWatch Logs
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx logs tail /aws/lambda/orders --follow")]
pub(crate) enum Verb {
    Tail(tail::TailArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Tail(args) => tail::run(context, args),
    }
}
