//! `s3 ls`: buckets, or what is in one.

mod lines;

use std::io::{BufWriter, Write};

use awsx_s3::S3Uri;
use awsx_s3::list::{BucketFilter, Entry, ListObjects, fetch_buckets, for_each_entry};
use awsx_s3::wire::S3;

use super::listed::{ListedLine, SumLine};
use super::results::Kin;
use super::{client, results};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

/// List buckets, or what is in one; exit code 1 if nothing is there
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 ls
  awsx s3 ls s3://bucket/folder/
  awsx s3 ls s3://bucket --recursive --human-readable --summarize")]
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
    Ok(())
}

async fn list_objects(context: &Context, args: &LsArgs, s3: &S3, uri: S3Uri) -> CommandResult {
    let is_json = results::are_json(context, Kin::Data)?;
    client::check_bucket(&uri.bucket)?;
    let asks_for_key = !uri.key.is_empty();
    let list = ListObjects {
        bucket: uri.bucket,
        prefix: uri.key,
        recursive: args.recursive,
        page_size: args.page_size,
        requester_pays: args.request_payer.is_some(),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut count, mut total, mut empty) = (0u64, 0u64, true);
    for_each_entry(s3, &list, |entry| {
        empty = false;
        match entry {
            Entry::Prefix(prefix) if is_json => {
                out.write_all(results::line(&ListedLine::of_prefix(&list.bucket, &prefix)).as_bytes())?;
            }
            Entry::Prefix(prefix) => writeln!(out, "{:>30} {}", "PRE", lines::last_folder(&prefix))?,
            Entry::Object(object) => {
                (count, total) = (count + 1, total + object.size);
                if is_json {
                    let line = results::line(&ListedLine::of_object(&list.bucket, &object));
                    return Ok(out.write_all(line.as_bytes())?);
                }
                let name = if args.recursive { object.key.as_str() } else { lines::last_part(&object.key) };
                let time = lines::local_time(object.modified);
                writeln!(out, "{time} {:>10} {name}", lines::size(object.size, args.human_readable))?;
            }
        }
        Ok::<_, CommandError>(())
    })
    .await?;
    if args.summarize && is_json {
        let sum =
            SumLine { kind: "summary", path: &args.path, size: total, objects: count, storage_class: None };
        out.write_all(results::line(&sum).as_bytes())?;
    } else if args.summarize {
        let total = lines::size(total, args.human_readable);
        writeln!(out, "\nTotal Objects: {count}\n   Total Size: {total}")?;
    }
    out.flush()?;
    if empty && asks_for_key { Err(CommandError::said(1)) } else { Ok(()) }
}
