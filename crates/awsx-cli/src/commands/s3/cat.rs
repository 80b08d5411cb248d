//! `s3 cat`: objects to standard output.

use awsx_s3::S3Uri;
use awsx_s3::glob::Glob;
use awsx_s3::list::{Entry, ListObjects, for_each_entry};
use awsx_s3::plan::{Job, PlanError, Task};

use super::transfer::{Selection, Transfer};
use super::transfer_args::{CommonArgs, TransferArgs};
use super::wildcards::GlobArgs;
use super::{client, paths};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Print objects
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 cat s3://bucket/app.log
  awsx s3 cat s3://bucket/part-1 s3://bucket/part-2 > whole")]
pub(crate) struct CatArgs {
    /// The objects: `s3://bucket/key`
    #[arg(value_name = "PATHS", required = true)]
    paths: Vec<String>,
    /// Accept to pay for the requests
    #[arg(long, num_args = 0..=1, default_missing_value = "requester", value_parser = ["requester"], require_equals = true)]
    request_payer: Option<String>,
    #[command(flatten)]
    glob: GlobArgs,
}

pub(crate) fn run(context: &Context, args: &CatArgs) -> CommandResult {
    if args.paths.iter().any(|path| !path.starts_with("s3://")) {
        return Err(CommandError::usage(
            "usage: awsx s3 cat <S3Uri> [<S3Uri> ...]\nError: Invalid argument type",
        ));
    }
    let common = CommonArgs { request_payer: args.request_payer.clone(), ..CommonArgs::default() };
    let transfer = TransferArgs::of(common);
    for path in &args.paths {
        let uri = S3Uri::parse(path);
        let bucket = uri.bucket.clone();
        let keys = match args.glob.list(context, uri.clone(), false)? {
            (_, None) => vec![uri.key],
            (list, Some(glob)) => keys_that_fit(context, &list, &glob)?,
        };
        for key in keys {
            let paths = paths::read(path, "-", false)?;
            let stream = Some(Task::DownloadStream { bucket: bucket.as_str().into(), key });
            let (job, args, selection) = (Job::Transfer, &transfer, Selection::default());
            Transfer { context, paths, job, args, moves: false, stream, selection }.run()?;
        }
    }
    Ok(())
}

fn keys_that_fit(context: &Context, list: &ListObjects, glob: &Glob) -> CommandResult<Vec<String>> {
    let mut keys = Vec::new();
    context.block_on(async {
        let s3 = client::s3(context).await?;
        for_each_entry(&s3, list, |entry| {
            match entry {
                Entry::Object(object) if glob.fits(&object.key) => keys.push(object.key),
                _ => {}
            }
            Ok::<_, CommandError>(())
        })
        .await
    })?;
    if keys.is_empty() {
        context.ui.err(format_args!("fatal error: {}\n", PlanError::NothingFits));
        return Err(CommandError::said(1));
    }
    Ok(keys)
}
