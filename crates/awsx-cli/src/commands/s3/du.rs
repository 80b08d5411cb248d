//! `s3 du`: how much lies below a prefix.

use std::collections::BTreeMap;

use awsx_s3::S3Uri;
use awsx_s3::list::{Entry, ListObjects, for_each_entry};

use super::{client, size};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Show how many bytes and objects lie below a prefix
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 du s3://bucket
  awsx s3 du s3://bucket/logs/ --human-readable --by-class")]
pub(crate) struct DuArgs {
    /// The prefix: `s3://bucket/prefix`
    #[arg(value_name = "PATH")]
    path: String,
    /// Show sizes in Bytes, KiB, MiB, …
    #[arg(long)]
    human_readable: bool,
    /// Show a line for each storage class
    #[arg(long)]
    by_class: bool,
}

pub(crate) fn run(context: &Context, args: &DuArgs) -> CommandResult {
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    let list = ListObjects {
        bucket: uri.bucket,
        prefix: uri.key,
        recursive: true,
        page_size: None,
        requester_pays: false,
    };
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    context.block_on(async {
        let s3 = client::s3(context).await?;
        for_each_entry(&s3, &list, |entry| {
            if let Entry::Object(object) = entry {
                let class =
                    if args.by_class { object.storage_class.unwrap_or_default() } else { String::new() };
                let sum = sums.entry(class).or_default();
                *sum = (sum.0 + object.size, sum.1 + 1);
            }
            Ok::<_, CommandError>(())
        })
        .await
    })?;
    if sums.is_empty() {
        sums.insert(String::new(), (0, 0));
    }
    for (class, (bytes, count)) in sums {
        let shown = if args.human_readable { size::human(bytes) } else { bytes.to_string() };
        let class = if class.is_empty() { class } else { format!(" {class}") };
        context.ui.out(format_args!("{shown:>10} {count:>8} objects {}{class}\n", args.path))?;
    }
    Ok(())
}
