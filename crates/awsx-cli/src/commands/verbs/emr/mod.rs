//! `emr`: clusters, what runs on them, and the way to their master nodes.
//!
//! ```text
//! create_cluster …   the verbs, one file each
//! shapes             the types of their structured options
//! settings           the profile's block `emr =`
//! step, steps        what a cluster runs: as EMR takes it, and as people ask for it
//! bootstrap          programs that run before
//! applications       applications on clusters of before release 4
//! hbase              HBase's backups there
//! emrfs              how a cluster sees S3
//! instances          groups and fleets
//! links              EMR's own programs in its buckets
//! master_node        where it is, and the programs that connect to it
//! mistakes           what is said of options that contradict each other
//! ```

mod add_instance_groups;
mod add_steps;
mod applications;
mod bootstrap;
mod create_cluster;
mod create_default_roles;
mod create_hbase_backup;
mod describe_cluster;
mod disable_hbase_backups;
mod emrfs;
mod get;
mod hbase;
mod install_applications;
mod instances;
mod links;
mod master_node;
mod mistakes;
mod modify_cluster_attributes;
mod put;
mod restore_from_hbase_backup;
mod schedule_hbase_backup;
mod settings;
mod shapes;
mod socks;
mod ssh;
mod step;
mod steps;
mod terminate_clusters;

use awsx_params::{Given, Parameters};
use clap::Subcommand;

use super::values::{members, text_at};
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::output::Output;

/// EMR
#[derive(Subcommand, Debug)]
#[command(
    args_override_self = true,
    after_help = "Example:
  awsx emr create-cluster --release-label emr-7.1.0 --instance-type m5.xlarge --instance-count 3 --use-default-roles"
)]
pub(crate) enum Verb {
    AddInstanceGroups(add_instance_groups::AddInstanceGroupsArgs),
    AddSteps(add_steps::AddStepsArgs),
    CreateCluster(Box<create_cluster::CreateClusterArgs>),
    CreateDefaultRoles(create_default_roles::CreateDefaultRolesArgs),
    CreateHbaseBackup(create_hbase_backup::CreateHbaseBackupArgs),
    DescribeCluster(describe_cluster::DescribeClusterArgs),
    DisableHbaseBackups(disable_hbase_backups::DisableHbaseBackupsArgs),
    Get(get::GetArgs),
    InstallApplications(install_applications::InstallApplicationsArgs),
    ModifyClusterAttributes(modify_cluster_attributes::ModifyClusterAttributesArgs),
    Put(put::PutArgs),
    RestoreFromHbaseBackup(restore_from_hbase_backup::RestoreFromHbaseBackupArgs),
    ScheduleHbaseBackup(schedule_hbase_backup::ScheduleHbaseBackupArgs),
    Socks(socks::SocksArgs),
    Ssh(ssh::SshArgs),
    TerminateClusters(terminate_clusters::TerminateClustersArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::AddInstanceGroups(args) => add_instance_groups::run(context, args),
        Verb::AddSteps(args) => add_steps::run(context, args),
        Verb::CreateCluster(args) => create_cluster::run(context, args),
        Verb::CreateDefaultRoles(args) => create_default_roles::run(context, args),
        Verb::CreateHbaseBackup(args) => create_hbase_backup::run(context, args),
        Verb::DescribeCluster(args) => describe_cluster::run(context, args),
        Verb::DisableHbaseBackups(args) => disable_hbase_backups::run(context, args),
        Verb::Get(args) => get::run(context, args),
        Verb::InstallApplications(args) => install_applications::run(context, args),
        Verb::ModifyClusterAttributes(args) => modify_cluster_attributes::run(context, args),
        Verb::Put(args) => put::run(context, args),
        Verb::RestoreFromHbaseBackup(args) => restore_from_hbase_backup::run(context, args),
        Verb::ScheduleHbaseBackup(args) => schedule_hbase_backup::run(context, args),
        Verb::Socks(args) => socks::run(context, args),
        Verb::Ssh(args) => ssh::run(context, args),
        Verb::TerminateClusters(args) => terminate_clusters::run(context, args),
    }
}

/// The roles that `create-default-roles` makes and `--use-default-roles` takes.
const EC2_ROLE: &str = "EMR_EC2_DefaultRole";
const SERVICE_ROLE: &str = "EMR_DefaultRole";

/// EMR. These verbs tell missing credentials before a missing region, which AWS CLI elsewhere does the other way round.
async fn connect(context: &Context) -> CommandResult<ServiceClient<'_>> {
    match ServiceClient::connect(context, "emr").await {
        Err(error) if error.kind == Kind::NoRegion => {
            context.required_credentials().await?;
            Err(error)
        }
        connected => connected,
    }
}

/// The cluster's release; none before release 4.
async fn release_label(emr: &ServiceClient<'_>, cluster: &str) -> CommandResult<Option<String>> {
    let answer = emr.call("DescribeCluster", members([("ClusterId", cluster.into())])).await?;
    let label = answer.get("Cluster").map(|cluster| text_at(cluster, "ReleaseLabel")).unwrap_or_default();
    Ok(Some(label.to_owned()).filter(|label| !label.is_empty()))
}

/// Adds steps to a cluster of before release 4, which alone can be asked for them by this verb, and shows their ids.
/// `steps` is asked when the cluster is known to be one.
fn add_old_steps(
    context: &Context,
    verb: &str,
    cluster: &str,
    steps: impl FnOnce() -> CommandResult<Vec<Given>>,
) -> CommandResult {
    let output = Output::of(context)?;
    let answer = context.block_on(async {
        let emr = connect(context).await?;
        if let Some(label) = release_label(&emr, cluster).await? {
            return Err(CommandError::usage(format!("{verb} is not supported with '{label}' release.")));
        }
        emr.call_with(ADD_STEPS, &steps_for(cluster, steps()?)).await
    })?;
    output.show(context, ADD_STEPS, &answer)
}

const ADD_STEPS: &str = "AddJobFlowSteps";

fn steps_for(cluster: &str, steps: Vec<Given>) -> Parameters {
    [("JobFlowId".to_owned(), cluster.into()), ("Steps".to_owned(), steps.into())].into()
}
