//! Whose keys sign: those at hand, and others in time before they end.
//!
//! Where others come from is asked of a [`KeySource`]. All who share some [`Keys`] share each renewal: one asks, and the
//! others go on with what is at hand or, once that is about to end, wait for the answer.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::identity::Identity;
use tokio::sync::Mutex;

use crate::CallError;

/// Others are asked for so long before the end, and no longer than for a quarter of what there was: some keys last no
/// longer than this.
const MARGIN: Duration = Duration::from_mins(15);
/// How long a source that had nothing better is left alone.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Codes of answers to keys that have ended, whatever was known of their end.
const ENDED: [&str; 3] = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"];
/// Codes that mean it where the end has come.
const MAYBE_ENDED: [&str; 5] = ["InvalidAccessKeyId", "InvalidToken", "InvalidClientTokenId", "400", "403"];

/// Where keys come from while a command goes on.
pub trait KeySource: fmt::Debug + Send + Sync {
    /// Keys as they are to be had now.
    fn fetch(&self) -> Fetch<'_>;
}

/// What a [`KeySource`] answers with, some time.
pub type Fetch<'a> = Pin<Box<dyn Future<Output = Result<Credentials, NoKeys>> + Send + 'a>>;

/// Why there are no others, in words for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoKeys {
    /// What is wrong.
    pub message: String,
    /// What to type.
    pub hint: Option<String>,
}

/// Keys to sign with. Clones share what is at hand.
#[derive(Clone)]
pub struct Keys(Arc<Shared>);

struct Shared {
    source: Option<Arc<dyn KeySource>>,
    held: RwLock<Held>,
    renewal: Mutex<()>,
}

struct Held {
    identity: Identity,
    credentials: Credentials,
    /// From here on one request asks for others.
    soon: Option<SystemTime>,
    /// From here on all wait for them.
    late: Option<SystemTime>,
    /// Before this moment the source is not asked again.
    not_before: Option<SystemTime>,
    /// How often there were others.
    generation: Generation,
    /// Why there are no others.
    failure: Option<NoKeys>,
    /// Whether somebody has had to do without.
    are_missed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    /// They last, but not for long.
    Soon,
    /// They have ended, or are about to.
    Late,
}

/// Which keys those of a request were, to be told when they are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generation(u64);

impl Keys {
    /// Keys that are the only ones.
    pub fn fixed(credentials: Credentials) -> Self {
        let held = Held { soon: None, late: None, ..Held::of(credentials, SystemTime::UNIX_EPOCH) };
        Self::of(held, None)
    }

    /// Keys that are at hand now, and where others come from.
    pub fn renewed(credentials: Credentials, now: SystemTime, source: Arc<dyn KeySource>) -> Self {
        Self::of(Held::of(credentials, now), Some(source))
    }

    fn of(held: Held, source: Option<Arc<dyn KeySource>>) -> Self {
        Self(Arc::new(Shared { source, held: RwLock::new(held), renewal: Mutex::default() }))
    }

    /// Why there are none to sign with: those at hand have ended or are refused, and the source fails.
    pub fn missing(&self) -> Option<NoKeys> {
        let held = self.0.held.read().expect("no holder panics");
        held.failure.clone().filter(|_| held.are_missed)
    }

    /// The keys to sign a request with at this time.
    ///
    /// # Errors
    ///
    /// Those at hand have ended, and there are no others.
    pub async fn identity(&self, now: SystemTime) -> Result<Identity, CallError> {
        if let Some(good) = self.at_hand(now, |standing| standing == Standing::Good) {
            return Ok(good);
        }
        // Whoever finds it free renews; the others have what lasts for a while yet.
        let renewal = match self.0.renewal.try_lock() {
            Ok(renewal) => renewal,
            Err(_) => match self.at_hand(now, |standing| standing != Standing::Late) {
                Some(lasting) => return Ok(lasting),
                None => self.0.renewal.lock().await,
            },
        };
        if let Some(good) = self.at_hand(now, |standing| standing == Standing::Good) {
            return Ok(good);
        }
        let renewed = self.renew(now).await;
        drop(renewal);
        match renewed {
            Err(failure) if self.has_ended(now) => {
                self.miss();
                Err(CallError::Credentials(failure.message))
            }
            _ => Ok(self.at_hand(now, |_| true).expect("anything will do")),
        }
    }

