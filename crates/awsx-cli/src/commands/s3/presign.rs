//! `s3 presign`: a URL that gets an object.

use std::time::Duration;

use awsx_s3::S3Uri;
use awsx_s3::wire;

use super::client;
use super::results::{self, Kin};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

/// Print a URL with which anybody can get an object for a while
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 presign s3://bucket/report.pdf
  awsx s3 presign s3://bucket/report.pdf --expires-in 604800")]
pub(crate) struct PresignArgs {
    /// The object: `s3://bucket/key`
    #[arg(value_name = "PATH")]
    path: String,
    /// How long the URL is good for
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = number::<u64>)]
    expires_in: u64,
}

pub(crate) fn run(context: &Context, args: &PresignArgs) -> CommandResult {
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    if uri.key.is_empty() {
        let text =
            "Parameter validation failed:\nInvalid length for parameter Key, value: 0, valid min length: 1";
        return Err(CommandError::usage(text));
    }
    client::check_bucket(&uri.bucket)?;
    context.block_on(async {
        let s3 = client::s3(context).await?;
        let url = wire::presign(&s3, &uri.bucket, &uri.key, Duration::from_secs(args.expires_in)).await?;
        if results::are_json(context, Kin::Data)? {
            let line = UrlLine {
                operation: "presign",
                source: format!("s3://{}/{}", uri.bucket, uri.key),
                url: &url,
                expires_in: args.expires_in,
            };
            return context.ui.out(format_args!("{}", results::line(&line)));
        }
        context.ui.out(format_args!("{url}\n"))
    })
}

/// The URL as JSON.
#[derive(serde::Serialize)]
struct UrlLine<'a> {
    operation: &'static str,
    source: String,
    url: &'a str,
    /// Seconds.
    expires_in: u64,
}
