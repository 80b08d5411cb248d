//! What the two paths of a command mean: files or objects, and what each source's target is called.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use super::relative_path;
use crate::uri::S3Uri;

/// One of the paths, as text: whole and local, or an object's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file or folder; a folder ends with a separator.
    Local(String),
    /// A bucket and a key or prefix; a folder ends with a slash.
    S3(S3Uri),
}

/// Source and target of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Where things come from.
    pub source: Location,
    /// Where they go.
    pub target: Location,
    /// Whether all below the source is meant.
    pub is_recursive: bool,
    /// Whether what is written keeps the source's name below the target.
    pub keeps_name: bool,
}

impl Location {
    /// Reads a path as written; `folder` is where relative ones begin.
    pub fn of(text: &str, folder: &Path, is_recursive: bool) -> Self {
        match text.strip_prefix("s3://") {
            Some(path) => {
                let mut uri = S3Uri::parse(path);
                // The bucket alone is a folder.
                if is_recursive && !uri.key.is_empty() && !uri.key.ends_with('/') {
                    uri.key.push('/');
                }
                Self::S3(uri)
            }
            None => Self::Local(local(text, folder, is_recursive)),
        }
    }

    /// Whether names go below it.
    pub fn is_folder(&self) -> bool {
        match self {
            Self::Local(path) => path.ends_with(MAIN_SEPARATOR),
            Self::S3(uri) => uri.key.is_empty() || uri.key.ends_with('/'),
        }
    }

    /// How it is shown to who stands in `folder`.
    pub fn shown(&self, folder: &Path) -> String {
        match self {
            Self::Local(path) => relative_path(Path::new(path), folder),
            Self::S3(S3Uri { bucket, key }) => format!("s3://{bucket}/{key}"),
        }
    }

    /// What filters are relative to.
    pub fn filter_root(&self, is_recursive: bool) -> String {
        match self {
            Self::Local(path) if is_recursive => trim_end(path).to_owned(),
            Self::Local(path) => Path::new(path)
                .parent()
                .map_or_else(|| path.clone(), |parent| parent.to_string_lossy().into_owned()),
            Self::S3(uri) if is_recursive || uri.key.ends_with('/') => format!("{}/{}", uri.bucket, uri.key),
            Self::S3(uri) => {
                let folder = uri.key.rsplit_once('/').map_or("", |(folder, _)| folder);
                format!("{}/{folder}", uri.bucket)
            }
        }
    }
}

impl Paths {
    /// Reads both paths.
    pub fn new(source: &str, target: &str, folder: &Path, is_recursive: bool) -> Self {
        let target = Location::of(target, folder, is_recursive);
        let keeps_name = target.is_folder();
        Self { source: Location::of(source, folder, is_recursive), target, is_recursive, keeps_name }
    }

    /// The local target of what is compared by `compare_key`.
    pub fn local_target(&self, compare_key: &str) -> Option<PathBuf> {
        let Location::Local(target) = &self.target else { return None };
        if !self.keeps_name {
            return Some(PathBuf::from(target));
        }
        // Not `Path::join`, which would leave the folder for a key that begins with a slash.
        let below =
            if MAIN_SEPARATOR == '/' { compare_key.to_owned() } else { compare_key.replace('/', "\\") };
        Some(PathBuf::from(format!("{target}{below}")))
    }

    /// The bucket and key that what is compared by `compare_key` is written to.
    pub fn object_target(&self, compare_key: &str) -> Option<(&str, String)> {
        let Location::S3(target) = &self.target else { return None };
        let key = if self.keeps_name { format!("{}{compare_key}", target.key) } else { target.key.clone() };
        Some((&target.bucket, key))
    }
}

/// Whether a key would lead out of the folder it is written to.
pub(super) fn leaves_folder(compare_key: &str) -> bool {
    let separators: &[char] = if cfg!(windows) { &['/', '\\'] } else { &['/'] };
    let mut depth = 0i64;
    for part in compare_key.split(separators) {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            // `C:x` names another place altogether.
            part if cfg!(windows) && part.contains(':') => return true,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    // The folder itself, or one that is passed through, is no file to write.
    depth == 0 && compare_key.split(separators).any(|part| part == "..")
}

fn local(text: &str, folder: &Path, is_recursive: bool) -> String {
    let path = absolute(text, folder);
    let is_folder =
        is_recursive || Path::new(&path).is_dir() || text.ends_with(MAIN_SEPARATOR) || text.ends_with('/');
    if is_folder && !path.ends_with(MAIN_SEPARATOR) { format!("{path}{MAIN_SEPARATOR}") } else { path }
}

/// Python's `abspath`: `.` and `..` are resolved by their names, links are not looked at.
fn absolute(text: &str, folder: &Path) -> String {
    use std::path::Component;
    let mut whole = PathBuf::new();
    for component in folder.join(text).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole.to_string_lossy().into_owned()
}

fn trim_end(path: &str) -> &str {
    let trimmed = path.trim_end_matches(MAIN_SEPARATOR);
    if trimmed.is_empty() { path } else { trimmed }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn paths(source: &str, target: &str, is_recursive: bool) -> Paths {
        Paths::new(source, target, Path::new("/nowhere/work"), is_recursive)
    }

    #[test]
    fn a_target_that_is_a_folder_keeps_names() {
        let up = paths("a/f.txt", "s3://b/p/", false);
        assert_eq!(up.source, Location::Local("/nowhere/work/a/f.txt".into()));
        assert_eq!(up.object_target("f.txt"), Some(("b", "p/f.txt".into())));
        assert_eq!(paths("f", "s3://b/k", false).object_target("f"), Some(("b", "k".into())));
        assert_eq!(paths("f", "s3://b", false).object_target("f"), Some(("b", "f".into())));
        assert_eq!(paths("../d", "s3://b/p", true).object_target("x/y"), Some(("b", "p/x/y".into())));
        assert_eq!(paths("../d", "s3://b/p", true).source, Location::Local("/nowhere/d/".into()));
        let down = paths("s3://b/p/f", "out", false);
        assert_eq!(down.local_target("f"), Some("/nowhere/work/out".into()));
        assert_eq!(paths("s3://b/p/f", "out/", false).local_target("f"), Some("/nowhere/work/out/f".into()));
        assert_eq!(paths("s3://b/p/f", "/", false).local_target("/etc/x"), Some("//etc/x".into()));
    }

    #[test]
    fn keys_that_lead_out_of_the_folder_are_known() {
        for bad in ["..", "../x", "a/../../x", "/../foo", "a/../..", "./../x", "a/..", "x/../.."] {
            assert!(leaves_folder(bad), "{bad}");
        }
        for good in ["a", "a/../b", "...", "..a/b", "a/./b", "/etc/passwd", "a..b"] {
            assert!(!leaves_folder(good), "{good}");
        }
    }

    #[test]
    fn filters_are_relative_to_the_folder() {
        assert_eq!(paths("d", "s3://b/p", true).source.filter_root(true), "/nowhere/work/d");
        assert_eq!(paths("d/f", "s3://b/p", false).source.filter_root(false), "/nowhere/work/d");
        assert_eq!(paths("d", "s3://b/p", true).target.filter_root(true), "b/p/");
        assert_eq!(paths("d", "s3://b/p/k", false).target.filter_root(false), "b/p");
    }
}
