//! `s3 mb`: a new bucket.

use awsx_s3::S3Uri;
use awsx_s3::operations::create_bucket;

use super::client;
use super::results::{self, Kin, ResultLine};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Make a bucket
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 mb s3://new-bucket
  awsx s3 mb s3://new-bucket --region eu-central-1 --tags team blue")]
pub(crate) struct MbArgs {
    /// The bucket: `s3://name`
    #[arg(value_name = "PATH")]
    path: String,
    /// Tag the bucket; may be given several times
    #[arg(long, num_args = 2, value_names = ["KEY", "VALUE"], action = clap::ArgAction::Append)]
    tags: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &MbArgs) -> CommandResult {
    if !args.path.starts_with("s3://") {
        return Err(CommandError::usage("<S3Uri>\nError: Invalid argument type"));
    }
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    if uri.is_express() {
        return Err(CommandError::usage("Cannot use mb command with a directory bucket."));
    }
    let tags: Vec<_> = args.tags.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    context.block_on(async {
        let s3 = client::s3(context).await?;
        let is_json = results::are_json(context, Kin::Data)?;
        match create_bucket(&s3, &uri.bucket, &tags).await {
            Ok(()) if is_json => {
                let line = ResultLine::new("make_bucket", None, Some(format!("s3://{}", uri.bucket)));
                context.ui.out(format_args!("{}", results::line(&line)))
            }
            Ok(()) => context.ui.out(format_args!("make_bucket: {}\n", uri.bucket)),
            Err(error) => Err(client::failed(context, "make_bucket", &args.path, &error)),
        }
    })
}
