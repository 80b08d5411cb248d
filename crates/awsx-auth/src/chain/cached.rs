//! Keys kept between two commands: read them, else one process fetches and the others wait.
//!
//! AWS CLI names a role's file after what STS is asked for and leaves out who asks. awsx shares the file where that is
//! no confusion, and notes beside it (in its own folder) whose keys it has put there. Where a file holds, or could
//! hold, the keys of another source, awsx's own file with the source in its name is used.

use awsx_core::Env;
use awsx_core::profile::ProfileError;
use awsx_core::settings::Settings;
use awsx_core::store::StoreError;
use awsx_core::store::json_cache::JsonCache;
use awsx_core::store::own_cache::own_cache;
use serde::{Deserialize, Serialize};

use super::plan::Planner;
use super::{CacheFile, Link};
use crate::locked::{lock_if_possible, store_if_possible};
use crate::sso::credential_cache;
use crate::sts::RoleFile;
use crate::{AuthError, Credentials, Method};

/// The keys of a role, taken with `take` if none are kept.
pub(super) async fn role_keys(
    env: &Env,
    link: &Link,
    file: CacheFile,
    take: impl AsyncFnOnce() -> Result<RoleFile, AuthError>,
) -> Result<Credentials, AuthError> {
    let kept = Kept { env, method: link.method(), fingerprint: link.fingerprint() };
    let own = CacheFile::Own(link.own_file_name());
    let mut file = file;
    // Twice: before the lock and with it. What is found to be another source's leads to the own file.
    let _lock = loop {
        match kept.read(&file)? {
            Found::Ours(credentials) => return Ok(credentials),
            Found::Theirs => file = own.clone(),
            Found::Nothing => {
                let lock = lock_if_possible(&file.cache(env), file.name()).await;
                match kept.read(&file)? {
                    Found::Ours(credentials) => return Ok(credentials),
                    Found::Theirs => file = own.clone(),
                    Found::Nothing => break lock,
                }
            }
        }
    };
    let taken = take().await?;
    store_if_possible(&file.cache(env), file.name(), &taken);
    if let CacheFile::Shared(name) = &file {
        let note =
            Note { access_key_id: taken.credentials.access_key_id.clone(), source: kept.fingerprint.clone() };
        store_if_possible(&own_cache(env), &note_name(name), &note);
    }
    let credentials = taken.credentials.into_credentials(kept.method);
    Ok(credentials.expect("the expiry was written here"))
}

/// The file for the link in use: AWS CLI's, unless another profile of the user's would have the same one and means
/// another source.
pub(super) fn file_of(settings: &Settings, link: &Link) -> Result<Option<CacheFile>, ProfileError> {
    let (role_arn, name) = match link {
        Link::Sso { sso, role } => return Ok(Some(CacheFile::Shared(role.file_name(sso)))),
        Link::AssumeRole { role, .. } if role.scope.is_empty() => (&role.role_arn, role.file_name()),
        Link::WebIdentity { role, .. } => (&role.role_arn, role.file_name()),
        _ => return Ok(link.own_file()),
    };
    let planner = Planner::of(settings)?;
    let fingerprint = link.fingerprint();
    // A profile that is broken confuses nobody.
    let role_of = |profile: &str| planner.role_of(profile).ok().flatten();
    // A profile with the same values means the same source, which is most of them where there are many.
    let own = link.profile().filter(|own| role_of(own).is_some_and(|own| own.fingerprint() == fingerprint));
    let own = own.map(|own| planner.role_values(own));
    let is_confused = settings.profiles()?.mentioning(role_arn).iter().any(|profile| {
        own.as_ref() != Some(&planner.role_values(profile))
            && role_of(profile).is_some_and(|other| {
                other.shared_name().as_deref() == Some(name.as_str()) && other.fingerprint() != fingerprint
            })
    });
    Ok(if is_confused { link.own_file() } else { Some(CacheFile::Shared(name)) })
}

/// The file for a link that a role builds on. Of those AWS CLI keeps the keys of roles alone; awsx keeps the others
/// that STS gives too, apart.
pub(super) fn file_of_source(settings: &Settings, source: &Link) -> Result<Option<CacheFile>, ProfileError> {
    match source {
        Link::AssumeRole { .. } | Link::Sso { .. } => file_of(settings, source),
        _ => Ok(source.own_file()),
    }
}

struct Kept<'a> {
    env: &'a Env,
    method: Method,
    fingerprint: String,
}

enum Found {
    Ours(Credentials),
    /// Good keys that awsx has put there for another source.
    Theirs,
    Nothing,
}

/// Whose keys awsx has put into a file that it shares with AWS CLI.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Note {
    /// Which keys: AWS CLI may have replaced them meanwhile.
    access_key_id: String,
    /// The fingerprint of the link.
    source: String,
}

impl Kept<'_> {
    fn read(&self, file: &CacheFile) -> Result<Found, AuthError> {
        let kept: Option<RoleFile> = file.cache(self.env).read(file.name())?;
        let fresh = kept.and_then(|kept| kept.credentials.if_fresh(self.method, self.env.now()));
        let Some(credentials) = fresh else { return Ok(Found::Nothing) };
        if let CacheFile::Shared(name) = file
            && let Some(note) = own_cache(self.env).read::<Note>(&note_name(name))?
            && note.access_key_id == credentials.access_key_id
            && note.source != self.fingerprint
        {
            return Ok(Found::Theirs);
        }
        Ok(Found::Ours(credentials))
    }
}

fn note_name(shared: &str) -> String {
    format!("source-of-{shared}")
}

impl CacheFile {
    fn cache(&self, env: &Env) -> JsonCache {
        match self {
            Self::Shared(_) => credential_cache(env),
            Self::Own(_) => own_cache(env),
        }
    }

    /// The file's name in its folder.
    pub fn name(&self) -> &str {
        match self {
            Self::Shared(name) | Self::Own(name) => name,
        }
    }

    /// Removes the file; says whether it was there.
    pub(crate) fn remove(&self, env: &Env) -> Result<bool, StoreError> {
        self.cache(env).remove(self.name())
    }

    /// Where the file is.
    pub fn path(&self, env: &Env) -> std::path::PathBuf {
        self.cache(env).path(self.name())
    }
}
