//! `ecs`: deploying a service by way of CodeDeploy, and watching an Express Gateway service.

mod deploy;
mod express_gateway;

use clap::Subcommand;

pub(crate) use self::express_gateway::{Mode, ResourceView, Watch};
use crate::context::Context;
use crate::error::CommandResult;

/// Elastic Container Service
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx ecs deploy --service shop --task-definition task.json --codedeploy-appspec appspec.yaml")]
pub(crate) enum Verb {
    Deploy(deploy::DeployArgs),
    MonitorExpressGatewayService(express_gateway::MonitorArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Deploy(args) => deploy::run(context, args),
        Verb::MonitorExpressGatewayService(args) => express_gateway::run(context, args),
    }
}
