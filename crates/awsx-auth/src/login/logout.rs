//! Signing out: the files go. The service has no call that would end a session.

use awsx_core::Env;
use serde_json::Value;

use super::session::{file_name, session_cache};
use crate::AuthError;
use crate::locked::lock;

/// Removes what is kept of a session; says whether there was anything.
pub async fn logout(env: &Env, session: &str) -> Result<bool, AuthError> {
    let cache = session_cache(env);
    let name = file_name(session);
    if !cache.path(&name).exists() {
        return Ok(false);
    }
    // Under the lock, so that a refresh in another process does not bring the file back.
    let _lock = lock(&cache, &name).await?;
    Ok(cache.remove(&name)?)
}

/// Removes every session; says how many there were. Files that are none are left.
pub async fn logout_all(env: &Env) -> Result<usize, AuthError> {
    let cache = session_cache(env);
    let mut removed = 0;
    for name in cache.entries()? {
        let _lock = lock(&cache, &name).await?;
        let file = cache.read::<Value>(&name)?;
        if file.is_some_and(|file| file["accessToken"]["accessKeyId"] != Value::Null)
            && cache.remove(&name)?
        {
            removed += 1;
        }
    }
    Ok(removed)
}
