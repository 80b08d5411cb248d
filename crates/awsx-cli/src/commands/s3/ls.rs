//! `s3 ls`: buckets, or what is in one.

mod lines;

use std::io::{BufWriter, Write};

use aws_config::{Region, SdkConfig};
use aws_sdk_s3::Client;
use awsx_s3::{BucketFilter, BucketPath, Entry, ListObjects, S3Uri, fetch_buckets, for_each_entry};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

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
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(i32).range(1..=1000))]
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
    let uri = S3Uri::parse(&args.path);
    context.block_on(async {
        let config = context.s3_sdk_config().await?;
        if uri.bucket.is_empty() {
            list_buckets(context, args, &client(&config, None)).await
        } else {
            list_objects(args, &config, uri).await
        }
    })
}

fn client(config: &SdkConfig, region: Option<&str>) -> Client {
    let own_endpoint = config.endpoint_url().is_some_and(|url| !url.contains("amazonaws."));
    // As AWS CLI does: a server of one's own rarely has a host name for each bucket.
    let mut config =
        aws_sdk_s3::config::Builder::from(config).force_path_style(own_endpoint).interceptor(BucketPath);
    if let Some(region) = region {
        config = config.region(Region::new(region.to_owned()));
    }
    Client::from_conf(config.build())
}

async fn list_buckets(context: &Context, args: &LsArgs, client: &Client) -> CommandResult {
    let filter = BucketFilter {
        prefix: args.bucket_name_prefix.clone(),
        region: args.bucket_region.clone(),
        page_size: args.page_size,
    };
    for bucket in fetch_buckets(client, &filter).await? {
        context.ui.out(format_args!("{} {}\n", lines::local_time(bucket.created.as_ref()), bucket.name))?;
    }
    Ok(())
}

async fn list_objects(args: &LsArgs, config: &SdkConfig, uri: S3Uri) -> CommandResult {
    let is_key = !uri.key.is_empty() && !uri.key.ends_with('/');
    let list = ListObjects {
        bucket: uri.bucket,
        prefix: uri.key,
        recursive: args.recursive,
        page_size: args.page_size,
        requester_pays: args.request_payer.is_some(),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut count, mut total, mut empty) = (0u64, 0u64, true);
    for_each_entry(
        |region| client(config, region),
        &list,
        |entry| {
            empty = false;
            match entry {
                Entry::Prefix(prefix) => writeln!(out, "{:>30} {}", "PRE", lines::last_part(&prefix))?,
                Entry::Object { key, size, modified } => {
                    (count, total) = (count + 1, total + size);
                    let name = if args.recursive { key.as_str() } else { lines::last_part(&key) };
                    let time = lines::local_time(modified.as_ref());
                    writeln!(out, "{time} {:>10} {name}", lines::size(size, args.human_readable))?;
                }
            }
            Ok::<_, CommandError>(())
        },
    )
    .await?;
    if args.summarize {
        let total = lines::size(total, args.human_readable);
        writeln!(out, "\nTotal Objects: {count}\n   Total Size: {total}")?;
    }
    out.flush()?;
    if empty && is_key { Err(CommandError::said(1)) } else { Ok(()) }
}
