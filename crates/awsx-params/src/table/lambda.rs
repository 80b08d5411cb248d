//! Lambda's options beside the model: archives of code stand by themselves, and must be archives.

use super::custom::{refuse_inner, set_at};
use super::{Apply, Table};
use crate::words::Takes;
use crate::{Given, Parameters, ParamsError, zip};

/// Adds Lambda's options.
pub(super) fn apply(table: &mut Table) {
    match table.word.as_str() {
        "create-function" => {
            add_archive(table, "code", |value, all| archive_at(&["Code", "ZipFile"], value, all));
            table.checks.push(("code", |value| refuse_inner(value, "ZipFile", CODE_IS_APART)));
        }
        "publish-layer-version" => {
            add_archive(table, "content", |value, all| archive_at(&["Content", "ZipFile"], value, all));
            table.checks.push(("content", |value| refuse_inner(value, "ZipFile", CONTENT_IS_APART)));
        }
        "update-function-code" => table.checks.push(("zip-file", refuse_other_files)),
        _ => {}
    }
}

const NO_ARCHIVE: &str = "--zip-file must be a zip file with the fileb:// prefix.\n\
                          Example usage:  --zip-file fileb://path/to/file.zip";
const CODE_IS_APART: &str = "ZipFile cannot be provided as part of the --code argument.  Please use the '--zip-file' \
                             option instead to specify a zip file.";
const CONTENT_IS_APART: &str = "ZipFile cannot be provided as part of the --content argument.  Please use the \
                                '--zip-file' option instead to specify a zip file.";

fn add_archive(
    table: &mut Table,
    structure: &'static str,
    apply: fn(&Given, &mut Parameters) -> Result<(), ParamsError>,
) {
    table.relax(&[structure]);
    let about = "The code as a zip file: `fileb://` and a path";
    table.add("zip-file", about, Takes::One, Apply::Try(apply));
}

fn archive_at(path: &[&str], value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    refuse_other_files(value)?;
    set_at(parameters, path, value.clone());
    Ok(())
}

/// Refuses what is no zip file: a path without `fileb://`, most often.
fn refuse_other_files(value: &Given) -> Result<(), ParamsError> {
    let is_archive = match value {
        Given::Bytes(bytes) => zip::is_archive(bytes),
        Given::Text(text) => zip::is_archive(text.as_bytes()),
        _ => false,
    };
    if is_archive { Ok(()) } else { Err(ParamsError::Value(NO_ARCHIVE.to_owned())) }
}
