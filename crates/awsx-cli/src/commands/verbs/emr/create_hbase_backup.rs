//! `emr create-hbase-backup`.

use super::{add_old_steps, hbase};
use crate::context::Context;
use crate::error::CommandResult;

/// Save HBase's data in S3, on a cluster of before release 4.0
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr create-hbase-backup --cluster-id j-3SD91U2E1L2QX --dir s3://backups/hbase --consistent")]
pub(crate) struct CreateHbaseBackupArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// Where to: `s3://bucket/prefix`
    #[arg(long, value_name = "URI")]
    dir: String,
    /// Take no writes meanwhile
    #[arg(long)]
    consistent: bool,
}

pub(crate) fn run(context: &Context, args: &CreateHbaseBackupArgs) -> CommandResult {
    add_old_steps(context, "create-hbase-backup", &args.cluster_id, || {
        let words = ["--backup", "--backup-dir", &args.dir].into_iter();
        let words = words.chain(args.consistent.then_some("--consistent"));
        Ok(vec![hbase::step("Backup HBase", words.map(Into::into))])
    })
}
