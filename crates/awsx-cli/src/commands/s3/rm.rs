//! `s3 rm`: objects that go.

use awsx_s3::plan::Job;

use super::paths;
use super::transfer::Transfer;
use super::transfer_args::{CommonArgs, TransferArgs};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Delete objects
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 rm s3://bucket/report.pdf
  awsx s3 rm s3://bucket/logs --recursive --exclude '*' --include '*.tmp' --dryrun")]
pub(crate) struct RmArgs {
    /// What to delete: `s3://bucket/key`
    #[arg(value_name = "PATHS")]
    path: String,
    /// Delete all objects below the prefix
    #[arg(long)]
    recursive: bool,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) fn run(context: &Context, args: &RmArgs) -> CommandResult {
    remove(context, &args.path, args.recursive, args.common.clone())
}

/// Deletes all there is in a bucket.
pub(super) fn remove_all(context: &Context, path: &str) -> CommandResult {
    remove(context, path, true, CommonArgs::default())
}

fn remove(context: &Context, path: &str, recursive: bool, common: CommonArgs) -> CommandResult {
    if !path.starts_with("s3://") {
        return Err(CommandError::usage("usage: awsx s3 rm <S3Uri>\nError: Invalid argument type"));
    }
    let paths = paths::read(path, path, recursive)?;
    let args = TransferArgs::of(common);
    Transfer { context, paths, job: Job::Remove, args: &args, moves: false, stream: None }.run()
}
