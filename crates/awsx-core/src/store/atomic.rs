//! Replacing a file in one step.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::{StoreError, platform};

/// How many links a path may lead through; the same bound as the Linux kernel's.
const MAX_LINKS: usize = 40;

const TEMPORARY_MARK: &str = ".awsx-";
const TEMPORARY_END: &str = ".tmp";
const TEMPORARY_RANDOM_LENGTH: usize = 6;

/// Replaces a file's contents so that every reader sees the old ones or the new ones, whole.
///
/// Symbolic links are followed and stay. An existing file keeps its mode, a new one gets 0600, and missing folders
/// 0700. The caller holds the file's [`FileLock`](super::FileLock): leftovers of writers that were killed are cleared
/// on the way, and without the lock they could be another writer's work.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace(path, bytes, Mode::Kept)
}

/// Which mode the new file has when there is an old one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Kept,
    OwnerOnly,
}

pub(super) fn replace(path: &Path, bytes: &[u8], mode: Mode) -> Result<(), StoreError> {
    let target = follow_links(path).map_err(|source| StoreError::Write { path: path.to_owned(), source })?;
    create_folder_of(&target)?;
    replace_target(&target, bytes, mode).map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

fn replace_target(target: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let (folder, name) = (folder_of(target), file_name_of(target)?);
    let existing = match fs::metadata(target) {
        // Renaming over a device or a pipe (`AWS_CONFIG_FILE=/dev/null`) would replace it for everybody.
        Ok(metadata) if !metadata.is_file() => return Err(io::Error::other("not a regular file")),
        Ok(metadata) => Some(metadata),
        Err(err) if err.kind() == io::ErrorKind::NotFound => None,
        Err(err) => return Err(err),
    };
    clear_leftovers(folder, name);
    let mut file = tempfile::Builder::new()
        .prefix(&temporary_prefix(name))
        .rand_bytes(TEMPORARY_RANDOM_LENGTH)
        .suffix(TEMPORARY_END)
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(existing) = existing.filter(|_| mode == Mode::Kept) {
        platform::copy_owner_and_mode(&existing, file.as_file())?;
    }
    file.as_file().sync_all()?;
    platform::rename_over(file, target)?;
    platform::sync_folder(folder);
    Ok(())
}

/// Follows symbolic links to the file they mean, which need not exist.
pub(super) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        if !target.is_symlink() {
            return Ok(target);
        }
        let link = fs::read_link(&target)?;
        target = folder_of(&target).join(link);
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

pub(super) fn create_folder_of(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    platform::create_folder(folder)
        .map_err(|source| StoreError::CreateFolder { path: folder.to_owned(), source })
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

pub(super) fn file_name_of(path: &Path) -> io::Result<&OsStr> {
    path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidFilename, "not the name of a file"))
}

/// Removes the temporary files of earlier writers of this file. Whether that works is not what this write is about.
fn clear_leftovers(folder: &Path, name: &OsStr) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let prefix = temporary_prefix(name);
    for entry in entries.flatten() {
        if is_temporary(&entry.file_name(), &prefix) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn temporary_prefix(name: &OsStr) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(TEMPORARY_MARK);
    prefix
}

fn is_temporary(name: &OsStr, prefix: &OsStr) -> bool {
    let random = name
        .as_encoded_bytes()
        .strip_prefix(prefix.as_encoded_bytes())
        .and_then(|rest| rest.strip_suffix(TEMPORARY_END.as_bytes()));
    // The exact length keeps the temporary files of `config.awsx-2` apart from those of `config`.
    random.is_some_and(|random| {
        random.len() == TEMPORARY_RANDOM_LENGTH && random.iter().all(u8::is_ascii_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_files_leftovers_are_recognised() {
        let prefix = temporary_prefix(OsStr::new("config"));
        for (name, expected) in [
            (".config.awsx-a1B2c3.tmp", true),
            (".config.awsx-a1B2c.tmp", false),
            (".config.awsx-b.awsx-a1B2c3.tmp", false),
            (".config2.awsx-a1B2c3.tmp", false),
            ("config.awsx-a1B2c3.tmp", false),
            ("config", false),
            ("config.lock", false),
        ] {
            assert_eq!(is_temporary(OsStr::new(name), &prefix), expected, "{name}");
        }
    }
}
