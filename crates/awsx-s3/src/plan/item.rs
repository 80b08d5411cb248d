//! One file or object, found at the source or the target.

use std::path::PathBuf;

use crate::Time;

/// Where something lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file.
    Local(PathBuf),
    /// An object.
    Object {
        /// The bucket.
        bucket: String,
        /// The key.
        key: String,
    },
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where.
    pub place: Place,
    /// The path below the folder or prefix, with slashes: what source and target are compared by.
    pub compare_key: String,
    /// Bytes; none where nobody asked.
    pub size: Option<u64>,
    /// When it was last changed.
    pub modified: Option<Time>,
    /// An object's `ETag`.
    pub etag: Option<String>,
    /// Whether it lies in an archive from which it has to be restored before it can be read.
    pub archived: bool,
    /// An object's version.
    pub version: Option<String>,
}

impl Item {
    /// The path that filters see: whole and local, or `bucket/key`.
    pub fn filter_path(&self) -> String {
        match &self.place {
            Place::Local(path) => path.to_string_lossy().into_owned(),
            Place::Object { bucket, key } => format!("{bucket}/{key}"),
        }
    }
}

/// Whether a storage class has to be restored from first.
pub(crate) fn is_archived(storage_class: Option<&str>, restore: Option<&str>) -> bool {
    matches!(storage_class, Some("GLACIER" | "DEEP_ARCHIVE"))
        && !restore.is_some_and(|restore| restore.contains("ongoing-request=\"false\""))
}
