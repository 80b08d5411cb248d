//! One writer at a time, across processes.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{StoreError, atomic, platform};

/// Exclusive use of a file, until it is dropped or its process ends in whatever way.
///
/// The lock is on `<name>.lock` beside the file, because the file itself is replaced by every write. That file is
/// never deleted: whoever had it open would then hold a lock nobody else can see. Two locks on one file exclude each
/// other within a process too, so taking it twice waits forever.
#[derive(Debug)]
pub struct FileLock {
    /// Closing it frees the lock.
    _file: File,
}

impl FileLock {
    /// Waits for the lock on `protected`, which need not exist; its folder is created.
    pub fn acquire(protected: &Path) -> Result<FileLock, StoreError> {
        let path = lock_path(protected)?;
        locked_file(&path, |file| {
            loop {
                match file.lock() {
                    Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                    result => return result.map(|()| true),
                }
            }
        })
        .map(|file| file.expect("waiting ends with the lock"))
        .map(|file| FileLock { _file: file })
        .map_err(|source| StoreError::Lock { path, source })
    }

    /// Takes the lock on `protected` if nobody holds it.
    pub fn try_acquire(protected: &Path) -> Result<Option<FileLock>, StoreError> {
        let path = lock_path(protected)?;
        locked_file(&path, |file| match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(err)) => Err(err),
        })
        .map(|file| file.map(|file| FileLock { _file: file }))
        .map_err(|source| StoreError::Lock { path, source })
    }
}

fn locked_file(path: &Path, lock: impl Fn(&File) -> io::Result<bool>) -> io::Result<Option<File>> {
    loop {
        let file = platform::open_lock_file(path)?;
        if !lock(&file)? {
            return Ok(None);
        }
        // A user may have emptied the folder while we waited; the lock that counts is then another file.
        if platform::is_file_at(&file, path) {
            return Ok(Some(file));
        }
    }
}

/// The lock file, in a folder that exists. It stands beside the file that links lead to, so that all paths to a
/// file share its lock.
fn lock_path(protected: &Path) -> Result<PathBuf, StoreError> {
    let lock_error = |source| StoreError::Lock { path: protected.to_owned(), source };
    let target = atomic::follow_links(protected).map_err(lock_error)?;
    atomic::create_folder_of(&target)?;
    let mut name = atomic::file_name_of(&target).map_err(lock_error)?.to_owned();
    name.push(".lock");
    Ok(target.with_file_name(name))
}
