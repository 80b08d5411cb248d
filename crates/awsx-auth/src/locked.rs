//! Caches shared with other processes: waiting for a lock without holding up this process's other work, and doing
//! without where a cache cannot be written.

use awsx_core::store::json_cache::JsonCache;
use awsx_core::store::{FileLock, StoreError};
use serde::Serialize;

/// Takes the lock of a cache file. The wait, if there is one, is spent on a thread of its own.
pub(crate) async fn lock(cache: &JsonCache, name: &str) -> Result<FileLock, StoreError> {
    if let Some(lock) = cache.try_lock(name)? {
        return Ok(lock);
    }
    let (cache, name) = (cache.clone(), name.to_owned());
    let waiting = tokio::task::spawn_blocking(move || cache.lock(&name));
    waiting.await.expect("taking a lock does not panic")
}

/// The same for a cache that one can do without. In a home that cannot be written there is no lock, and the work is
/// done all the same.
pub(crate) async fn lock_if_possible(cache: &JsonCache, name: &str) -> Option<FileLock> {
    lock(cache, name).await.inspect_err(tell).ok()
}

/// Stores what can be fetched again; a failure is no reason to fail.
pub(crate) fn store_if_possible(cache: &JsonCache, name: &str, value: &impl Serialize) {
    let _ = cache.write(name, value).inspect_err(tell);
}

fn tell(error: &StoreError) {
    tracing::debug!(target: "awsx::cache", %error, "going on without the cache");
}
