//! What credential processes printed, kept until it ends.
//!
//! AWS CLI runs the program for every command. Here it runs once for all that ask while its keys last; the program and
//! the profile name the file. Keys without an end are never kept, and then nobody waits for anybody.

use std::time::Duration;

use awsx_core::settings::{Settings, SettingsError, table};
use awsx_core::store::own_cache::own_cache;
use awsx_core::timestamp;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::fetch;
use crate::credentials::{CachedCredentials, RENEW_BEFORE};
use crate::locked::{lock_if_possible, store_if_possible};
use crate::{AuthError, Credentials, Method};

/// The file: keys, or the knowledge that the program's keys have no end.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kept {
    printed_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credentials: Option<CachedCredentials>,
}

enum Found {
    Keys(Box<Credentials>),
    Endless,
    Nothing,
}

/// The kept keys of a profile's program while they last, else what it prints now.
pub(crate) async fn fetch_kept(
    settings: &Settings,
    file: &str,
    profile: &str,
    command: &str,
) -> Result<Credentials, AuthError> {
    let env = settings.env();
    let limit = settings.integer_in(&table::PROCESS_TIMEOUT, profile)?.map(Duration::from_secs);
    let run = async || fetch(env, profile, command, limit.filter(|limit| !limit.is_zero())).await;
    if !is_kept(settings, profile)? {
        return Ok(run().await?);
    }
    let cache = own_cache(env);
    let read = || -> Result<Found, AuthError> {
        let kept = cache.read::<Kept>(file)?;
        Ok(kept.map_or(Found::Nothing, |kept| kept.find(env.now())))
    };
    let _lock = match read()? {
        Found::Keys(credentials) => return Ok(*credentials),
        Found::Endless => None,
        Found::Nothing => {
            let lock = lock_if_possible(&cache, file).await;
            match read()? {
                Found::Keys(credentials) => return Ok(*credentials),
                Found::Endless => None,
                Found::Nothing => lock,
            }
        }
    };
    let credentials = run().await?;
    let kept = CachedCredentials::of(&credentials);
    store_if_possible(&cache, file, &Kept { printed_at: timestamp::zulu(env.now()), credentials: kept });
    Ok(credentials)
}

/// Whether a profile's program may be spared: `credential_process_cache = off` says no.
fn is_kept(settings: &Settings, profile: &str) -> Result<bool, SettingsError> {
    let answer = settings.text_in(&table::PROCESS_CACHE, profile)?;
    Ok(!answer.is_some_and(|answer| answer.eq_ignore_ascii_case("off")))
}

impl Kept {
    fn find(self, now: OffsetDateTime) -> Found {
        let Some(printed_at) = timestamp::parse(&self.printed_at) else { return Found::Nothing };
        let Some(credentials) = self.credentials else { return Found::Endless };
        let Some(credentials) = credentials.into_credentials(Method::Process) else { return Found::Nothing };
        let Some(end) = credentials.expiration else { return Found::Nothing };
        // Some programs print keys that last no longer than the margin: of those, three quarters of the time is used.
        let margin = RENEW_BEFORE.min((end - printed_at) / 4);
        if end - now >= margin { Found::Keys(Box::new(credentials)) } else { Found::Nothing }
    }
}
