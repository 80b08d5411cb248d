//! `s3 find`: objects by name, size and time.

use std::io::{BufWriter, Write};

use awsx_s3::filter::Pattern;
use awsx_s3::list::{Entry, Object, for_each_entry};
use awsx_s3::{S3Uri, Time};

use super::listed::ListedLine;
use super::results::Kin;
use super::settings::parse_size;
use super::wildcards::{GlobArgs, fits};
use super::{client, results};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Find objects by name, size and time
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 find s3://bucket/logs --name '*.gz' --larger 100MB
  awsx s3 find s3://bucket --changed-before 2025-01-01")]
pub(crate) struct FindArgs {
    /// Where to look: `s3://bucket/prefix`
    #[arg(value_name = "PATH")]
    path: String,
    /// What the name behind the last slash fits
    #[arg(long, value_name = "PATTERN")]
    name: Option<String>,
    /// Only objects larger than this, such as 10MB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    larger: Option<u64>,
    /// Only objects smaller than this
    #[arg(long, value_name = "SIZE", value_parser = size)]
    smaller: Option<u64>,
    /// Only objects changed after this time, such as 2025-01-31 or 2025-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    changed_after: Option<i64>,
    /// Only objects changed before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    changed_before: Option<i64>,
    #[command(flatten)]
    glob: GlobArgs,
}

pub(crate) fn run(context: &Context, args: &FindArgs) -> CommandResult {
    let uri = S3Uri::parse_supported(&args.path).map_err(|error| CommandError::usage(error.to_string()))?;
    let (list, glob) = args.glob.list(context, uri, true)?;
    let is_json = results::are_json(context, Kin::OursOrResults)?;
    let name = args.name.as_deref().map(Pattern::new);
    let mut out = BufWriter::new(std::io::stdout().lock());
    context.block_on(async {
        let s3 = client::s3(context).await?;
        for_each_entry(&s3, &list, |entry| {
            match entry {
                Entry::Object(object)
                    if fits(glob.as_ref(), &object.key) && args.takes(&object, name.as_ref()) =>
                {
                    if is_json {
                        let line = results::line(&ListedLine::of_object(&list.bucket, &object));
                        return Ok(out.write_all(line.as_bytes())?);
                    }
                    writeln!(out, "s3://{}/{}", list.bucket, object.key)?;
                }
                _ => {}
            }
            Ok::<_, CommandError>(())
        })
        .await
    })?;
    Ok(out.flush()?)
}

impl FindArgs {
    fn takes(&self, object: &Object, name: Option<&Pattern>) -> bool {
        let seconds = object.modified.map(|Time { seconds, .. }| seconds);
        name.is_none_or(|name| name.fits(object.key.rsplit('/').next().unwrap_or_default()))
            && self.larger.is_none_or(|least| object.size > least)
            && self.smaller.is_none_or(|most| object.size < most)
            && self.changed_after.is_none_or(|after| seconds.is_some_and(|seconds| seconds > after))
            && self.changed_before.is_none_or(|before| seconds.is_some_and(|seconds| seconds < before))
    }
}

fn size(text: &str) -> Result<u64, String> {
    parse_size(text).ok_or_else(|| format!("`{text}` is no size such as 10MB"))
}

fn time(text: &str) -> Result<i64, String> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    let time: Result<jiff::Timestamp, _> = whole.parse();
    time.map(jiff::Timestamp::as_second).map_err(|_| format!("`{text}` is no time such as 2025-01-31"))
}
