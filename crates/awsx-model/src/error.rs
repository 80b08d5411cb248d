//! What can be wrong with a model.

use std::io;
use std::path::PathBuf;

use crate::Text;

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A model inside the program cannot be read: the program itself is damaged.
    #[error("the built-in model of `{name}` is damaged: {reason}")]
    Packed {
        /// The service, or what else the pack holds.
        name: String,
        /// What is wrong.
        reason: Text,
    },
    /// A file or folder of models cannot be read.
    #[error("could not read `{}`", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is no model.
    #[error("`{}` is not a valid model: {reason}", .path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
}
