//! What differs by system: modes and owners, renaming over a file, making a rename durable.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

#[cfg(unix)]
pub(super) use unix::{copy_owner_and_mode, create_folder, is_file_at, restrict_to_owner, sync_folder};
#[cfg(not(unix))]
pub(super) use windows::{copy_owner_and_mode, create_folder, is_file_at, restrict_to_owner, sync_folder};

/// Opens a lock file, creating it for its owner only.
pub(super) fn open_lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Moves a finished file to its place.
///
/// Windows refuses while another process has the old file open without sharing it, as virus scanners do for a moment.
pub(super) fn rename_over(file: NamedTempFile, target: &Path) -> io::Result<()> {
    const ATTEMPTS: u32 = if cfg!(windows) { 10 } else { 1 };
    let mut file = file;
    for attempt in 1..=ATTEMPTS {
        match file.persist(target) {
            Ok(_) => return Ok(()),
            Err(err) if attempt == ATTEMPTS || err.error.kind() != io::ErrorKind::PermissionDenied => {
                return Err(err.error);
            }
            Err(err) => file = err.file,
        }
        std::thread::sleep(std::time::Duration::from_millis(10 * u64::from(attempt)));
    }
    unreachable!("the last attempt returns")
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};

    use super::{File, Path, fs, io};

    pub(in super::super) fn create_folder(path: &Path) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    pub(in super::super) fn copy_owner_and_mode(from: &fs::Metadata, to: &File) -> io::Result<()> {
        let new = to.metadata()?;
        if (new.uid(), new.gid()) != (from.uid(), from.gid()) {
            // Matters for `sudo`; anyone else may not give files away, and their edit counts all the same.
            let _ = fchown(to, Some(from.uid()), Some(from.gid()));
        }
        to.set_permissions(from.permissions())
    }

    pub(in super::super) fn restrict_to_owner(path: &Path) -> io::Result<()> {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
    }

    /// Makes a rename survive a power cut. It has taken effect already, and some file systems cannot do this.
    pub(in super::super) fn sync_folder(path: &Path) {
        let _ = File::open(path).and_then(|folder| folder.sync_all());
    }

    pub(in super::super) fn is_file_at(file: &File, path: &Path) -> bool {
        match (file.metadata(), fs::metadata(path)) {
            (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
            _ => false,
        }
    }
}

/// Windows has no modes: a file in the user's profile inherits an access list that is the user's.
#[cfg(not(unix))]
mod windows {
    use super::{File, Path, fs, io};

    pub(in super::super) fn create_folder(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    pub(in super::super) fn copy_owner_and_mode(_from: &fs::Metadata, _to: &File) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn restrict_to_owner(_path: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in super::super) fn sync_folder(_path: &Path) {}

    pub(in super::super) fn is_file_at(_file: &File, _path: &Path) -> bool {
        true
    }
}
