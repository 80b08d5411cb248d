//! Sessions that an MFA code has opened (`GetSessionToken`), kept per device.
//!
//! All profiles with the same device share a session, so a code serves them until the session ends. It is kept apart
//! from AWS CLI's caches, which know no such thing.

use awsx_core::profile::ProfileError;
use awsx_core::settings::{Settings, table};
use awsx_core::store::own_cache::{file_name, own_cache};
use awsx_core::{Env, timestamp};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::credentials::CachedCredentials;
use crate::locked::{lock_if_possible, store_if_possible};
use crate::mfa_code::{self, Device, MfaPrompt};
use crate::sts::{SessionToken, sts_region};
use crate::{AuthError, Clients, Credentials, Method};

/// How long a session lasts when nobody says, in seconds: twelve hours, STS's own default.
pub const DEFAULT_SECONDS: i32 = 43_200;

/// A kept session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaSessionState {
    /// The device: an ARN, or a hardware device's serial number.
    pub serial: String,
    /// When it ends, or ended.
    pub expires_at: OffsetDateTime,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CacheFile {
    serial_number: String,
    credentials: CachedCredentials,
}

impl CacheFile {
    fn state(&self) -> Option<MfaSessionState> {
        let expires_at = timestamp::parse(&self.credentials.expiration)?;
        Some(MfaSessionState { serial: self.serial_number.clone(), expires_at })
    }
}

/// The kept session of the device while it lasts, else a new one, opened with one code however many processes ask.
/// `source` are the long-term keys of the device's user.
pub async fn fetch(
    clients: &Clients<'_>,
    device: Device<'_>,
    duration_seconds: i32,
    source: &Credentials,
    prompt: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    open(clients, device, duration_seconds, source, prompt, Reuse::WhileItLasts).await
}

/// A new session in place of the kept one.
pub async fn renew(
    clients: &Clients<'_>,
    device: Device<'_>,
    duration_seconds: i32,
    source: &Credentials,
    prompt: &dyn MfaPrompt,
) -> Result<Credentials, AuthError> {
    open(clients, device, duration_seconds, source, prompt, Reuse::Never).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reuse {
    WhileItLasts,
    Never,
}

async fn open(
    clients: &Clients<'_>,
    device: Device<'_>,
    duration_seconds: i32,
    source: &Credentials,
    prompt: &dyn MfaPrompt,
    reuse: Reuse,
) -> Result<Credentials, AuthError> {
    let env = clients.env();
    let kept = || -> Result<Option<Credentials>, AuthError> {
        if reuse == Reuse::Never {
            return Ok(None);
        }
        read_fresh(env, device.serial)
    };
    if let Some(credentials) = kept()? {
        return Ok(credentials);
    }
    let cache = own_cache(env);
    let name = session_file(device.serial);
    let _lock = lock_if_possible(&cache, &name).await;
    if let Some(credentials) = kept()? {
        return Ok(credentials);
    }
    let region = sts_region(clients.settings(), device.serial)?;
    let credentials = mfa_code::with_code(env, device, prompt, async |mfa_code| {
        let session = SessionToken { mfa_serial: device.serial, mfa_code, duration_seconds };
        session.fetch(clients, &region, source).await
    })
    .await?;
    if let Some(kept) = CachedCredentials::of(&credentials) {
        let file = CacheFile { serial_number: device.serial.to_owned(), credentials: kept };
        store_if_possible(&cache, &name, &file);
    }
    Ok(credentials)
}

/// The kept session's keys, if they last long enough to be used.
pub(crate) fn read_fresh(env: &Env, serial: &str) -> Result<Option<Credentials>, AuthError> {
    let file = own_cache(env).read::<CacheFile>(&session_file(serial))?;
    Ok(file.and_then(|file| file.credentials.if_fresh(Method::SessionToken, env.now())))
}

/// What is kept of a device, over or not.
pub fn read_state(env: &Env, serial: &str) -> Result<Option<MfaSessionState>, AuthError> {
    Ok(own_cache(env).read::<CacheFile>(&session_file(serial))?.and_then(|file| file.state()))
}

/// Every kept session, by device.
pub fn read_states(env: &Env) -> Result<Vec<MfaSessionState>, AuthError> {
    let cache = own_cache(env);
    let mut states = Vec::new();
    for name in cache.entries()?.filter(|name| name.starts_with(KIND)) {
        states.extend(cache.read::<CacheFile>(&name)?.and_then(|file| file.state()));
    }
    states.sort_unstable_by(|a, b| a.serial.cmp(&b.serial));
    Ok(states)
}

/// Forgets the session of a device; says whether there was one. AWS cannot be told: the keys stay good until they end.
pub fn remove(env: &Env, serial: &str) -> Result<bool, AuthError> {
    Ok(own_cache(env).remove(&session_file(serial))?)
}

/// The program that prints the codes of a profile's device: `AWSX_MFA_PROCESS`, else the profile's `mfa_process`.
pub fn mfa_process(settings: &Settings, profile: &str) -> Result<Option<String>, ProfileError> {
    Ok(settings.text_in(&table::MFA_PROCESS, profile)?.filter(|command| !command.is_empty()))
}

const KIND: &str = "mfa-session";

pub(crate) fn session_file(serial: &str) -> String {
    file_name(KIND, serial)
}
