//! `emr restore-from-hbase-backup`.

use super::{add_old_steps, hbase};
use crate::context::Context;
use crate::error::CommandResult;

/// Fill HBase from a backup in S3, on a cluster of before release 4.0
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr restore-from-hbase-backup --cluster-id j-3SD91U2E1L2QX --dir s3://backups/hbase")]
pub(crate) struct RestoreFromHbaseBackupArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// Where the backups lie: `s3://bucket/prefix`
    #[arg(long, value_name = "URI")]
    dir: String,
    /// Which of them (default: the latest)
    #[arg(long, value_name = "VERSION")]
    backup_version: Option<String>,
}

pub(crate) fn run(context: &Context, args: &RestoreFromHbaseBackupArgs) -> CommandResult {
    add_old_steps(context, "restore-from-hbase-backup", &args.cluster_id, || {
        let version = args.backup_version.as_deref().map(Into::into);
        Ok(vec![hbase::restoring(args.dir.as_str().into(), version)])
    })
}
