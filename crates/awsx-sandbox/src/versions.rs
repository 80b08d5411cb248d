//! Versions of objects, in buckets that keep them.
//!
//! The newest contents of a key lie in the folder like those of any object; what was there before lies here.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use s3s::dto::{BucketVersioningStatus, ETag, Timestamp};
use uuid::Uuid;

use crate::state::now;

/// The version of what was written while a bucket kept none.
pub(crate) const NULL: &str = "null";

/// What all buckets that keep versions, or once did, know of them.
#[derive(Default)]
pub(crate) struct Versions(Mutex<BTreeMap<String, Bucket>>);

#[derive(Default)]
struct Bucket {
    status: String,
    /// The versions of each key, the newest last.
    keys: BTreeMap<String, Vec<Version>>,
}

/// One version of an object, or a delete marker.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) modified: Timestamp,
    /// None for a delete marker.
    pub(crate) contents: Option<Contents>,
}

/// What a version holds.
#[derive(Clone)]
pub(crate) struct Contents {
    pub(crate) size: i64,
    pub(crate) e_tag: Option<ETag>,
    /// Empty while they lie in the folder.
    pub(crate) bytes: Vec<u8>,
}

/// What is left to do in the folder after a version went.
pub(crate) enum Aftermath {
    /// Nothing: there was no such version, or an older one.
    Nothing,
    /// The folder's contents go.
    Remove,
    /// These take their place.
    Restore(Vec<u8>),
}

impl Versions {
    pub(crate) fn status(&self, bucket: &str) -> Option<BucketVersioningStatus> {
        self.lock().get(bucket).map(|bucket| BucketVersioningStatus::from(bucket.status.clone()))
    }

    pub(crate) fn set_status(&self, bucket: &str, status: &str) {
        status.clone_into(&mut self.lock().entry(bucket.to_owned()).or_default().status);
    }

    /// Whether the bucket has, or had, versions.
    pub(crate) fn knows(&self, bucket: &str) -> bool {
        self.lock().contains_key(bucket)
    }

    /// Forgets a bucket; false if versions are left in it.
    pub(crate) fn forget(&self, bucket: &str) -> bool {
        let mut buckets = self.lock();
        if buckets.get(bucket).is_some_and(|bucket| !bucket.keys.is_empty()) {
            return false;
        }
        buckets.remove(bucket);
        true
    }

    /// Keeps the folder's contents, which are about to go.
    pub(crate) fn keep(&self, bucket: &str, key: &str, modified: Timestamp, contents: Contents) {
        let mut buckets = self.lock();
        let Some(bucket) = buckets.get_mut(bucket) else { return };
        let versions = bucket.keys.entry(key.to_owned()).or_default();
        match versions.last_mut() {
            Some(Version { contents: Some(newest), .. }) => newest.bytes = contents.bytes,
            // Written before the bucket kept versions.
            _ => versions.push(Version { id: NULL.to_owned(), modified, contents: Some(contents) }),
        }
    }

    /// Adds the newest version, or a delete marker, and gives its id.
    pub(crate) fn add(&self, bucket: &str, key: &str, contents: Option<Contents>) -> Option<String> {
        let mut buckets = self.lock();
        let bucket = buckets.get_mut(bucket)?;
        let is_enabled = bucket.status == BucketVersioningStatus::ENABLED;
        let id = if is_enabled { Uuid::new_v4().simple().to_string() } else { NULL.to_owned() };
        let versions = bucket.keys.entry(key.to_owned()).or_default();
        // There is one without a version at a time.
        versions.retain(|version| version.id != id);
        versions.push(Version { id: id.clone(), modified: now().into(), contents });
        Some(id)
    }

    /// Takes a version away; tells whether it was a delete marker, and what is to be done in the folder.
    pub(crate) fn remove(&self, bucket: &str, key: &str, id: &str) -> (bool, Aftermath) {
        let mut buckets = self.lock();
        let Some(bucket) = buckets.get_mut(bucket) else { return (false, Aftermath::Remove) };
        let Some(versions) = bucket.keys.get_mut(key) else {
            return (false, if id == NULL { Aftermath::Remove } else { Aftermath::Nothing });
        };
        let Some(position) = versions.iter().position(|version| version.id == id) else {
            return (false, Aftermath::Nothing);
        };
        let was_newest = position + 1 == versions.len();
        let was_marker = versions.remove(position).contents.is_none();
        let aftermath = match versions.last() {
            _ if !was_newest => Aftermath::Nothing,
            Some(Version { contents: Some(contents), .. }) => Aftermath::Restore(contents.bytes.clone()),
            _ => Aftermath::Remove,
        };
        if versions.is_empty() {
            bucket.keys.remove(key);
        }
        (was_marker, aftermath)
    }

    /// A version that is not the newest, or a delete marker; none where the folder has it.
    pub(crate) fn older(&self, bucket: &str, key: &str, id: &str) -> Option<Version> {
        let buckets = self.lock();
        let versions = buckets.get(bucket)?.keys.get(key)?;
        let position = versions.iter().position(|version| version.id == id)?;
        let version = &versions[position];
        (position + 1 < versions.len() || version.contents.is_none()).then(|| version.clone())
    }

    /// The id of the newest version, unless it is a delete marker.
    pub(crate) fn newest(&self, bucket: &str, key: &str) -> Option<String> {
        let buckets = self.lock();
        let version = buckets.get(bucket)?.keys.get(key)?.last()?;
        version.contents.is_some().then(|| version.id.clone())
    }

    /// All versions below a prefix, the newest of each key first, without their bytes.
    pub(crate) fn below(&self, bucket: &str, prefix: &str) -> BTreeMap<String, Vec<Version>> {
        let buckets = self.lock();
        let keys = buckets.get(bucket).map(|bucket| &bucket.keys);
        let below = keys.into_iter().flatten().filter(|(key, _)| key.starts_with(prefix));
        let light = |version: &Version| Version {
            contents: version.contents.as_ref().map(|contents| Contents {
                size: contents.size,
                e_tag: contents.e_tag.clone(),
                bytes: Vec::new(),
            }),
            ..version.clone()
        };
        below.map(|(key, versions)| (key.clone(), versions.iter().rev().map(light).collect())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Bucket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
