//! `s3 website`: a bucket that is a website.

use awsx_s3::S3Uri;
use awsx_s3::operations::put_bucket_website;

use super::client;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Make a bucket a website
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 website s3://bucket --index-document index.html --error-document error.html")]
pub(crate) struct WebsiteArgs {
    /// The bucket: `s3://name`
    #[arg(value_name = "PATHS")]
    path: String,
    /// What is shown of a folder
    #[arg(long, value_name = "NAME")]
    index_document: Option<String>,
    /// What is shown when something goes wrong
    #[arg(long, value_name = "KEY")]
    error_document: Option<String>,
}

pub(crate) fn run(context: &Context, args: &WebsiteArgs) -> CommandResult {
    let path = args.path.strip_suffix('/').unwrap_or(&args.path);
    S3Uri::parse_supported(path).map_err(|error| CommandError::usage(error.to_string()))?;
    // All of it is the bucket: a key is a mistake, not to be passed over.
    let bucket = path.strip_prefix("s3://").unwrap_or(path);
    client::check_bucket(bucket)?;
    context.block_on(async {
        let s3 = client::s3(context).await?;
        let (index, error) = (args.index_document.as_deref(), args.error_document.as_deref());
        Ok(put_bucket_website(&s3, bucket, index, error).await?)
    })
}
