//! `s3 rm`: objects that go.

use awsx_s3::plan::Job;

use super::paths;
use super::transfer::{Selection, Transfer};
use super::transfer_args::{CommonArgs, TransferArgs};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Delete objects
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 rm s3://bucket/report.pdf
  awsx s3 rm s3://bucket/logs --recursive --exclude '*' --include '*.tmp' --dryrun
  awsx s3 rm 's3://bucket/logs/2024-*' --glob
  awsx s3 rm s3://bucket/logs --recursive --all-versions")]
pub(crate) struct RmArgs {
    /// What to delete: `s3://bucket/key`
    #[arg(value_name = "PATHS")]
    path: String,
    /// Delete all objects below the prefix
    #[arg(long)]
    recursive: bool,
    /// Delete all versions of the objects and their delete markers, for good
    #[arg(long)]
    all_versions: bool,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) fn run(context: &Context, args: &RmArgs) -> CommandResult {
    remove(context, args)
}

/// Deletes all there is in a bucket.
pub(super) fn remove_all(context: &Context, path: &str, all_versions: bool) -> CommandResult {
    let (path, common) = (path.to_owned(), CommonArgs::default());
    remove(context, &RmArgs { path, recursive: true, all_versions, common })
}

fn remove(context: &Context, args: &RmArgs) -> CommandResult {
    let RmArgs { path, recursive, all_versions, common } = args;
    if !path.starts_with("s3://") {
        return Err(CommandError::usage("usage: awsx s3 rm <S3Uri>\nError: Invalid argument type"));
    }
    let split = common.glob.split(context, path, *recursive)?;
    let is_recursive = *recursive || split.is_some();
    let (glob, folder) = split.map_or((None, path.clone()), |(glob, folder)| (Some(glob), folder));
    let paths = paths::read(&folder, &folder, is_recursive)?;
    let (job, args) = (Job::Remove, &TransferArgs::of(common.clone()));
    let selection = Selection { glob, all_versions: *all_versions };
    Transfer { context, paths, job, args, moves: false, stream: None, selection }.run()
}
