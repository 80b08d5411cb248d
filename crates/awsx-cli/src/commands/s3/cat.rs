//! `s3 cat`: objects to standard output.

use awsx_s3::S3Uri;
use awsx_s3::plan::{Job, Task};

use super::paths;
use super::transfer::Transfer;
use super::transfer_args::{CommonArgs, TransferArgs};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Print objects
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 cat s3://bucket/app.log
  awsx s3 cat s3://bucket/part-1 s3://bucket/part-2 > whole")]
pub(crate) struct CatArgs {
    /// The objects: `s3://bucket/key`
    #[arg(value_name = "PATHS", required = true)]
    paths: Vec<String>,
    /// Accept to pay for the requests
    #[arg(long, num_args = 0..=1, default_missing_value = "requester", value_parser = ["requester"], require_equals = true)]
    request_payer: Option<String>,
}

pub(crate) fn run(context: &Context, args: &CatArgs) -> CommandResult {
    if args.paths.iter().any(|path| !path.starts_with("s3://")) {
        return Err(CommandError::usage(
            "usage: awsx s3 cat <S3Uri> [<S3Uri> ...]\nError: Invalid argument type",
        ));
    }
    let common = CommonArgs { request_payer: args.request_payer.clone(), ..CommonArgs::default() };
    let transfer = TransferArgs::of(common);
    for path in &args.paths {
        let paths = paths::read(path, "-", false)?;
        let S3Uri { bucket, key } = S3Uri::parse(path);
        let stream = Some(Task::DownloadStream { bucket: bucket.into(), key });
        Transfer { context, paths, job: Job::Transfer, args: &transfer, moves: false, stream }.run()?;
    }
    Ok(())
}
