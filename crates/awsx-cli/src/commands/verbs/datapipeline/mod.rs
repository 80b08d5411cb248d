//! `datapipeline`: runs of a pipeline, and the roles of pipelines.

mod create_default_roles;
mod list_runs;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Data Pipeline
#[derive(Subcommand, Debug)]
#[command(
    args_override_self = true,
    after_help = "Example:
  awsx datapipeline list-runs --pipeline-id df-00627471SOVYZEXAMPLE"
)]
pub(crate) enum Verb {
    CreateDefaultRoles(create_default_roles::CreateDefaultRolesArgs),
    ListRuns(list_runs::ListRunsArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::CreateDefaultRoles(args) => create_default_roles::run(context, args),
        Verb::ListRuns(args) => list_runs::run(context, args),
    }
}
