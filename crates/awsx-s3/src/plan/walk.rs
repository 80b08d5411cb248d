//! Files below a folder, in the order in which S3 lists keys.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use super::{Place, Warning};
use crate::Time;
use crate::files::{is_special, is_under_way};

/// Something a walk comes across.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A file.
    File {
        /// Where.
        path: PathBuf,
        /// Bytes.
        size: u64,
        /// When it was last changed.
        modified: Time,
    },
    /// What it is about is passed over.
    Warning(Warning),
}

/// Goes through a folder. Names of one folder at a time are held, for each level on the way.
#[derive(Debug)]
pub struct Walk {
    follow_links: bool,
    /// The names still to come, the innermost folder last.
    levels: Vec<VecDeque<Name>>,
    ready: VecDeque<Found>,
}

/// A name in a folder, with a slash behind that of a folder, which is what keys are sorted by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    sorted_by: Vec<u8>,
    path: PathBuf,
    is_folder: bool,
}

impl Walk {
    /// Through all below a folder, or just one file.
    pub fn new(start: &str, follow_links: bool, is_recursive: bool) -> Self {
        let mut walk = Self { follow_links, levels: Vec::new(), ready: VecDeque::new() };
        let path = Path::new(start);
        if walk.is_ignored(path) {
            return walk;
        }
        if is_recursive {
            walk.enter(path);
        } else {
            walk.take_file(path.to_owned());
        }
        walk
    }

    fn enter(&mut self, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut names = Vec::new();
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let Some(text) = name.to_str() else {
                self.ready.push_back(Found::Warning(undecodable(&name, folder)));
                continue;
            };
            if is_under_way(text) {
                continue;
            }
            // The kind that the folder tells saves asking for it; only for links it is another's.
            let kind = entry.file_type();
            let is_link = kind.as_ref().is_ok_and(fs::FileType::is_symlink);
            if is_link && !self.follow_links {
                continue;
            }
            let is_folder = match kind {
                Ok(kind) if !kind.is_symlink() => kind.is_dir(),
                _ => path.is_dir(),
            };
            if is_folder && self.is_ignored(&path) {
                continue;
            }
            let mut sorted_by = text.as_bytes().to_vec();
            if is_folder {
                sorted_by.push(b'/');
            }
            names.push(Name { sorted_by, path, is_folder });
        }
        names.sort_unstable();
        self.levels.push(names.into());
    }

    fn take_file(&mut self, path: PathBuf) {
        let Ok(metadata) = fs::metadata(&path) else {
            return self.warn(&path, "File does not exist.");
        };
        if let Some(problem) = problem_of(&path, &metadata) {
            return self.warn(&path, problem);
        }
        let modified = metadata.modified().map(Time::from).unwrap_or_default();
        let modified = if is_in_python_s_range(modified) {
            modified
        } else {
            let text = "warning: File has an invalid timestamp. Passing epoch time as timestamp.".to_owned();
            self.ready.push_back(Found::Warning(Warning { text, about: Place::Local(path.clone()) }));
            Time::default()
        };
        self.ready.push_back(Found::File { path, size: metadata.len(), modified });
    }

    /// Whether a path is passed over, with a warning where it is no link.
    fn is_ignored(&mut self, path: &Path) -> bool {
        let bare = path.to_string_lossy();
        let bare = Path::new(bare.trim_end_matches(MAIN_SEPARATOR));
        if !self.follow_links && bare.is_symlink() {
            return true;
        }
        let Ok(metadata) = fs::metadata(path) else {
            self.warn(path, "File does not exist.");
            return true;
        };
        match problem_of(path, &metadata) {
            Some(problem) => {
                self.warn(path, problem);
                true
            }
            None => false,
        }
    }

    fn warn(&mut self, path: &Path, problem: &str) {
        let text = format!("warning: Skipping file {}. {problem}", path.display());
        self.ready.push_back(Found::Warning(Warning { text, about: Place::Local(path.to_owned()) }));
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.ready.pop_front() {
                return Some(found);
            }
            let level = self.levels.last_mut()?;
            match level.pop_front() {
                None => {
                    self.levels.pop();
                }
                Some(Name { path, is_folder: true, .. }) => self.enter(&path),
                Some(Name { path, .. }) => self.take_file(path),
            }
        }
    }
}

fn problem_of(path: &Path, metadata: &Metadata) -> Option<&'static str> {
    if is_special(metadata) {
        Some("File is character special device, block special device, FIFO, or socket.")
    } else if is_readable(path, metadata) {
        None
    } else {
        Some("File/Directory is not readable.")
    }
}

#[cfg(unix)]
fn is_readable(path: &Path, metadata: &Metadata) -> bool {
    use rustix::fs::{Access, access};
    let wanted = if metadata.is_dir() { Access::READ_OK | Access::EXEC_OK } else { Access::READ_OK };
    access(path, wanted).is_ok()
}

#[cfg(not(unix))]
fn is_readable(path: &Path, metadata: &Metadata) -> bool {
    if metadata.is_dir() { fs::read_dir(path).is_ok() } else { fs::File::open(path).is_ok() }
}

/// Python's dates lie in the years 1 to 9999.
fn is_in_python_s_range(time: Time) -> bool {
    (-62_135_596_800..253_402_300_800).contains(&time.seconds)
}

fn undecodable(name: &OsString, folder: &Path) -> Warning {
    let about = Place::Local(folder.join(name));
    let name = name.display();
    let text = format!(
        "warning: Skipping file '{name}'. There was an error trying to decode the the file '{name}' in directory \
         \"{}\". \nPlease check your locale settings.  The filename was decoded as: utf-8\nOn posix platforms, check \
         the LC_CTYPE environment variable.",
        folder.display()
    );
    Warning { text, about }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn names(walk: Walk, folder: &Path) -> Vec<String> {
        let name = |found| match found {
            Found::File { path, .. } => {
                path.display().to_string().replace(&format!("{}/", folder.display()), "")
            }
            Found::Warning(warning) => warning.text.replace(&folder.display().to_string(), "ROOT"),
        };
        walk.map(name).collect()
    }

    #[test]
    fn files_come_in_the_order_of_their_keys() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for folder in ["a", "a b", "c/d"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in ["a/1", "a b/2", "a.txt", "a-x", "c/d/3", "c0", "ü", "Z"] {
            fs::File::create(root.join(file)).unwrap();
        }
        let start = format!("{}/", root.display());
        let walked = names(Walk::new(&start, true, true), root);
        let mut sorted = walked.clone();
        sorted.sort_unstable();
        assert_eq!(walked, sorted);
        assert_eq!(walked.len(), 8);
    }

    #[test]
    fn links_are_followed_unless_told_not_to_and_broken_ones_warned_of() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::File::create(root.join("file")).unwrap();
        std::os::unix::fs::symlink("file", root.join("link")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("broken")).unwrap();
        let start = format!("{}/", root.display());
        assert_eq!(
            names(Walk::new(&start, true, true), root),
            ["warning: Skipping file ROOT/broken. File does not exist.", "file", "link"]
        );
        assert_eq!(names(Walk::new(&start, false, true), root), ["file"]);
    }

    #[test]
    fn special_files_are_warned_of() {
        let walk = Walk::new("/dev/null", true, false);
        let found: Vec<_> = walk.collect();
        assert!(
            matches!(&found[..], [Found::Warning(warning)] if warning.text.contains("character special device"))
        );
    }
}
