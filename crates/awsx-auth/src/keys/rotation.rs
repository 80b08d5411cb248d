//! A new key in the place of the old one, safe to kill at any moment.
//!
//! Every step looks at what is so rather than at what was planned, and is harmless when done twice. The old key works
//! until the new one is in the user's files and has been proved; so whatever happens, a key that works is on disk.

use std::time::Duration;

use awsx_core::timestamp;
use awsx_http::CallError;
use time::OffsetDateTime;

use super::files::{read_key, replace_key};
use super::journal::{Journal, Journals};
use super::list::{last_use, of_user};
use super::{AccessKey, KeysError};
use crate::sts::Caller;
use crate::{AuthError, Clients, Credentials};

/// AWS takes seconds to tell all its services of a new key; this is far more.
const PATIENCE: Duration = Duration::from_mins(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What is to be rotated, and how.
#[derive(Clone, Debug)]
pub struct Rotation<'a> {
    /// The profile whose key is replaced, and with it that of every other profile that holds the same key.
    pub profile: &'a str,
    /// How long the old key stays, inactive, before it is deleted. None keeps what an unfinished rotation was told.
    pub grace: Option<Duration>,
    /// The same for a new rotation that is told nothing.
    pub usual_grace: Duration,
    /// Deletes the old key now, whatever the grace period; there has to be an unfinished rotation.
    pub finish: bool,
    /// Credentials for IAM, such as a session with MFA behind it; the profile's own keys where there are none.
    pub authority: Option<&'a Credentials>,
}

/// A step that has just been taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// An earlier rotation goes on.
    Resumed,
    /// A key whose secret was lost when an earlier rotation was killed has been deleted.
    DeletedOrphan(String),
    /// The new key is there and stored.
    Created(String),
    /// AWS has taken a request that the new key signed.
    Proved(String),
    /// These profiles hold the new key.
    Switched(Vec<String>),
    /// The old key no longer works.
    Deactivated(String),
    /// The old key is gone.
    Deleted(String),
}

/// Where a rotation stands when there is nothing more to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationEnd {
    /// The old key is gone.
    Done,
    /// The old key is inactive and may be deleted from then on.
    Waiting {
        /// The inactive key.
        old_key_id: String,
        /// The end of the grace period.
        until: OffsetDateTime,
    },
}

/// Takes every step that can be taken now, those of an earlier rotation that was killed or waits included.
pub async fn rotate(
    clients: &Clients<'_>,
    region: &str,
    rotation: &Rotation<'_>,
    tell: &dyn Fn(&Progress),
) -> Result<RotationEnd, AuthError> {
    let env = clients.env();
    let journals = Journals::open(env)?;
    let current = read_key(env, rotation.profile)?;
    let mut journal = match journals.find(&current.access_key_id)? {
        Some(journal) => {
            tell(&Progress::Resumed);
            journal
        }
        None if rotation.finish => {
            return Err(KeysError::NothingToFinish(rotation.profile.to_owned()).into());
        }
        None => start(clients, region, rotation, &journals, &current).await?,
    };
    if let Some(grace) = rotation.grace.filter(|grace| grace.as_secs() != journal.grace_seconds) {
        journal.grace_seconds = grace.as_secs();
        journals.write(&journal)?;
    }
    let work = Work { clients, region, rotation, journals: &journals, tell };
    if journal.deactivated_at.is_none() {
        let new = match journal.stored_key(&current) {
            Some(new) => new,
            None => work.create(&mut journal, &current).await?,
        };
        work.prove(&journal, &new).await?;
        work.switch(&journal, &new)?;
        work.deactivate(&mut journal, &new).await?;
    }
    work.delete_if_due(&journal).await
}

/// Checks that there is room for a new key, and writes the journal's first page.
async fn start(
    clients: &Clients<'_>,
    region: &str,
    rotation: &Rotation<'_>,
    journals: &Journals,
    current: &Credentials,
) -> Result<Journal, AuthError> {
    let caller = Caller::fetch(clients, region, current).await?;
    let user_name = caller.required_user_name().map_err(|_| KeysError::NotAUser {
        key_id: current.access_key_id.clone(),
        arn: caller.arn.clone(),
    })?;
    let iam = clients.iam(region, rotation.authority.unwrap_or(current))?;
    let keys = of_user(&iam, user_name).await?;
    if let Some(other) = keys.iter().find(|key| key.id != current.access_key_id) {
        return Err(KeysError::TwoKeys {
            user: user_name.to_owned(),
            other: other.id.clone(),
            other_is_active: other.active,
        }
        .into());
    }
    let journal = Journal {
        user_name: user_name.to_owned(),
        arn: caller.arn.clone(),
        old_key_id: current.access_key_id.clone(),
        started_at: timestamp::zulu(clients.env().now()),
        new_key_id: None,
        new_secret: None,
        deactivated_at: None,
        grace_seconds: rotation.grace.unwrap_or(rotation.usual_grace).as_secs(),
    };
    journals.write(&journal)?;
    Ok(journal)
}

/// What every step needs.
struct Work<'a> {
    clients: &'a Clients<'a>,
    region: &'a str,
    rotation: &'a Rotation<'a>,
    journals: &'a Journals,
    tell: &'a dyn Fn(&Progress),
}

