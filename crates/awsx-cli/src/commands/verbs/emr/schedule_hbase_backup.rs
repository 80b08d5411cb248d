//! `emr schedule-hbase-backup`.

use super::{add_old_steps, hbase};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Save HBase's data in S3 again and again, on a cluster of before release 4.0
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr schedule-hbase-backup --cluster-id j-3SD91U2E1L2QX --type full --dir s3://backups/hbase \\
    --interval 10 --unit hours --start-time 2026-04-21T05:26:10Z")]
pub(crate) struct ScheduleHbaseBackupArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// What is saved: full or incremental
    #[arg(long, value_name = "TYPE")]
    r#type: String,
    /// Where to: `s3://bucket/prefix`
    #[arg(long, value_name = "URI")]
    dir: String,
    /// The time between two backups
    #[arg(long, value_name = "N")]
    interval: String,
    /// Its unit: minutes, hours or days
    #[arg(long, value_name = "UNIT")]
    unit: String,
    /// When the first one is made (default: now)
    #[arg(long, value_name = "TIME")]
    start_time: Option<String>,
    /// Take no writes meanwhile
    #[arg(long)]
    consistent: bool,
}

pub(crate) fn run(context: &Context, args: &ScheduleHbaseBackupArgs) -> CommandResult {
    add_old_steps(context, "schedule-hbase-backup", &args.cluster_id, || {
        let words = args.words()?.into_iter().map(Into::into);
        Ok(vec![hbase::step("Modify Backup Schedule", words)])
    })
}

impl ScheduleHbaseBackupArgs {
    /// What HBase's program is told.
    fn words(&self) -> CommandResult<Vec<String>> {
        let kind = self.r#type.to_lowercase();
        if !["full", "incremental"].contains(&kind.as_str()) {
            return Err(CommandError::usage("invalid type. type should be either full or incremental."));
        }
        let unit = self.unit.to_lowercase();
        if !["minutes", "hours", "days"].contains(&unit.as_str()) {
            return Err(CommandError::usage(
                "invalid unit. unit should be one of the following values: minutes, hours or days.",
            ));
        }
        let mut words =
            ["--set-scheduled-backup", "true", "--backup-dir", &self.dir].map(str::to_owned).to_vec();
        words.extend(self.consistent.then(|| "--consistent".to_owned()));
        words.extend([format!("--{kind}-backup-time-interval"), self.interval.clone()]);
        words.extend([format!("--{kind}-backup-time-unit"), unit]);
        let start = self.start_time.clone().unwrap_or_else(|| "now".to_owned());
        words.extend(["--start-time".to_owned(), start]);
        Ok(words)
    }
}
