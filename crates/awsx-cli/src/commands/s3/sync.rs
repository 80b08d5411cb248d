//! `s3 sync`: makes the target like the source.

use awsx_s3::S3Uri;
use awsx_s3::plan::{Comparison, Job, Strategy};

use super::paths::{self, Kind};
use super::transfer::{Selection, Transfer, prepare_local};
use super::transfer_args::TransferArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Copy what is new or has changed below a folder or prefix
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 sync site s3://bucket --delete
  awsx s3 sync s3://bucket/photos photos --exclude '*.raw'")]
pub(crate) struct SyncArgs {
    /// The source: a folder or `s3://bucket/prefix`
    #[arg(value_name = "SOURCE")]
    source: String,
    /// The target: a folder or `s3://bucket/prefix`
    #[arg(value_name = "TARGET")]
    target: String,
    /// Take equal size for equality
    #[arg(long)]
    size_only: bool,
    /// Download whenever times differ, not just when the file is newer than the object
    #[arg(long)]
    exact_timestamps: bool,
    /// Compare contents by their checksums, not sizes and times: what is equal is not transferred, what differs is
    #[arg(long, value_name = "HOW", value_parser = ["checksum"], conflicts_with_all = ["size_only", "exact_timestamps"])]
    if_changed: Option<String>,
    /// Delete what only the target has
    #[arg(long)]
    delete: bool,
    #[command(flatten)]
    transfer: TransferArgs,
}

pub(crate) fn run(context: &Context, args: &SyncArgs) -> CommandResult {
    let kind = Kind::of("sync", &args.source, &args.target)?;
    if args.source == "-" || args.target == "-" {
        return Err(CommandError::usage(
            "Streaming currently is only compatible with non-recursive cp commands",
        ));
    }
    let split = args.transfer.common.glob.split(context, &args.source, false)?;
    let (glob, source) = split.map_or((None, args.source.clone()), |(glob, folder)| (Some(glob), folder));
    let paths = paths::read(&source, &args.target, true)?;
    paths::check_options(kind, &args.transfer)?;
    prepare_local(&paths, &args.source)?;
    let is_express = |path: &str| path.starts_with("s3://") && S3Uri::parse(path).is_express();
    if is_express(&args.source) || is_express(&args.target) {
        return Err(CommandError::usage("Cannot use sync command with a directory bucket."));
    }
    let strategy = if args.transfer.no_overwrite {
        Strategy::NoOverwrite
    } else if args.if_changed.is_some() {
        Strategy::Content
    } else if args.size_only {
        Strategy::SizeOnly
    } else if args.exact_timestamps {
        Strategy::ExactTimestamps
    } else {
        Strategy::SizeAndTime
    };
    let comparison = Comparison { strategy, is_download: kind == Kind::Download };
    let job = Job::Sync { comparison, delete: args.delete };
    let selection = Selection { glob, all_versions: false };
    let args = &args.transfer;
    Transfer { context, paths, job, args, moves: false, stream: None, selection }.run()
}
