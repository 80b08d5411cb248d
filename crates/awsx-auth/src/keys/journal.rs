//! How far a rotation is, on disk before the next step is taken, so that a killed one can go on.
//!
//! It holds the new secret from the moment AWS gives it until the user's files hold it. What else there is to know is
//! seen in the files and asked of AWS.

use awsx_core::profile::Paths;
use awsx_core::store::hash::sha1_hex;
use awsx_core::store::json_cache::JsonCache;
use awsx_core::store::{FileLock, StoreError};
use awsx_core::{Env, Secret};
use serde::{Deserialize, Serialize};

use crate::Credentials;

const PREFIX: &str = "rotation-";

/// A rotation under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Journal {
    pub(super) user_name: String,
    pub(super) arn: String,
    pub(super) old_key_id: String,
    /// Before the new key was asked for
    pub(super) started_at: String,
    pub(super) new_key_id: Option<String>,
    /// Until the user's files hold it
    pub(super) new_secret: Option<Secret<String>>,
    pub(super) deactivated_at: Option<String>,
    /// How long the old key stays inactive before it is deleted
    pub(super) grace_seconds: u64,
}

impl Journal {
    /// The new key where there is one already: here or, once switched, in the profile, whose key `current` is.
    pub(super) fn stored_key(&self, current: &Credentials) -> Option<Credentials> {
        let id = self.new_key_id.as_ref()?;
        if *id == current.access_key_id {
            return Some(current.clone());
        }
        let secret = self.new_secret.clone()?;
        Some(Credentials { access_key_id: id.clone(), secret_access_key: secret, ..current.clone() })
    }
}

/// The journals, beside the credentials file. While it is held, no other process rotates.
pub(super) struct Journals {
    cache: JsonCache,
    _lock: FileLock,
}

impl Journals {
    pub(super) fn open(env: &Env) -> Result<Self, StoreError> {
        let credentials = Paths::resolve(env).credentials;
        let folder = credentials.parent().map(|folder| folder.join("awsx")).unwrap_or_default();
        let cache = JsonCache::new(folder);
        let lock = cache.lock(PREFIX)?;
        Ok(Self { cache, _lock: lock })
    }

    /// The rotation that replaces a key, or has replaced it with this one.
    pub(super) fn find(&self, key_id: &str) -> Result<Option<Journal>, StoreError> {
        for name in self.cache.entries()?.filter(|name| name.starts_with(PREFIX)) {
            let journal: Option<Journal> = self.cache.read(&name)?;
            let is_it = |journal: &Journal| {
                journal.old_key_id == key_id || journal.new_key_id.as_deref() == Some(key_id)
            };
            if let Some(journal) = journal.filter(is_it) {
                return Ok(Some(journal));
            }
        }
        Ok(None)
    }

    pub(super) fn write(&self, journal: &Journal) -> Result<(), StoreError> {
        self.cache.write(&file_name(journal), journal)
    }

    pub(super) fn remove(&self, journal: &Journal) -> Result<(), StoreError> {
        self.cache.remove(&file_name(journal)).map(drop)
    }
}

fn file_name(journal: &Journal) -> String {
    format!("{PREFIX}{}.json", sha1_hex(&journal.old_key_id))
}
