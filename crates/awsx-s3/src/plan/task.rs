//! One thing to be done, and how it is called.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::Time;

/// One thing to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// A file to S3.
    Upload {
        /// The file.
        path: PathBuf,
        /// Its size when it was found.
        size: u64,
        /// The bucket.
        bucket: Arc<str>,
        /// The key.
        key: String,
    },
    /// Standard input to S3.
    UploadStream {
        /// The bucket.
        bucket: Arc<str>,
        /// The key.
        key: String,
        /// How much is expected.
        expected_size: Option<u64>,
    },
    /// An object to a file.
    Download {
        /// The bucket.
        bucket: Arc<str>,
        /// The key.
        key: String,
        /// Its size.
        size: u64,
        /// Its `ETag`.
        etag: Option<String>,
        /// When it was last written.
        modified: Option<Time>,
        /// The file.
        path: PathBuf,
        /// What is let go of in the set of names under way when done.
        conflict_key: Option<String>,
    },
    /// An object to standard output.
    DownloadStream {
        /// The bucket.
        bucket: Arc<str>,
        /// The key.
        key: String,
    },
    /// An object to another.
    Copy {
        /// The source's bucket.
        source_bucket: Arc<str>,
        /// The source's key.
        source_key: String,
        /// Its size.
        size: u64,
        /// Its `ETag`.
        etag: Option<String>,
        /// The target's bucket.
        bucket: Arc<str>,
        /// The target's key.
        key: String,
    },
    /// An object that goes.
    Delete {
        /// The bucket.
        bucket: Arc<str>,
        /// The key.
        key: String,
        /// One version of it.
        version: Option<String>,
        /// Whether it lies at the source's end of a sync between regions.
        at_source: bool,
    },
    /// A file that goes.
    DeleteFile {
        /// The file.
        path: PathBuf,
    },
}

/// What is done, as lines call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// To S3.
    Upload,
    /// From S3.
    Download,
    /// Within S3.
    Copy,
    /// Away.
    Delete,
    /// With the source going.
    Move,
}

impl Verb {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
            Self::Copy => "copy",
            Self::Delete => "delete",
            Self::Move => "move",
        }
    }
}

/// A task's verb and its two ends, as lines show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What is done.
    pub verb: Verb,
    /// With what.
    pub source: String,
    /// To where, unless it goes away.
    pub target: Option<String>,
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.target {
            Some(target) => write!(f, "{} to {target}", self.source),
            None => f.write_str(&self.source),
        }
    }
}

impl Task {
    /// What is done.
    pub fn verb(&self) -> Verb {
        match self {
            Self::Upload { .. } | Self::UploadStream { .. } => Verb::Upload,
            Self::Download { .. } | Self::DownloadStream { .. } => Verb::Download,
            Self::Copy { .. } => Verb::Copy,
            Self::Delete { .. } | Self::DeleteFile { .. } => Verb::Delete,
        }
    }

    /// Bytes to be moved, as far as known.
    pub fn size(&self) -> u64 {
        match self {
            Self::Upload { size, .. } | Self::Download { size, .. } | Self::Copy { size, .. } => *size,
            Self::UploadStream { expected_size, .. } => expected_size.unwrap_or_default(),
            Self::DownloadStream { .. } | Self::Delete { .. } | Self::DeleteFile { .. } => 0,
        }
    }

    /// How it is shown to who stands in `folder`.
    pub fn label(&self, folder: &Path, moves: bool) -> Label {
        let object = |bucket: &str, key: &str| format!("s3://{bucket}/{key}");
        let (source, target) = match self {
            Self::Upload { path, bucket, key, .. } => {
                (relative_path(path, folder), Some(object(bucket, key)))
            }
            Self::UploadStream { bucket, key, .. } => ("-".to_owned(), Some(object(bucket, key))),
            Self::Download { bucket, key, path, .. } => {
                (object(bucket, key), Some(relative_path(path, folder)))
            }
            Self::DownloadStream { bucket, key } => (object(bucket, key), Some("-".to_owned())),
            Self::Copy { source_bucket, source_key, bucket, key, .. } => {
                (object(source_bucket, source_key), Some(object(bucket, key)))
            }
            Self::Delete { bucket, key, version, .. } => match version {
                Some(version) => (format!("{} (version {version})", object(bucket, key)), None),
                None => (object(bucket, key), None),
            },
            Self::DeleteFile { path } => (relative_path(path, folder), None),
        };
        let verb = if moves && self.verb() != Verb::Delete { Verb::Move } else { self.verb() };
        Label { verb, source, target }
    }
}

/// A path as AWS CLI shows it: its folder as seen from where one stands, then the name.
pub fn relative_path(path: &Path, folder: &Path) -> String {
    let text = path.to_string_lossy();
    // A folder given as a file keeps the separator at its end, and has no name behind it.
    let (parent, name) = text.rsplit_once(std::path::MAIN_SEPARATOR).unwrap_or(("", &text));
    let parent = Path::new(if parent.is_empty() { std::path::MAIN_SEPARATOR_STR } else { parent });
    let shared = parent.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    let ups = folder.components().count() - shared;
    let mut relative: PathBuf = std::iter::repeat_n(Component::ParentDir, ups).collect();
    relative.extend(parent.components().skip(shared));
    if relative.as_os_str().is_empty() {
        relative.push(".");
    }
    format!("{}{}{name}", relative.display(), std::path::MAIN_SEPARATOR)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_where_one_stands() {
        let show = |path: &str| relative_path(Path::new(path), Path::new("/home/me/work"));
        assert_eq!(show("/home/me/work/a.txt"), "./a.txt");
        assert_eq!(show("/home/me/work/sub/b.txt"), "sub/b.txt");
        assert_eq!(show("/home/me/f.txt"), "../f.txt");
        assert_eq!(show("/home/me/work/sub/"), "sub/");
        assert_eq!(show("/etc/x/y"), "../../../etc/x/y");
        assert_eq!(relative_path(Path::new("/f"), Path::new("/")), "./f");
    }

    #[test]
    fn a_move_is_called_one() {
        let task = Task::Upload { path: "/w/a".into(), size: 1, bucket: "b".into(), key: "k".into() };
        let label = task.label(Path::new("/w"), true);
        assert_eq!(format!("{}: {label}", label.verb.as_str()), "move: ./a to s3://b/k");
    }
}
