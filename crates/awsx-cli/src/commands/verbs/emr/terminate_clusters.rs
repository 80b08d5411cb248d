//! `emr terminate-clusters`.

use awsx_params::Parameters;
use clap::ArgAction;

use super::shapes;
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// End clusters
///
/// Steps that have not ended are given up. Clusters that are protected stay.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr terminate-clusters --cluster-ids j-3SD91U2E1L2QX j-2AL4XXXXXX5T9")]
pub(crate) struct TerminateClustersArgs {
    /// The clusters
    #[arg(long, value_name = "ID", required = true, num_args = 1.., action = ArgAction::Set)]
    cluster_ids: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &TerminateClustersArgs) -> CommandResult {
    let output = Output::of(context)?;
    let clusters = shapes::TEXTS.read(context.env(), "cluster-ids", &args.cluster_ids)?;
    let parameters: Parameters = [("JobFlowIds".to_owned(), clusters)].into();
    let answer = context.block_on(async {
        ServiceClient::connect(context, "emr").await?.call_with("TerminateJobFlows", &parameters).await
    })?;
    output.show(context, "TerminateJobFlows", &answer)
}
