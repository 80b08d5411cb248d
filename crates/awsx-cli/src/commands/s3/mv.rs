//! `s3 mv`: files and objects to somewhere else, and gone from where they were.

use awsx_s3::S3Uri;
use awsx_s3::plan::Job;

use super::paths::{self, Kind};
use super::transfer::{Selection, Transfer, prepare_local};
use super::transfer_args::TransferArgs;
use super::underlying::{self, hides_bucket};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Move files to S3, objects to files, or objects within S3
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 mv report.pdf s3://bucket/reports/
  awsx s3 mv s3://bucket/old s3://bucket/new --recursive")]
pub(crate) struct MvArgs {
    /// What to move: a path or `s3://bucket/key`
    #[arg(value_name = "SOURCE")]
    source: String,
    /// Where to: a path or `s3://bucket/key`
    #[arg(value_name = "TARGET")]
    target: String,
    /// Move all files below a folder, or all objects below a prefix
    #[arg(long)]
    recursive: bool,
    /// Ask S3 which buckets stand behind access points, and refuse a move onto itself
    #[arg(long)]
    validate_same_s3_paths: bool,
    #[command(flatten)]
    transfer: TransferArgs,
}

pub(crate) fn run(context: &Context, args: &MvArgs) -> CommandResult {
    let kind = Kind::of("mv", &args.source, &args.target)?;
    if args.source == "-" || args.target == "-" {
        return Err(CommandError::usage(
            "Streaming currently is only compatible with non-recursive cp commands",
        ));
    }
    let split = args.transfer.common.glob.split(context, &args.source, args.recursive)?;
    let is_recursive = args.recursive || split.is_some();
    let (glob, source) = split.map_or((None, args.source.clone()), |(glob, folder)| (Some(glob), folder));
    let paths = paths::read(&source, &args.target, is_recursive)?;
    if kind == Kind::Copy {
        check_same(context, args, &source)?;
    }
    paths::check_options(kind, &args.transfer)?;
    prepare_local(&paths, &args.source)?;
    if let Some(warning) = paths::check_case_conflict(&paths, &args.transfer)? {
        context.ui.err(format_args!("{warning}"));
    }
    let selection = Selection { glob, all_versions: false };
    let (job, args) = (Job::Transfer, &args.transfer);
    Transfer { context, paths, job, args, moves: true, stream: None, selection }.run()
}

/// What is moved onto itself would be gone.
fn check_same(context: &Context, args: &MvArgs, source: &str) -> CommandResult {
    let slash = |path: &str| {
        let uri = S3Uri::parse(path);
        if uri.key.is_empty() && !path.ends_with('/') { format!("{path}/") } else { path.to_owned() }
    };
    let (source, target) = (slash(source), slash(&args.target));
    let onto_itself = || CommandError::usage(format!("Cannot mv a file onto itself: {source} - {target}"));
    if is_same(&source, &target) {
        return Err(onto_itself());
    }
    let key = |path: &str| format!("/{}", S3Uri::parse(path).key);
    if !is_same(&key(&source), &key(&target)) {
        return Ok(());
    }
    if args.validate_same_s3_paths || context.env().is_true("AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS") {
        let source_region = args.transfer.source_region.as_deref();
        let resolving = async {
            let sources = underlying::resolve(context, &source, source_region).await?;
            Ok::<_, CommandError>((sources, underlying::resolve(context, &target, None).await?))
        };
        let (sources, targets) = context.block_on(resolving)?;
        let are_same = |one: &String| targets.iter().any(|other| is_same(one, other));
        return if sources.iter().any(are_same) { Err(onto_itself()) } else { Ok(()) };
    }
    if ![&source, &target].into_iter().any(|path| hides_bucket(&S3Uri::parse(path).bucket)) {
        return Ok(());
    }
    context.ui.err(format_args!(
        "warning: Provided s3 paths may resolve to same underlying s3 object(s) and result in deletion instead of being \
         moved. To resolve and validate underlying s3 paths are not the same, specify the --validate-same-s3-paths flag \
         or set the AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS environment variable to true. To resolve s3 outposts access \
         point path, the arn must be used instead of the alias.\n"
    ));
    Ok(())
}

fn is_same(source: &str, target: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or_default();
    source == target || (target.ends_with('/') && source == format!("{target}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_as_its_folder_with_its_name() {
        assert!(is_same("s3://b/k", "s3://b/k"));
        assert!(is_same("s3://b/p/k", "s3://b/p/"));
        assert!(!is_same("s3://b/p/k", "s3://b/"));
        assert!(!is_same("s3://b/k", "s3://c/k"));
    }
}
