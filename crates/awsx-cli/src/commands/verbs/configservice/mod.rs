//! `configservice`: whether AWS Config records, and setting it up.

mod get_status;
mod subscribe;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// AWS Config
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx configservice get-status")]
pub(crate) enum Verb {
    GetStatus(get_status::GetStatusArgs),
    Subscribe(subscribe::SubscribeArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::GetStatus(_) => get_status::run(context),
        Verb::Subscribe(args) => subscribe::run(context, args),
    }
}
