//! Files as transfers need them: reading and writing at a place, temporary files, errors in Python's words.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::Time;

#[cfg(unix)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(unix)]
pub(crate) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(windows)]
pub(crate) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

/// A file beside the one it will be. It is gone when dropped before [`Self::keep`].
#[derive(Debug)]
pub(crate) struct TemporaryFile {
    pub(crate) file: File,
    path: PathBuf,
    target: PathBuf,
    kept: bool,
}

impl TemporaryFile {
    /// Makes one beside `target`.
    pub(crate) fn beside(target: &Path) -> io::Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        loop {
            let number = getrandom::u32().map_err(|error| io::Error::other(error.to_string()))?;
            // A name may have 255 bytes.
            let short: String = name.chars().take(50).collect();
            let path = target.with_file_name(format!(".{short}.awsx-{number:08x}.tmp"));
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path, target: target.to_owned(), kept: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Puts it in the target's place, with this time of change if that can be set.
    pub(crate) fn keep(mut self, modified: Option<Time>) -> io::Result<Result<(), io::Error>> {
        let timed = match modified {
            Some(time) => self.file.set_modified(time.into()),
            None => Ok(()),
        };
        fs::rename(&self.path, &self.target)?;
        self.kept = true;
        Ok(timed)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing can be done about one that stays.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// An error of the system as Python words it: `[Errno 13] Permission denied: '/path'`.
pub(crate) fn python_error(error: &io::Error, path: &Path) -> String {
    match error.raw_os_error() {
        Some(number) => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            format!("[Errno {number}] {text}: '{}'", path.display())
        }
        None => error.to_string(),
    }
}

/// Whether reading it once could not give it whole: a device, a pipe, a socket.
pub(crate) fn is_special(metadata: &fs::Metadata) -> bool {
    let kind = metadata.file_type();
    !kind.is_file() && !kind.is_dir() && !kind.is_symlink()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_file_is_gone_unless_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a");
        let count = || fs::read_dir(folder.path()).unwrap().count();
        drop(TemporaryFile::beside(&target).unwrap());
        assert_eq!(count(), 0);
        let file = TemporaryFile::beside(&target).unwrap();
        file.keep(Some(Time { seconds: 1_000_000, nanos: 0 })).unwrap().unwrap();
        let modified = fs::metadata(&target).unwrap().modified().unwrap();
        assert_eq!(Time::from(modified), Time { seconds: 1_000_000, nanos: 0 });
        assert_eq!(count(), 1);
    }

    #[test]
    fn errors_are_python_s() {
        let error = File::open("/nonexistent").unwrap_err();
        assert_eq!(
            python_error(&error, Path::new("/nonexistent")),
            "[Errno 2] No such file or directory: '/nonexistent'"
        );
    }
}
