//! `s3 ls`: buckets, or what is in one.

mod lines;
mod shown;

use awsx_s3::S3Uri;
use awsx_s3::list::{BucketFilter, Entry, ListObjects, fetch_buckets, for_each_entry};
use awsx_s3::wire::S3;

use self::shown::Shown;
use super::listed::ListedLine;
use super::results::Kin;
use super::wildcards::{GlobArgs, fits};
use super::{client, results};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

/// List buckets, or what is in one; exit code 1 if nothing is there
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 ls
  awsx s3 ls s3://bucket/folder/
  awsx s3 ls s3://bucket --recursive --human-readable --summarize
  awsx s3 ls 's3://bucket/logs/2025-*.gz' --glob
  awsx s3 ls s3://bucket/report.pdf --all-versions")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct LsArgs {
    /// What to list: `s3://bucket/prefix`; all buckets without it
    #[arg(value_name = "S3URI", default_value = "s3://", hide_default_value = true)]
    path: String,
    /// List all keys under the prefix
    #[arg(long)]
    recursive: bool,
    /// How many entries to get with one request
    #[arg(long, value_name = "COUNT", value_parser = number::<i32>)]
    page_size: Option<i32>,
    /// Show sizes in Bytes, KiB, MiB, …
    #[arg(long)]
    human_readable: bool,
    /// Show count and total size at the end
    #[arg(long)]
    summarize: bool,
    /// Accept to pay for the requests
    #[arg(long, num_args = 0..=1, default_missing_value = "requester", value_parser = ["requester"])]
    request_payer: Option<String>,
    /// List only buckets whose name begins so
    #[arg(long, value_name = "PREFIX")]
    bucket_name_prefix: Option<String>,
    /// List only buckets in this region
    #[arg(long, value_name = "REGION")]
    bucket_region: Option<String>,
    /// List all versions of the objects, and the delete markers
    #[arg(long)]
    all_versions: bool,
    #[command(flatten)]
    glob: GlobArgs,
}

pub(crate) fn run(context: &Context, args: &LsArgs) -> CommandResult {
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    context.block_on(async {
        let s3 = client::s3(context).await?;
        if uri.bucket.is_empty() {
            list_buckets(context, args, &s3).await
        } else {
            list_objects(context, args, &s3, uri).await
        }
    })
}

async fn list_buckets(context: &Context, args: &LsArgs, s3: &S3) -> CommandResult {
    let filter = BucketFilter {
        prefix: args.bucket_name_prefix.clone(),
        region: args.bucket_region.clone(),
        page_size: args.page_size,
    };
    let is_json = results::are_json(context, Kin::Data)?;
    for bucket in fetch_buckets(s3, &filter).await? {
        if is_json {
            context.ui.out(format_args!("{}", results::line(&ListedLine::of_bucket(&bucket))))?;
            continue;
        }
        context.ui.out(format_args!("{} {}\n", lines::local_time(bucket.created), bucket.name))?;
    }
    if args.summarize && !is_json {
        // Buckets are no objects.
        let size = lines::size(0, args.human_readable);
        context.ui.out(format_args!("\nTotal Objects: 0\n   Total Size: {size}\n"))?;
    }
    Ok(())
}

async fn list_objects(context: &Context, args: &LsArgs, s3: &S3, uri: S3Uri) -> CommandResult {
    let is_json = results::are_json(context, Kin::Data)?;
    client::check_bucket(&uri.bucket)?;
    let asks_for_key = !uri.key.is_empty();
    let (list, glob) = args.glob.list(context, uri, args.recursive)?;
    let list = ListObjects {
        recursive: if glob.is_some() { list.recursive } else { args.recursive },
        page_size: args.page_size,
        requester_pays: args.request_payer.is_some(),
        all_versions: args.all_versions,
        ..list
    };
    let whole_keys = args.recursive || glob.is_some();
    let mut shown = Shown::new(args, &list.bucket, is_json, whole_keys);
    for_each_entry(s3, &list, |entry| {
        let key = match &entry {
            Entry::Prefix(prefix) => prefix.strip_suffix('/').unwrap_or(prefix),
            Entry::Object(object) => &object.key,
        };
        if fits(glob.as_ref(), key) { shown.entry(&entry) } else { Ok(()) }
    })
    .await?;
    let is_empty = shown.is_empty;
    shown.end()?;
    if is_empty && asks_for_key { Err(CommandError::said(1)) } else { Ok(()) }
}
