//! `s3 cp`: files and objects to somewhere else.

use awsx_params::ParamsError;
use awsx_s3::S3Uri;
use awsx_s3::plan::{Job, Location, Task};

use super::paths::{self, Kind};
use super::transfer::{Selection, Transfer, fatal, prepare_local};
use super::transfer_args::TransferArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Copy files to S3, objects to files, or objects within S3
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 cp report.pdf s3://bucket/reports/
  awsx s3 cp s3://bucket/logs logs --recursive --exclude '*' --include '*.gz'
  tar cz folder | awsx s3 cp - s3://bucket/folder.tar.gz --expected-size 60000000000")]
pub(crate) struct CpArgs {
    /// What to copy: a path, `s3://bucket/key`, or `-` for standard input
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Where to: a path, `s3://bucket/key`, or `-` for standard output
    #[arg(value_name = "TARGET")]
    target: String,
    /// Copy all files below a folder, or all objects below a prefix
    #[arg(long)]
    recursive: bool,
    /// How much comes on standard input, so that its parts are large enough
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    expected_size: Option<String>,
    #[command(flatten)]
    transfer: TransferArgs,
}

pub(crate) fn run(context: &Context, args: &CpArgs) -> CommandResult {
    let kind = Kind::of("cp", &args.source, &args.target)?;
    let is_stream = args.source == "-" || args.target == "-";
    let split = args.transfer.common.glob.split(context, &args.source, args.recursive)?;
    let is_recursive = args.recursive || split.is_some();
    if is_stream && is_recursive {
        return Err(CommandError::usage(
            "Streaming currently is only compatible with non-recursive cp commands",
        ));
    }
    if args.target == "-" && args.transfer.no_overwrite {
        return Err(CommandError::usage("--no-overwrite parameter is not supported for streaming downloads"));
    }
    if is_stream && args.transfer.resume {
        return Err(CommandError::usage("--resume needs a file: a stream cannot be gone on with"));
    }
    let (glob, source) = split.map_or((None, args.source.clone()), |(glob, folder)| (Some(glob), folder));
    let paths = paths::read(&source, &args.target, is_recursive)?;
    paths::check_options(kind, &args.transfer)?;
    if !is_stream {
        prepare_local(&paths, &args.source)?;
    }
    if let Some(warning) = paths::check_case_conflict(&paths, &args.transfer)? {
        context.ui.err(format_args!("{warning}"));
    }
    let selection = Selection { glob, all_versions: false };
    let stream = match is_stream.then(|| stream(args, &paths.source, &paths.target)).transpose() {
        Ok(stream) => stream,
        Err(mistake) => return Err(CommandError::said(fatal(context, &mistake))),
    };
    Transfer { context, paths, job: Job::Transfer, args: &args.transfer, moves: false, stream, selection }
        .run()
}

fn stream(args: &CpArgs, source: &Location, target: &Location) -> Result<Task, ParamsError> {
    Ok(match (source, target) {
        (Location::S3(S3Uri { bucket, key }), _) => {
            Task::DownloadStream { bucket: bucket.as_str().into(), key: key.clone() }
        }
        (_, Location::S3(S3Uri { bucket, key })) => {
            // As of a file of that name.
            let key = if key.is_empty() || key.ends_with('/') { format!("{key}-") } else { key.clone() };
            // Looked at where it is needed and nowhere else, as AWS CLI does: not by a dry run either.
            let expected_size = match &args.expected_size {
                Some(size) if !args.transfer.common.dryrun => u64::try_from(awsx_params::int(size)?).ok(),
                _ => None,
            };
            Task::UploadStream { bucket: bucket.as_str().into(), key, expected_size }
        }
        (Location::Local(_), Location::Local(_)) => unreachable!("one of the paths is in S3"),
    })
}
