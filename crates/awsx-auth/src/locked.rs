//! Waiting for another process's lock without holding up this one's other work.

use awsx_core::store::json_cache::JsonCache;
use awsx_core::store::{FileLock, StoreError};

/// Takes the lock of a cache file. The wait, if there is one, is spent on a thread of its own.
pub(crate) async fn lock(cache: &JsonCache, name: &str) -> Result<FileLock, StoreError> {
    if let Some(lock) = cache.try_lock(name)? {
        return Ok(lock);
    }
    let (cache, name) = (cache.clone(), name.to_owned());
    let waiting = tokio::task::spawn_blocking(move || cache.lock(&name));
    waiting.await.expect("taking a lock does not panic")
}