impl Work<'_> {
    async fn create(&self, journal: &mut Journal, current: &Credentials) -> Result<Credentials, AuthError> {
        let iam = self.iam(current)?;
        // The user had one key when the journal was begun. A second one is ours, made by a process that was killed
        // before it could store the secret, unless somebody uses it.
        let keys = of_user(&iam, &journal.user_name).await?;
        for AccessKey { id, .. } in keys.into_iter().filter(|key| key.id != journal.old_key_id) {
            if last_use(&iam, &id).await?.is_some() {
                return Err(KeysError::OtherKeyInUse(id).into());
            }
            delete(&iam, &journal.user_name, &id).await?;
            (self.tell)(&Progress::DeletedOrphan(id));
        }
        let answer = iam.create_access_key().user_name(&journal.user_name).send().await;
        let answer = answer.map_err(|error| CallError::of("CreateAccessKey", error))?;
        let key = answer.access_key.ok_or_else(|| {
            CallError::Other("the answer of CreateAccessKey holds no access key".to_owned())
        })?;
        journal.new_key_id = Some(key.access_key_id.clone());
        journal.new_secret = Some(key.secret_access_key.into());
        self.journals.write(journal)?;
        (self.tell)(&Progress::Created(key.access_key_id));
        Ok(journal.stored_key(current).expect("the key was just stored"))
    }

    /// Waits until AWS knows the new key.
    async fn prove(&self, journal: &Journal, new: &Credentials) -> Result<(), AuthError> {
        let caller = retried(new, async || Caller::fetch(self.clients, self.region, new).await).await?;
        if caller.arn != journal.arn {
            return Err(KeysError::Changed(self.rotation.profile.to_owned()).into());
        }
        (self.tell)(&Progress::Proved(new.access_key_id.clone()));
        Ok(())
    }

    fn switch(&self, journal: &Journal, new: &Credentials) -> Result<(), AuthError> {
        let env = self.clients.env();
        let profiles = replace_key(env, &journal.old_key_id, new)?;
        let held = read_key(env, self.rotation.profile)?;
        if held.access_key_id != new.access_key_id || held.secret_access_key != new.secret_access_key {
            return Err(KeysError::Changed(self.rotation.profile.to_owned()).into());
        }
        if !profiles.is_empty() {
            (self.tell)(&Progress::Switched(profiles));
        }
        Ok(())
    }

    async fn deactivate(&self, journal: &mut Journal, new: &Credentials) -> Result<(), AuthError> {
        let iam = self.iam(new)?;
        let old = &journal.old_key_id;
        let update = async || -> Result<(), AuthError> {
            let update = iam.update_access_key().user_name(&journal.user_name).access_key_id(old);
            let answer = update.status(aws_sdk_iam::types::StatusType::Inactive).send().await;
            match answer.map_err(|error| CallError::of("UpdateAccessKey", error)) {
                Ok(_) => Ok(()),
                // Somebody has deleted it already.
                Err(error) if error.is("NoSuchEntity") => Ok(()),
                Err(error) => Err(error.into()),
            }
        };
        retried(new, update).await?;
        (self.tell)(&Progress::Deactivated(old.clone()));
        journal.deactivated_at = Some(timestamp::zulu(self.clients.env().now()));
        // The user's files hold it now.
        journal.new_secret = None;
        self.journals.write(journal)?;
        Ok(())
    }

    async fn delete_if_due(&self, journal: &Journal) -> Result<RotationEnd, AuthError> {
        let now = self.clients.env().now();
        let since = journal.deactivated_at.as_deref().and_then(timestamp::parse).unwrap_or(now);
        let until = since + Duration::from_secs(journal.grace_seconds);
        if now < until && !self.rotation.finish {
            return Ok(RotationEnd::Waiting { old_key_id: journal.old_key_id.clone(), until });
        }
        let current = read_key(self.clients.env(), self.rotation.profile)?;
        delete(&self.iam(&current)?, &journal.user_name, &journal.old_key_id).await?;
        (self.tell)(&Progress::Deleted(journal.old_key_id.clone()));
        self.journals.remove(journal)?;
        Ok(RotationEnd::Done)
    }

    fn iam(&self, keys: &Credentials) -> Result<aws_sdk_iam::Client, AuthError> {
        Ok(self.clients.iam(self.region, self.rotation.authority.unwrap_or(keys))?)
    }
}

async fn delete(iam: &aws_sdk_iam::Client, user: &str, id: &str) -> Result<(), AuthError> {
    let answer = iam.delete_access_key().user_name(user).access_key_id(id).send().await;
    match answer.map_err(|error| CallError::of("DeleteAccessKey", error)) {
        Ok(_) => Ok(()),
        Err(error) if error.is("NoSuchEntity") => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Repeats a call that AWS refuses because it does not know the key yet.
async fn retried<T>(key: &Credentials, call: impl AsyncFn() -> Result<T, AuthError>) -> Result<T, AuthError> {
    let mut pause = Duration::from_millis(250);
    let mut waited = Duration::ZERO;
    loop {
        match call().await {
            Err(AuthError::Call(error)) if error.is("InvalidClientTokenId") && waited < PATIENCE => {}
            Err(AuthError::Call(error)) if error.is("InvalidClientTokenId") => {
                let (key_id, seconds) = (key.access_key_id.clone(), waited.as_secs());
                return Err(KeysError::NotYetWorking { key_id, seconds }.into());
            }
            result => return result,
        }
        tokio::time::sleep(pause).await;
        waited += pause;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
