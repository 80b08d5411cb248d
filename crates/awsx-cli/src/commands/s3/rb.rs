//! `s3 rb`: a bucket that goes.

use awsx_s3::S3Uri;
use awsx_s3::operations::delete_bucket;

use super::results::{self, Kin, ResultLine};
use super::{client, rm};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Remove an empty bucket
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 rb s3://old-bucket
  awsx s3 rb s3://old-bucket --force        deletes what is in it first")]
pub(crate) struct RbArgs {
    /// The bucket: `s3://name`
    #[arg(value_name = "PATH")]
    path: String,
    /// Delete all objects in it first; versions of objects stay, and with them the bucket, without `--all-versions`
    #[arg(long)]
    force: bool,
    /// With `--force`: delete all versions and delete markers too
    #[arg(long, requires = "force")]
    all_versions: bool,
}

pub(crate) fn run(context: &Context, args: &RbArgs) -> CommandResult {
    if !args.path.starts_with("s3://") {
        return Err(CommandError::usage("<S3Uri>\nError: Invalid argument type"));
    }
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    if !uri.key.is_empty() {
        let text = format!("Please specify a valid bucket name only. E.g. s3://{}", uri.bucket);
        return Err(CommandError::usage(text));
    }
    if args.force && rm::remove_all(context, &args.path, args.all_versions).is_err() {
        return Err(CommandError::general(
            "remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be deleted.",
        ));
    }
    context.block_on(async {
        let s3 = client::s3(context).await?;
        let is_json = results::are_json(context, Kin::Data)?;
        match delete_bucket(&s3, &uri.bucket).await {
            Ok(()) if is_json => {
                let line = ResultLine::new("remove_bucket", Some(format!("s3://{}", uri.bucket)), None);
                context.ui.out(format_args!("{}", results::line(&line)))
            }
            Ok(()) => context.ui.out(format_args!("remove_bucket: {}\n", uri.bucket)),
            Err(error) => Err(client::failed(context, "remove_bucket", &args.path, &error)),
        }
    })
}
