//! `cloudtrail validate-logs`.
//!
//! ```text
//! trail     where digests lie and what they are called
//! buckets   S3 in the regions of the buckets
//! walk      from the last digest to the first, each naming the one before
//! digest    one digest: fetched, read, its signature verified
//! log_file  one file of logs, held against its digest
//! report    what is told
//! ```

mod buckets;
mod digest;
mod log_file;
mod report;
mod trail;
mod walk;

use time::OffsetDateTime;

use self::buckets::Buckets;
use self::report::{DigestKind, Report};
use self::trail::Trail;
use self::walk::Walk;
use super::times;
use crate::commands::operation::{Instead, ServiceClient};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Check that no log file of a trail, and no digest of them, was changed or deleted
///
/// CloudTrail signs a digest every hour, and each digest names the one before. All log files are downloaded. Times are in UTC.
/// Ends with 1 where something is not as it was delivered.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx cloudtrail validate-logs --trail-arn arn:aws:cloudtrail:us-east-1:111122223333:trail/all \\
    --start-time 2026-01-01T00:00:00Z
  awsx cloudtrail validate-logs --trail-arn arn:aws:cloudtrail:us-east-1:111122223333:trail/all \\
    --start-time 2026-01-01T00:00:00Z --end-time 2026-01-02T00:00:00Z --verbose")]
pub(crate) struct ValidateLogsArgs {
    /// The trail
    #[arg(long, value_name = "ARN")]
    trail_arn: String,
    /// From when on
    #[arg(long, value_name = "TIME")]
    start_time: String,
    /// Until when (default: now)
    #[arg(long, value_name = "TIME")]
    end_time: Option<String>,
    /// The bucket with the digests (default: the trail's)
    #[arg(long, value_name = "BUCKET")]
    s3_bucket: Option<String>,
    /// What the digests' keys begin with in `--s3-bucket`
    #[arg(long, value_name = "PREFIX")]
    s3_prefix: Option<String>,
    /// The account whose logs are checked; an organization's trail needs it
    #[arg(long, value_name = "ID")]
    account_id: Option<String>,
    /// Tell what is valid too
    #[arg(long)]
    verbose: bool,
}

pub(crate) fn run(context: &Context, args: &ValidateLogsArgs) -> CommandResult {
    let start = times::parse(&args.start_time)?;
    let end = match args.end_time.as_deref().filter(|time| !time.is_empty()) {
        Some(time) => times::parse(time)?,
        None => moment_of(context.env().now()),
    };
    if start > end {
        return Err(CommandError::general(
            "Invalid time range specified: start-time must occur before end-time",
        ));
    }
    context.block_on(async {
        // `--endpoint-url` means CloudTrail's.
        let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
        let organizations = ServiceClient::connect_as(context, "organizations", instead).await?;
        let cloudtrail = ServiceClient::connect(context, "cloudtrail").await?;
        let trail = Trail::find(context, args, &cloudtrail, &organizations).await?;
        let mut report = Report::begin(context, args, start, end)?;
        let mut walk = Walk::new(&trail, &cloudtrail, Buckets::new(context), start, end);
        for kind in [DigestKind::Hourly, DigestKind::Backfill] {
            walk.go(kind, &mut report).await?;
        }
        report.end()
    })
}

fn moment_of(time: OffsetDateTime) -> awsx_model::Moment {
    awsx_model::Moment { seconds: time.unix_timestamp(), nanoseconds: time.nanosecond() }
}