    /// Which keys are at hand.
    pub fn generation(&self) -> Generation {
        self.0.held.read().expect("no holder panics").generation
    }

    /// Whether an answer with this code refuses the keys for having ended.
    pub fn are_refused(&self, code: &str, now: SystemTime) -> bool {
        ENDED.contains(&code) || (MAYBE_ENDED.contains(&code) && self.has_ended(now))
    }

    /// Whether there are others than the refused ones, which the source is asked for if nobody has done so yet.
    pub async fn replace(&self, refused: Generation, now: SystemTime) -> bool {
        let _renewal = self.0.renewal.lock().await;
        if self.generation() == refused && self.renew(now).await.is_err() {
            self.miss();
        }
        self.generation() != refused
    }

    fn miss(&self) {
        self.0.held.write().expect("no holder panics").are_missed = true;
    }

    fn at_hand(&self, now: SystemTime, wanted: impl Fn(Standing) -> bool) -> Option<Identity> {
        let held = self.0.held.read().expect("no holder panics");
        wanted(held.standing(now)).then(|| held.identity.clone())
    }

    fn has_ended(&self, now: SystemTime) -> bool {
        let held = self.0.held.read().expect("no holder panics");
        held.credentials.expiry().is_some_and(|end| end <= now)
    }

    /// Asks the source, unless it had nothing a moment ago. Only who holds the renewal calls this.
    async fn renew(&self, now: SystemTime) -> Result<(), NoKeys> {
        let Some(source) = &self.0.source else { return Ok(()) };
        if !self.0.held.read().expect("no holder panics").may_ask(now) {
            let failure = self.0.held.read().expect("no holder panics").failure.clone();
            return failure.map_or(Ok(()), Err);
        }
        let fetched = source.fetch().await;
        let mut held = self.0.held.write().expect("no holder panics");
        match fetched {
            Ok(credentials) if held.is_same(&credentials) => {
                tracing::debug!(target: "awsx::api", "the keys are still the same");
                held.leave_source_alone(now);
                Ok(())
            }
            Ok(credentials) => {
                tracing::debug!(target: "awsx::api", key = credentials.access_key_id(), "there are new keys");
                *held = Held { generation: Generation(held.generation.0 + 1), ..Held::of(credentials, now) };
                Ok(())
            }
            Err(failure) => {
                tracing::debug!(target: "awsx::api", message = failure.message, "there are no new keys");
                held.leave_source_alone(now);
                held.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }
}

impl Held {
    fn of(credentials: Credentials, now: SystemTime) -> Self {
        let moment = |thirds: u32| {
            let end = credentials.expiry()?;
            let lasts = end.duration_since(now).unwrap_or_default();
            Some(end - MARGIN.min(lasts / 4) * thirds / 3)
        };
        Self {
            identity: credentials.clone().into(),
            soon: moment(3),
            late: moment(2),
            credentials,
            not_before: None,
            generation: Generation::default(),
            failure: None,
            are_missed: false,
        }
    }

    fn standing(&self, now: SystemTime) -> Standing {
        let is_past = |moment: Option<SystemTime>| moment.is_some_and(|moment| moment <= now);
        if is_past(self.credentials.expiry()) {
            Standing::Late
        } else if !is_past(self.soon) || !self.may_ask(now) {
            Standing::Good
        } else if !is_past(self.late) {
            Standing::Soon
        } else {
            Standing::Late
        }
    }

    fn is_same(&self, other: &Credentials) -> bool {
        self.credentials.access_key_id() == other.access_key_id()
            && self.credentials.session_token() == other.session_token()
    }

    fn may_ask(&self, now: SystemTime) -> bool {
        self.not_before.is_none_or(|moment| moment <= now)
    }

    /// At the end it is asked once more in any case.
    fn leave_source_alone(&mut self, now: SystemTime) {
        let end = self.credentials.expiry().filter(|end| *end > now);
        let later = now + AFTER_FAILURE;
        self.not_before = Some(end.map_or(later, |end| end.min(later)));
    }
}

impl From<Credentials> for Keys {
    fn from(credentials: Credentials) -> Self {
        Self::fixed(credentials)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("source", &self.0.source).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn after(seconds: u64) -> SystemTime {
        START + Duration::from_secs(seconds)
    }

    fn keys(id: &str, end: u64) -> Credentials {
        Credentials::new(id, "secret", None, Some(after(end)), "test")
    }

    /// Gives keys that last until the given second, or fails where there is none; counts.
    #[derive(Debug)]
    struct Scripted {
        ends: Vec<Option<u64>>,
        asked: AtomicUsize,
    }

    impl KeySource for Scripted {
        fn fetch(&self) -> Fetch<'_> {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            let answer = match self.ends.get(asked).copied().flatten() {
                Some(end) => Ok(keys(&format!("KEY{}", asked + 1), end)),
                None => Err(NoKeys { message: "Token for corp does not exist".to_owned(), hint: None }),
            };
            Box::pin(async move {
                tokio::task::yield_now().await;
                answer
            })
        }
    }

    fn renewed(end: u64, ends: &[Option<u64>]) -> (Keys, Arc<Scripted>) {
        let source = Arc::new(Scripted { ends: ends.to_vec(), asked: AtomicUsize::new(0) });
        (Keys::renewed(keys("KEY0", end), START, source.clone()), source)
    }

    /// The key that signs at this second.
    async fn key(keys: &Keys, second: u64) -> Result<String, String> {
        let identity = keys.identity(after(second)).await.map_err(|error| error.to_string())?;
        Ok(identity.data::<Credentials>().unwrap().access_key_id().to_owned())
    }

    #[tokio::test]
    async fn many_requests_are_one_renewal() {
        let (keys, source) = renewed(3600, &[Some(7200)]);
        let local = tokio::task::LocalSet::new();
        let requests: Vec<_> = (0..16)
            .map(|_| {
                let keys = keys.clone();
                local.spawn_local(async move { key(&keys, 3590).await })
            })
            .collect();
        local.await;
        for request in requests {
            assert_eq!(request.await.unwrap().unwrap(), "KEY1");
        }
        assert_eq!(source.asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn one_renews_in_time_while_the_others_go_on() {
        let (keys, source) = renewed(3600, &[Some(7200)]);
        assert_eq!(key(&keys, 2000).await.unwrap(), "KEY0");
        let (first, second) = tokio::join!(key(&keys, 2750), key(&keys, 2750));
        assert_eq!((first.unwrap().as_str(), second.unwrap().as_str()), ("KEY1", "KEY0"));
        let (first, second) = tokio::join!(key(&keys, 6700), key(&keys, 6700));
        assert_eq!(first, second, "late, all wait");
        assert_eq!(source.asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn keys_that_last_seconds_are_used_for_most_of_them() {
        let (keys, source) = renewed(8, &[Some(16)]);
        assert_eq!(key(&keys, 5).await.unwrap(), "KEY0");
        assert_eq!(source.asked.load(Ordering::Relaxed), 0);
        assert_eq!(key(&keys, 7).await.unwrap(), "KEY1");
    }

    #[tokio::test]
    async fn where_there_are_no_others_the_old_ones_serve_to_their_end() {
        let (keys, source) = renewed(3600, &[None, None, None]);
        assert_eq!(key(&keys, 3595).await.unwrap(), "KEY0");
        assert_eq!(key(&keys, 3596).await.unwrap(), "KEY0");
        assert_eq!(source.asked.load(Ordering::Relaxed), 1, "it is left alone for a while");
        assert_eq!(keys.missing(), None);
        assert_eq!(key(&keys, 3600).await.unwrap_err(), "Token for corp does not exist");
        assert_eq!(key(&keys, 3601).await.unwrap_err(), "Token for corp does not exist");
        assert_eq!(source.asked.load(Ordering::Relaxed), 2);
        assert_eq!(keys.missing().unwrap().message, "Token for corp does not exist");
    }

    #[tokio::test]
    async fn refused_keys_are_replaced_once_for_all_who_had_them() {
        let (keys, source) = renewed(3600, &[Some(7200), None]);
        let now = after(10);
        let generation = keys.generation();
        assert!(keys.are_refused("ExpiredToken", now));
        assert!(!keys.are_refused("InvalidAccessKeyId", now));
        assert!(keys.are_refused("InvalidAccessKeyId", after(3600)));
        let (one, other) = tokio::join!(keys.replace(generation, now), keys.replace(generation, now));
        assert!(one && other);
        assert_eq!(source.asked.load(Ordering::Relaxed), 1);
        let generation = keys.generation();
        assert!(!keys.replace(generation, now).await);
        assert!(!Keys::fixed(self::keys("KEY", 5)).replace(Generation::default(), now).await);
    }
}
