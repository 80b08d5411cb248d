//! What is written to disk: whole or not at all, under a lock, readable by its owner only.
//!
//! A file is replaced by renaming a finished one over it, so readers need no lock and a killed writer leaves the old
//! file. Writers take a [`FileLock`] beside the file; the system frees it when its holder dies. This module does not
//! know what any file means.

mod atomic;
mod error;
pub mod hash;
pub mod json_cache;
mod lock;
pub mod own_cache;
mod platform;
mod python_json;

use std::path::Path;
use std::{fs, io};

pub use atomic::write_atomic;
pub use error::StoreError;
pub use json_cache::JsonCache;
pub use lock::FileLock;

/// Reads a whole file, or nothing when it does not exist. Takes no lock and writes nothing.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        // With a file where its folder should be, it does not exist either.
        Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(StoreError::Read { path: path.to_owned(), source }),
    }
}

/// Changes a file under its lock: `edit` sees what is there now, and what it returns is written.
pub fn update<E>(path: &Path, edit: impl FnOnce(Option<&[u8]>) -> Result<Option<Vec<u8>>, E>) -> Result<(), E>
where
    E: From<StoreError>,
{
    let _lock = FileLock::acquire(path)?;
    let before = read(path)?;
    if let Some(after) = edit(before.as_deref())? {
        write_atomic(path, &after)?;
    }
    Ok(())
}
