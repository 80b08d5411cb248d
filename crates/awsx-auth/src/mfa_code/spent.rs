//! The code that a device's last request used, so that it is not sent again.

use awsx_core::Secret;
use awsx_core::store::hash::sha256_hex;
use awsx_core::store::json_cache::JsonCache;
use awsx_core::timestamp;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::locked::store_if_possible;

/// AWS takes the codes of the half minutes before and after too; past that, the same six digits are another code.
const REMEMBERED: Duration = Duration::seconds(90);

/// The last code of a device. The hash keeps digits out of the file; after a minute and a half they are worthless.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Spent {
    code_hash: String,
    used_at: String,
}

impl Spent {
    pub(super) fn of(serial: &str, code: &Secret<String>, now: OffsetDateTime) -> Self {
        Self { code_hash: hash(serial, code), used_at: timestamp::zulu(now) }
    }

    /// What is remembered; nothing where the file is missing, old or unusable.
    pub(super) fn read(cache: &JsonCache, name: &str, now: OffsetDateTime) -> Self {
        let kept: Option<Self> = cache.read(name).ok().flatten();
        let recent = |spent: &Self| {
            timestamp::parse(&spent.used_at).is_some_and(|used_at| (now - used_at).abs() < REMEMBERED)
        };
        kept.filter(recent).unwrap_or_default()
    }

    pub(super) fn store(&self, cache: &JsonCache, name: &str) {
        store_if_possible(cache, name, self);
    }

    pub(super) fn is(&self, serial: &str, code: &Secret<String>) -> bool {
        self.code_hash == hash(serial, code)
    }
}

fn hash(serial: &str, code: &Secret<String>) -> String {
    sha256_hex(&format!("{serial} {}", code.expose()))
}
