//! What can go wrong between us and the disk.

use std::io;
use std::path::PathBuf;

/// A failed file operation, with the path it was about.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is there, but cannot be read.
    #[error("could not read `{}`", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The new contents could not be put in place; the old ones are as they were.
    #[error("could not write `{}`", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The value has no JSON form.
    #[error("could not write `{}` as JSON", .path.display())]
    Encode {
        /// The file it was meant for.
        path: PathBuf,
        /// What is wrong with the value.
        source: serde_json::Error,
    },
    /// The lock beside the file could not be taken.
    #[error("could not lock `{}`", .path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder of a new file could not be created.
    #[error("could not create the folder `{}`", .path.display())]
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder cannot be listed.
    #[error("could not list the folder `{}`", .path.display())]
    List {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file could not be removed.
    #[error("could not remove `{}`", .path.display())]
    Remove {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
