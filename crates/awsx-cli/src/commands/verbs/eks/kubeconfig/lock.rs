//! kubectl's lock: a file `NAME.lock` that is there while somebody changes `NAME`.
//!
//! awsx's own lock files stay where they are, and kubectl would wait for such a one for ever.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use awsx_core::store::StoreError;

use super::KubeconfigError;

/// How often the lock is tried, and how long in between: others hold it for moments.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// Held until it is dropped.
pub(super) struct Lock(PathBuf);

impl Lock {
    pub(super) fn acquire(path: &Path) -> Result<Self, KubeconfigError> {
        let mut lock = path.as_os_str().to_owned();
        lock.push(".lock");
        let lock = PathBuf::from(lock);
        let failed = |source| StoreError::Lock { path: lock.clone(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|source| StoreError::CreateFolder { path: folder.to_owned(), source })?;
        }
        for _ in 0..TRIES {
            match OpenOptions::new().write(true).create_new(true).open(&lock) {
                Ok(_) => return Ok(Self(lock)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => std::thread::sleep(PAUSE),
                Err(error) => return Err(failed(error).into()),
            }
        }
        Err(KubeconfigError::Locked { path: path.to_owned(), lock })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What cannot be removed now could not be a moment later.
        let _ = fs::remove_file(&self.0);
    }
}
