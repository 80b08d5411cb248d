//! `emr add-instance-groups`.

use awsx_output::Value;
use awsx_params::{Given, Parameters};
use clap::ArgAction;

use super::{connect, instances, shapes};
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// Add groups of instances to a running cluster
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr add-instance-groups --cluster-id j-3SD91U2E1L2QX \\
    --instance-groups InstanceGroupType=TASK,InstanceCount=10,InstanceType=m5.xlarge")]
pub(crate) struct AddInstanceGroupsArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// The groups, as create-cluster takes them
    #[arg(long, value_name = "GROUP", required = true, num_args = 1.., action = ArgAction::Set)]
    instance_groups: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &AddInstanceGroupsArgs) -> CommandResult {
    let output = Output::of(context)?;
    let groups = shapes::INSTANCE_GROUPS.read(context.env(), "instance-groups", &args.instance_groups)?;
    let groups = match &groups {
        Given::List(groups) => instances::groups(groups),
        other => other.clone(),
    };
    let cluster = args.cluster_id.as_str().into();
    let parameters: Parameters =
        [("JobFlowId".to_owned(), cluster), ("InstanceGroups".to_owned(), groups)].into();
    let answer = context
        .block_on(async { connect(context).await?.call_with("AddInstanceGroups", &parameters).await })?;
    let shown = match (answer.get("JobFlowId"), answer.get("InstanceGroupIds")) {
        (Some(cluster), Some(groups)) => Value::map([
            ("ClusterId", cluster.clone()),
            ("InstanceGroupIds", groups.clone()),
            ("ClusterArn", answer.get("ClusterArn").cloned().unwrap_or_default()),
        ]),
        _ => Value::map::<&str, 0>([]),
    };
    output.show(context, "add_instance_groups", &shown)
}
