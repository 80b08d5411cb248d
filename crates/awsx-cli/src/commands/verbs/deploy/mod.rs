//! `deploy`: bundles for CodeDeploy.

mod push;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CodeDeploy
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx deploy push --application-name shop --s3-location s3://bundles/shop.zip --source build")]
pub(crate) enum Verb {
    Push(push::PushArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Push(args) => push::run(context, args),
    }
}
