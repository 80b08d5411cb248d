//! `s3 du`: how much lies below a prefix.

use std::collections::BTreeMap;

use awsx_s3::S3Uri;
use awsx_s3::list::{Entry, for_each_entry};

use super::listed::SumLine;
use super::results::Kin;
use super::wildcards::{GlobArgs, fits};
use super::{client, results, size};
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
    #[command(flatten)]
    glob: GlobArgs,
}

pub(crate) fn run(context: &Context, args: &DuArgs) -> CommandResult {
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    let (list, glob) = args.glob.list(context, uri, true)?;
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    context.block_on(async {
        let s3 = client::s3(context).await?;
        for_each_entry(&s3, &list, |entry| {
            if let Entry::Object(object) = entry
                && fits(glob.as_ref(), &object.key)
            {
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
    let is_json = results::are_json(context, Kin::OursOrResults)?;
    for (class, (size, objects)) in &sums {
        if is_json {
            let storage_class = (!class.is_empty()).then_some(class.as_str());
            let sum =
                SumLine { kind: "sum", path: &args.path, size: *size, objects: *objects, storage_class };
            context.ui.out(format_args!("{}", results::line(&sum)))?;
            continue;
        }
        let shown = if args.human_readable { size::human(*size) } else { size.to_string() };
        let space = if class.is_empty() { "" } else { " " };
        context.ui.out(format_args!("{shown:>10} {objects:>8} objects {}{space}{class}\n", args.path))?;
    }
    Ok(())
}
