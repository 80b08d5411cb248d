//! `emr describe-cluster`: a cluster with its instances and bootstrap actions.

use awsx_output::{Map, Value};

use super::connect;
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// Tell what a cluster is: its state, hardware, software, instances and bootstrap actions
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr describe-cluster --cluster-id j-3SD91U2E1L2QX --query Cluster.Status.State")]
pub(crate) struct DescribeClusterArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
}

pub(crate) fn run(context: &Context, args: &DescribeClusterArgs) -> CommandResult {
    let output = Output::of(context)?;
    let described = context.block_on(async {
        let emr = connect(context).await?;
        let ask = |operation| emr.call(operation, members([("ClusterId", args.cluster_id.as_str().into())]));
        let mut described = ask("DescribeCluster").await?;
        let collection = described.get("Cluster").map(|cluster| text_at(cluster, "InstanceCollectionType"));
        let (operation, instances) = match collection {
            Some("INSTANCE_FLEET") => ("ListInstanceFleets", "InstanceFleets"),
            _ => ("ListInstanceGroups", "InstanceGroups"),
        };
        let mut instances = (instances, ask(operation).await?);
        let mut actions = ("BootstrapActions", ask("ListBootstrapActions").await?);
        let cluster = cluster_of(&mut described)?;
        // The place of its actions is before the instances.
        cluster.insert(actions.0, Value::List(Vec::new()));
        for (name, answer) in [&mut instances, &mut actions] {
            if let Some(list) = answer.get(name).cloned() {
                cluster.insert(*name, list);
            }
        }
        CommandResult::Ok(described)
    })?;
    output.show(context, "describe_cluster", &described)
}

fn cluster_of(described: &mut Value) -> CommandResult<&mut Map> {
    let members = match described {
        Value::Map(members) => members.get_mut("Cluster"),
        _ => None,
    };
    match members {
        Some(Value::Map(cluster)) => Ok(cluster),
        _ => Err(CommandError::general("'Cluster'")),
    }
}
