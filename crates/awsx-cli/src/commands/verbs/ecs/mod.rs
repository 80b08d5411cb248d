//! `ecs`: deploying a service by way of CodeDeploy.

mod deploy;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Elastic Container Service
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx ecs deploy --service shop --task-definition task.json --codedeploy-appspec appspec.yaml")]
pub(crate) enum Verb {
    Deploy(deploy::DeployArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Deploy(args) => deploy::run(context, args),
    }
}
