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

/// A file beside the one it will be. It is gone when dropped before [`Self::keep`], unless it is one to go on with.
#[derive(Debug)]
pub(crate) struct TemporaryFile {
    pub(crate) file: File,
    path: PathBuf,
    target: PathBuf,
    /// Whether it stays when it is dropped.
    stays: bool,
}

impl TemporaryFile {
    /// Makes one beside `target`.
    pub(crate) fn beside(target: &Path) -> io::Result<Self> {
        loop {
            let number = getrandom::u32().map_err(|error| io::Error::other(error.to_string()))?;
            let path = beside(target, &format!("{number:08x}"), "tmp");
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { file, path, target: target.to_owned(), stays: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where the parts of an unfinished file lie, told apart by eight hexadecimal digits.
    pub(crate) fn partial_path(target: &Path, mark: &str) -> PathBuf {
        beside(target, mark, "part")
    }

    /// One to go on with, empty.
    pub(crate) fn begin_partial(path: &Path, target: &Path) -> io::Result<Self> {
        Self::open_partial(OpenOptions::new().create(true).truncate(true), path, target)
    }

    /// One that is there, to go on with.
    pub(crate) fn go_on(path: &Path, target: &Path) -> io::Result<Self> {
        Self::open_partial(&mut OpenOptions::new(), path, target)
    }

    fn open_partial(options: &mut OpenOptions, path: &Path, target: &Path) -> io::Result<Self> {
        let file = options.read(true).write(true).open(path)?;
        Ok(Self { file, path: path.to_owned(), target: target.to_owned(), stays: true })
    }

    /// It is of no use any longer, and is gone.
    pub(crate) fn discard(mut self) {
        self.stays = false;
    }

    /// Puts it in the target's place, with this time of change if that can be set.
    pub(crate) fn keep(mut self, modified: Option<Time>) -> io::Result<Result<(), io::Error>> {
        let timed = match modified {
            Some(time) => self.file.set_modified(time.into()),
            None => Ok(()),
        };
        fs::rename(&self.path, &self.target)?;
        self.stays = true;
        Ok(timed)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if !self.stays {
            // Nothing can be done about one that stays.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// `.NAME.awsx-0123abcd.tmp`.
fn beside(target: &Path, mark: &str, extension: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // A name may have 255 bytes.
    let short: String = name.chars().take(50).collect();
    target.with_file_name(format!(".{short}.awsx-{mark}.{extension}"))
}

/// Whether a name is one of [`beside`]: a file under way, or left by a process that was killed.
pub(crate) fn is_under_way(name: &str) -> bool {
    let Some((_, rest)) = name.strip_prefix('.').and_then(|name| name.rsplit_once(".awsx-")) else {
        return false;
    };
    let is_mark = |mark: &str| mark.len() == 8 && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    rest.split_once('.')
        .is_some_and(|(mark, extension)| is_mark(mark) && ["tmp", "part"].contains(&extension))
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
    fn files_under_way_are_known_by_their_names() {
        let path = TemporaryFile::partial_path(Path::new("/d/a.txt"), "0123abcd");
        assert_eq!(path, Path::new("/d/.a.txt.awsx-0123abcd.part"));
        assert!(is_under_way(".a.txt.awsx-0123abcd.part") && is_under_way(".a.awsx-00000000.tmp"));
        assert!(!is_under_way("a.txt.awsx-0123abcd.part") && !is_under_way(".a.awsx-tmp.tmp"));
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
