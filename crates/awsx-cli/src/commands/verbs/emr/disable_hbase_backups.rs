//! `emr disable-hbase-backups`.

use super::{add_old_steps, hbase};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Save HBase's data no more, on a cluster of before release 4.0
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr disable-hbase-backups --cluster-id j-3SD91U2E1L2QX --full")]
pub(crate) struct DisableHbaseBackupsArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// Not as a whole
    #[arg(long)]
    full: bool,
    /// Not what has changed
    #[arg(long)]
    incremental: bool,
}

pub(crate) fn run(context: &Context, args: &DisableHbaseBackupsArgs) -> CommandResult {
    add_old_steps(context, "disable-hbase-backups", &args.cluster_id, || {
        if !args.full && !args.incremental {
            return Err(CommandError::usage("Should specify at least one of --full and --incremental."));
        }
        let words = ["--set-scheduled-backup", "false"].into_iter();
        let words = words.chain(args.full.then_some("--disable-full-backups"));
        let words = words.chain(args.incremental.then_some("--disable-incremental-backups"));
        Ok(vec![hbase::step("Modify Backup Schedule", words.map(Into::into))])
    })
}
