//! Why a task failed, in AWS CLI's words.

use std::io;
use std::path::Path;

use awsx_api::CallError;

use crate::files::python_error;

/// What a task failed of.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// S3 refused, or did not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// A file could not be read or written; the text is Python's.
    #[error("{0}")]
    File(String),
    /// The object is not the one that was found.
    #[error("Contents of stored object \"{key}\" in bucket \"{bucket}\" did not match expected ETag.")]
    Changed {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
    /// The file is not the one that its parts were read from.
    #[error("the file was changed while it was uploaded")]
    ChangedFile,
    /// A copy is there, and not all of its annotations are.
    #[error(
        "Failed to copy all annotations to {object}. The object was copied successfully and was not deleted. Annotations \
         written: {written}. Annotations that failed: {failed}."
    )]
    Annotations {
        /// The copy.
        object: String,
        /// The names of those that are there.
        written: String,
        /// Those that are not, and why.
        failed: String,
    },
    /// What came does not have the checksum that S3 keeps.
    #[error("Expected checksum {expected} did not match calculated checksum: {calculated}")]
    Checksum {
        /// S3's.
        expected: String,
        /// Ours.
        calculated: String,
    },
    /// Less came than the object has.
    #[error("{received} bytes of {expected} arrived")]
    Short {
        /// What came.
        received: u64,
        /// What should have.
        expected: u64,
    },
    /// What is there was to be left alone.
    #[error("the target exists")]
    Exists,
    /// Who reads standard output wants nothing more.
    #[error("the reader has gone away")]
    ReaderGone,
}

impl TransferError {
    pub(crate) fn file(error: &io::Error, path: &Path) -> Self {
        Self::File(python_error(error, path))
    }

    /// Whether S3 refused with this code.
    pub(crate) fn is(&self, code: &str) -> bool {
        matches!(self, Self::Call(error) if error.is(code))
    }

    /// A conditional write that found something there is none that failed.
    pub(crate) fn of_write(error: CallError, no_overwrite: bool) -> Self {
        let refused = error.is("PreconditionFailed") || error.is("ConditionalRequestConflict");
        if no_overwrite && refused { Self::Exists } else { error.into() }
    }

    /// A read under the condition that the object is still the one that was found.
    pub(crate) fn of_read(error: CallError, bucket: &str, key: &str) -> Self {
        if error.service().is_some_and(|error| error.status == 412) {
            Self::Changed { bucket: bucket.to_owned(), key: key.to_owned() }
        } else {
            error.into()
        }
    }
}
