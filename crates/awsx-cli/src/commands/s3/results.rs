//! Results as JSON, one object a line, told as soon as a task is over.
//!
//! The fields are documented in `docs/guides/s3.md`. What is not known is left out, never null.

use std::path::Path;

use awsx_api::CallError;
use awsx_core::settings::{Origin, Resolved, table};
use awsx_s3::Stored;
use awsx_s3::checksum::Algorithm;
use awsx_s3::plan::{Place, PlanError, Task, Warning, relative_path};
use awsx_s3::transfer::TransferError;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CommandResult, explained};

/// Whose output a command prints, which decides on what `--output json` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kin {
    /// A word of awsx's own, or a transfer: results are for people.
    OursOrResults,
    /// A command of AWS CLI's whose output scripts read; AWS CLI takes `--output json` there and pays it no heed.
    Data,
}

/// Whether the command line itself asks for JSON. A setting never does: AWS CLI's `s3` has none that counts.
pub(super) fn are_json(context: &Context, kin: Kin) -> CommandResult<bool> {
    let output = context.settings.resolve(&table::OUTPUT)?;
    let Some(Resolved { value: asked, origin: Origin::Flag(_) }) = output else { return Ok(false) };
    Ok(asked == "jsonl" || (asked == "json" && kin == Kin::OursOrResults))
}

/// What came of one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Done,
    Dryrun,
    Failed,
    Warning,
    Skipped,
}

/// One line.
#[derive(Debug, Serialize)]
pub(super) struct ResultLine {
    operation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum: Option<Checksum>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

#[derive(Debug, Serialize)]
struct Checksum {
    algorithm: &'static str,
    value: String,
}

/// Why a task failed, or what a warning says.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    /// The service's code; none where it is not the service's error.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
}

impl ResultLine {
    /// Of a command or what it is about as a whole.
    pub(super) fn new(operation: &'static str, source: Option<String>, destination: Option<String>) -> Self {
        let status = Status::Done;
        let (size, version_id, etag, checksum, error) = (None, None, None, None, None);
        Self { operation, source, destination, size, status, version_id, etag, checksum, error }
    }

    /// Of a task, as seen from `folder`.
    pub(super) fn of(task: &Task, folder: &Path, moves: bool, status: Status) -> Self {
        let label = task.label(folder, moves);
        let (source, version_id) = match task {
            Task::Delete { bucket, key, version, .. } => (format!("s3://{bucket}/{key}"), version.clone()),
            _ => (label.source, None),
        };
        let size = match task {
            Task::Upload { .. } | Task::Download { .. } | Task::Copy { .. } => Some(task.size()),
            _ => None,
        };
        let line = Self::new(label.verb.as_str(), Some(source), label.target);
        Self { size, status, version_id, ..line }
    }

    /// With what S3 tells of the object.
    pub(super) fn with(self, stored: Stored) -> Self {
        let Stored { size, etag, version, checksum } = stored;
        let checksum = checksum
            .map(|(algorithm, value): (Algorithm, String)| Checksum { algorithm: algorithm.name(), value });
        Self {
            size: self.size.or(size),
            version_id: self.version_id.or(version),
            etag: etag.map(bare),
            checksum,
            ..self
        }
    }

    /// As one that failed.
    pub(super) fn failed(self, error: Problem) -> Self {
        Self { status: Status::Failed, error: Some(error), ..self }
    }

    /// Of something that is passed over.
    pub(super) fn warned(self, warning: &Warning, folder: &Path) -> Self {
        let source = match &warning.about {
            Place::Local(path) => relative_path(path, folder),
            Place::Object { bucket, key } => format!("s3://{bucket}/{key}"),
        };
        let error = Problem { code: None, message: warning.text.clone() };
        let (status, destination) = (Status::Warning, None);
        Self { status, source: Some(source), destination, error: Some(error), ..self }
    }
}

/// A request that failed, in the words for people.
pub(super) fn words(error: &CallError) -> String {
    explained(error).map_or_else(|| error.to_string(), |error| error.to_string())
}

/// A task that failed, likewise.
pub(super) fn words_of_task(error: &TransferError) -> String {
    match error {
        TransferError::Call(error) => words(error),
        other => other.to_string(),
    }
}

/// A plan that failed, likewise.
pub(super) fn words_of_plan(error: &PlanError) -> String {
    match error {
        PlanError::Call(error) => words(error),
        PlanError::NothingFits | PlanError::CaseConflict { .. } => error.to_string(),
    }
}

impl From<&CallError> for Problem {
    fn from(error: &CallError) -> Self {
        match explained(error) {
            Some(error) => Self { code: Some(error.code), message: error.message },
            None => Self { code: None, message: error.to_string() },
        }
    }
}

impl From<&TransferError> for Problem {
    fn from(error: &TransferError) -> Self {
        match error {
            TransferError::Call(error) => error.into(),
            other => Self { code: None, message: other.to_string() },
        }
    }
}

impl From<&PlanError> for Problem {
    fn from(error: &PlanError) -> Self {
        match error {
            PlanError::Call(error) => error.into(),
            other @ (PlanError::NothingFits | PlanError::CaseConflict { .. }) => {
                Self { code: None, message: other.to_string() }
            }
        }
    }
}

/// An `ETag` without the quotes that HTTP puts around it.
pub(super) fn bare(etag: String) -> String {
    match etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => inside.to_owned(),
        None => etag,
    }
}

/// A line of JSON, its end included.
pub(super) fn line(object: &impl Serialize) -> String {
    let mut line = serde_json::to_string(object).expect("texts and numbers make JSON");
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_is_known_in_a_fixed_order() {
        let task = Task::Upload { path: "/w/a".into(), size: 5, bucket: "b".into(), key: "k".into() };
        let stored = Stored {
            size: None,
            etag: Some("\"e\"".into()),
            version: Some("v".into()),
            checksum: Some((Algorithm::Crc32, "x=".into())),
        };
        let folder = Path::new("/w");
        assert_eq!(
            line(&ResultLine::of(&task, folder, true, Status::Done).with(stored)),
            "{\"operation\":\"move\",\"source\":\"./a\",\"destination\":\"s3://b/k\",\"size\":5,\"status\":\"done\",\
             \"version_id\":\"v\",\"etag\":\"e\",\"checksum\":{\"algorithm\":\"CRC32\",\"value\":\"x=\"}}\n"
        );
        let task =
            Task::Delete { bucket: "b".into(), key: "k".into(), version: Some("v".into()), at_source: true };
        assert_eq!(
            line(&ResultLine::of(&task, folder, false, Status::Dryrun)),
            "{\"operation\":\"delete\",\"source\":\"s3://b/k\",\"status\":\"dryrun\",\"version_id\":\"v\"}\n"
        );
    }
}
