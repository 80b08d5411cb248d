//! What the paths of `cp`, `mv` and `sync` may be, and with which options.

use awsx_s3::plan::{Location, Paths};
use awsx_s3::{S3Uri, UnsupportedResource};

use super::transfer::current_folder;
use super::transfer_args::TransferArgs;
use crate::error::{CommandError, CommandResult};

/// Which kinds of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Upload,
    Download,
    Copy,
}

impl Kind {
    /// The kind of two paths; two local ones are none.
    pub(super) fn of(command: &str, source: &str, target: &str) -> CommandResult<Self> {
        match (source.starts_with("s3://"), target.starts_with("s3://")) {
            (false, true) => Ok(Self::Upload),
            (true, false) => Ok(Self::Download),
            (true, true) => Ok(Self::Copy),
            (false, false) => Err(CommandError::usage(format!(
                "usage: awsx s3 {command} <LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>\nError: Invalid \
                 argument type"
            ))),
        }
    }

    fn form(self) -> &'static str {
        match self {
            Self::Upload => "<LocalPath> <S3Uri>",
            Self::Download => "<S3Uri> <LocalPath>",
            Self::Copy => "<S3Uri> <S3Uri>",
        }
    }
}

/// Reads both paths, which must be of resources that can be listed and copied.
pub(super) fn read(source: &str, target: &str, is_recursive: bool) -> CommandResult<Paths> {
    for path in [source, target].into_iter().filter(|path| path.starts_with("s3://")) {
        S3Uri::parse_supported(path)
            .map_err(|error: UnsupportedResource| CommandError::usage(error.to_string()))?;
    }
    Ok(Paths::new(source, target, &current_folder()?, is_recursive))
}

/// Options that need others, or paths of another kind.
pub(super) fn check_options(kind: Kind, args: &TransferArgs) -> CommandResult {
    let expect = |given: bool, option: &str, allowed: &[Kind]| {
        if !given || allowed.contains(&kind) {
            return Ok(());
        }
        let forms: Vec<_> = allowed.iter().map(|kind| kind.form()).collect();
        Err(CommandError::usage(format!(
            "Expected {option} parameter to be used with one of following path formats: {}. Instead, received {}.",
            forms.join(", "),
            kind.form()
        )))
    };
    expect(args.checksum_algorithm.is_some(), "checksum-algorithm", &[Kind::Upload, Kind::Copy])?;
    expect(args.checksum_mode.is_some(), "checksum-mode", &[Kind::Download])?;
    let pairs = [
        ("--sse-c", args.sse_c.is_some(), args.sse_c_key.is_some()),
        ("--sse-c-copy-source", args.sse_c_copy_source.is_some(), args.sse_c_copy_source_key.is_some()),
    ];
    for (option, is_given, has_key) in pairs {
        let missing = |one: String, other: String| {
            Err(CommandError::usage(format!("If {one} is specified, {other} must be specified as well.")))
        };
        match (is_given, has_key) {
            (true, false) => return missing(option.to_owned(), format!("{option}-key")),
            (false, true) => return missing(format!("{option}-key"), option.to_owned()),
            _ => {}
        }
    }
    if args.sse_c_copy_source.is_some() && kind != Kind::Copy {
        return Err(CommandError::usage("--sse-c-copy-source is only supported for copy operations."));
    }
    Ok(())
}

/// Directory buckets list in no order, so what names differ only in case cannot be known.
pub(super) fn check_case_conflict(paths: &Paths, args: &TransferArgs) -> CommandResult<Option<&'static str>> {
    use awsx_s3::plan::CaseConflict;
    let (Location::S3(uri), Location::Local(_)) = (&paths.source, &paths.target) else { return Ok(None) };
    if !uri.is_express() || !paths.is_recursive {
        return Ok(None);
    }
    let name = match args.case_conflict() {
        CaseConflict::Ignore => return Ok(None),
        CaseConflict::Warn => {
            return Ok(Some(
                "warning: Recursive copies/moves from an S3 Express directory bucket to a case-insensitive local \
                 filesystem may result in undefined behavior if there are S3 object key names that differ only by case. \
                 To disable this warning, set the `--case-conflict` parameter to `ignore`. For more information, see \
                 https://docs.aws.amazon.com/cli/latest/topic/s3-case-insensitivity.html.\n",
            ));
        }
        CaseConflict::Skip => "skip",
        CaseConflict::Error => "error",
    };
    Err(CommandError::usage(format!(
        "`{name}` is not a valid value for `--case-conflict` when operating on S3 Express directory buckets. Valid \
         values: `warn`, `ignore`."
    )))
}
