//! What awsx keeps for itself between two commands, apart from the folders it shares with AWS CLI.
//!
//! AWS CLI and the SDKs must not meet these files: the same role from two sources, sessions that an MFA code has
//! opened, the output of credential processes, transfers under way. Everything here can be removed at any time.

use super::JsonCache;
use super::hash::sha1_hex;
use crate::Env;

/// The folder: `awsx` in the person's folder for caches.
pub fn own_cache(env: &Env) -> JsonCache {
    let root = match (env.var_filled("XDG_CACHE_HOME"), env.var_filled("LOCALAPPDATA")) {
        (Some(folder), _) => env.expand_path(folder),
        (None, Some(folder)) if cfg!(windows) => env.expand_path(folder),
        (None, _) => env.expand_path("~/.cache"),
    };
    JsonCache::new(root.join("awsx"))
}

/// `role-<sha1>.json`: what a file is for, and a hash of whom it is for.
pub fn file_name(kind: &str, key: &str) -> String {
    format!("{kind}-{}.json", sha1_hex(key))
}
