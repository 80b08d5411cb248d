//! What is under way in parts and can be gone on with by another process (`--resume`).
//!
//! Of each such transfer there is a note in a folder of awsx's own: what it is of, and where its parts are. A note is
//! worth nothing by itself: it must be of the very same source, and each part it leads to is held against the file before
//! it counts. Who works on a transfer holds its lock; a second process that comes along does without a note.

mod clear;
mod download;
mod sums;
mod upload;

use std::fs;

use awsx_core::store::own_cache::file_name;
use awsx_core::store::{FileLock, JsonCache};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(super) use clear::clear_old;
pub(super) use download::{Getting as KeptGetting, KeptDownload};
pub(super) use upload::{KeptUpload, Putting, Source};

use super::lane::Lane;

/// A note, as it lies in the folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Note<T> {
    bucket: String,
    key: String,
    /// The file.
    path: String,
    /// The server, where it is one of the user's own.
    #[serde(default)]
    endpoint_url: Option<String>,
    /// When it was last written, in seconds since 1970.
    touched_at: i64,
    #[serde(flatten)]
    more: T,
}

/// A transfer that this process alone works on, and the place of its note.
#[derive(Debug)]
struct Claim {
    cache: JsonCache,
    name: String,
    _lock: FileLock,
}

impl Claim {
    /// Takes a transfer unless another process has it, or the folder cannot be written.
    fn take(cache: &JsonCache, name: String) -> Option<Self> {
        let taken = cache.try_lock(&name);
        let taken = taken.inspect_err(|error| tracing::debug!(target: "awsx::s3", %error, "nothing is kept"));
        Some(Self { _lock: taken.ok()??, cache: cache.clone(), name })
    }

    fn read<T: DeserializeOwned>(&self) -> Option<Note<T>> {
        self.cache.read(&self.name).ok().flatten()
    }

    /// A note that cannot be written makes nothing worse than it was.
    fn write<T: Serialize>(&self, note: &Note<T>) {
        let _ = self
            .cache
            .write(&self.name, note)
            .inspect_err(|error| tracing::debug!(target: "awsx::s3", %error, "the transfer cannot be noted"));
    }

    /// Nothing is left to go on with.
    fn end(&self) {
        let _ = self.cache.remove(&self.name);
        // Whoever has it open sees that it is another file now, and takes the new one's lock.
        let _ = fs::remove_file(self.cache.path(&format!("{}.lock", self.name)));
    }
}

impl<T> Note<T> {
    fn new(lane: &Lane, bucket: &str, key: &str, path: &str, more: T) -> Self {
        Self {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            path: path.to_owned(),
            endpoint_url: lane.s3.config().endpoint_url.clone(),
            touched_at: lane.s3.unix_time(),
            more,
        }
    }
}

/// The name of a transfer's note: of what, to where.
fn note_name(lane: &Lane, kind: &str, bucket: &str, key: &str, path: &str) -> String {
    let endpoint_url = lane.s3.config().endpoint_url.as_deref().unwrap_or_default();
    // No path and no key holds this character.
    file_name(kind, &[endpoint_url, bucket, key, path].join("\0"))
}
