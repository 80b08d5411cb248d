//! Everything a running sandbox remembers: clients, codes, tokens, keys. Each kind holds a bounded number
//! of entries and forgets its oldest first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::config::{Config, Fault};
use crate::iam::directory::Directory;
use crate::log::Log;
use crate::policy::Document;
use crate::totp::BASE32;

const MOST_PER_KIND: usize = 4096;

/// What every handler shares.
pub(crate) struct World {
    pub(crate) config: Config,
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
    state: Mutex<State>,
}

pub(crate) struct State {
    pub(crate) clients: Bounded<Client>,
    pub(crate) devices: Bounded<Device>,
    pub(crate) codes: Bounded<Code>,
    pub(crate) tickets: Bounded<Ticket>,
    pub(crate) access_tokens: Bounded<AccessToken>,
    pub(crate) refresh_tokens: Bounded<RefreshToken>,
    /// Temporary keys; long-term ones are their users'
    pub(crate) keys: Bounded<AccessKey>,
    pub(crate) directory: Directory,
    pub(crate) signin_tokens: Bounded<SigninToken>,
    /// By refresh token
    pub(crate) login_sessions: Bounded<LoginSession>,
    /// Ids of the DPoP proofs that were used
    pub(crate) proofs: Bounded<()>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) log: Log,
}

/// A registered OIDC client.
pub(crate) struct Client {
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) grants: Vec<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) expires_at: OffsetDateTime,
}

/// A device code, keyed by the code.
pub(crate) struct Device {
    pub(crate) client: String,
    pub(crate) user_code: String,
    pub(crate) decision: Option<Decision>,
    pub(crate) pending_left: u32,
    pub(crate) slow_downs_left: u32,
    pub(crate) last_polls: [Option<Instant>; 2],
    pub(crate) expires_at: OffsetDateTime,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Approved,
    Denied,
}

/// An authorization a client asked for at `/authorize`; what a code, once given, is bound to.
#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) state: String,
}

/// An authorization code, keyed by the code.
pub(crate) struct Code {
    pub(crate) authorization: Authorization,
    pub(crate) expires_at: OffsetDateTime,
}

/// The one-time field of a page's form: only a page that was really shown can decide.
pub(crate) enum Ticket {
    Authorize(Authorization),
    Device,
}

pub(crate) struct AccessToken {
    pub(crate) session: Uuid,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_at: OffsetDateTime,
}

pub(crate) struct RefreshToken {
    pub(crate) session: Uuid,
    pub(crate) client: String,
}

/// What a console login's refresh token is bound to.
pub(crate) struct LoginSession {
    pub(crate) client: String,
    /// Of the key that has to prove itself
    pub(crate) thumbprint: String,
}

pub(crate) struct SigninToken {
    pub(crate) arn: String,
    pub(crate) expires_at: OffsetDateTime,
}

/// Who a key belongs to.
#[derive(Clone)]
pub(crate) struct Principal {
    pub(crate) kind: PrincipalKind,
    pub(crate) account: String,
    pub(crate) arn: String,
    pub(crate) user_id: String,
    /// ARN of the user or role behind a session; of a user, its own
    pub(crate) source_arn: String,
    pub(crate) identity: Identity,
    /// What narrows a session
    pub(crate) session_policies: Option<SessionPolicies>,
    /// When a session was made with an MFA code
    pub(crate) mfa_at: Option<OffsetDateTime>,
    /// When a session was made
    pub(crate) issued_at: Option<OffsetDateTime>,
}

pub(crate) type SessionPolicies = Vec<Arc<Document>>;

/// Whose policies count.
#[derive(Clone)]
pub(crate) enum Identity {
    /// Of the user with this name
    User(String),
    /// Of the role with this name
    Role(String),
    /// Of a permission set of Identity Center, which may do everything
    PermissionSet,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PrincipalKind {
    /// An IAM user with its long-term key
    User,
    /// The same after `GetSessionToken`
    UserSession,
    RoleSession,
    Federated,
}

/// An access key, keyed by its id.
#[derive(Clone)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Token and end of temporary credentials
    pub(crate) session: Option<(String, OffsetDateTime)>,
    pub(crate) principal: Principal,
}

/// Why a key and the session token that came with it are no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyProblem {
    Unknown,
    WrongToken,
    Expired,
}

impl World {
    pub(crate) fn new(config: Config, url: String) -> Self {
        let state = State {
            clients: Bounded::default(),
            devices: Bounded::default(),
            codes: Bounded::default(),
            tickets: Bounded::default(),
            access_tokens: Bounded::default(),
            refresh_tokens: Bounded::default(),
            keys: Bounded::default(),
            directory: Directory::seeded(&config.roles),
            signin_tokens: Bounded::default(),
            login_sessions: Bounded::default(),
            proofs: Bounded::default(),
            faults: config.faults.clone(),
            log: Log::default(),
        };
        Self { config, url, state: Mutex::new(state) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn find_key(&self, id: &str) -> Option<AccessKey> {
        let state = self.state();
        state.directory.find_key(id, now()).or_else(|| state.keys.find(id).cloned())
    }

    /// Finds a key whose session token is the presented one and has not expired.
    pub(crate) fn check_key(&self, id: &str, presented: Option<&str>) -> Result<AccessKey, KeyProblem> {
        let key = self.find_key(id).ok_or(KeyProblem::Unknown)?;
        match (&key.session, presented) {
            (Some((token, _)), Some(presented)) if !same(token, presented) => Err(KeyProblem::WrongToken),
            (Some((_, expires_at)), Some(_)) if *expires_at <= now() => Err(KeyProblem::Expired),
            (None, None) | (Some(_), Some(_)) => Ok(key),
            (Some(_), None) | (None, Some(_)) => Err(KeyProblem::WrongToken),
        }
    }

    /// Makes temporary credentials.
    pub(crate) fn issue_key(&self, principal: Principal, lifetime: Duration) -> AccessKey {
        let key = AccessKey {
            id: key_id("ASIA"),
            secret: key_secret(),
            session: Some((opaque("IQoJb3JpZ2luX2VjSandbox"), now() + lifetime)),
            principal,
        };
        self.state().keys.insert(key.id.clone(), key.clone());
        key
    }
}

/// Entries by name, the oldest leaving when there are too many.
///
/// Looked up by walking: at this bound that takes microseconds, and keeps one order for age and one owner.
pub(crate) struct Bounded<V> {
    entries: VecDeque<(String, V)>,
}

impl<V> Default for Bounded<V> {
    fn default() -> Self {
        Self { entries: VecDeque::new() }
    }
}

impl<V> Bounded<V> {
    pub(crate) fn insert(&mut self, name: String, value: V) {
        if self.entries.len() == MOST_PER_KIND {
            self.entries.pop_front();
        }
        self.entries.push_back((name, value));
    }

    pub(crate) fn find(&self, name: &str) -> Option<&V> {
        self.entries.iter().find(|(entry, _)| entry == name).map(|(_, value)| value)
    }

    pub(crate) fn find_mut(&mut self, name: &str) -> Option<&mut V> {
        self.values_mut().find_map(|(entry, value)| (entry == name).then_some(value))
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<V> {
        let position = self.entries.iter().position(|(entry, _)| entry == name)?;
        self.entries.remove(position).map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = (&str, &mut V)> {
        self.entries.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn keep(&mut self, mut wanted: impl FnMut(&V) -> bool) {
        self.entries.retain(|(_, value)| wanted(value));
    }
}

pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

pub(crate) fn unix_now() -> u64 {
    u64::try_from(now().unix_timestamp()).expect("the clock is past 1970")
}

/// An unguessable token: two random UUIDs behind a prefix.
pub(crate) fn opaque(prefix: &str) -> String {
    format!("{prefix}{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// The part after `AIDA` or `AROA`, the same for the same ARN in every run.
pub(crate) fn unique_id(prefix: &str, arn: &str) -> String {
    format!("{prefix}{}", key_id_letters(&Sha256::digest(arn.as_bytes())[..17]))
}

/// Compares secrets without telling how much of them is right.
pub(crate) fn same(left: &str, right: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(left.as_bytes(), right.as_bytes()).into()
}

/// A key id of a kind (`AKIA` for long-term, `ASIA` for temporary keys) that nobody has.
pub(crate) fn key_id(kind: &str) -> String {
    format!("{kind}{}", key_id_letters(Uuid::new_v4().as_bytes()))
}

/// The 40 letters that sign requests.
pub(crate) fn key_secret() -> String {
    opaque("").chars().take(40).collect()
}

/// A letter or digit for each byte.
pub(crate) fn key_id_letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(BASE32[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_leaves_a_full_collection() {
        let mut numbers = Bounded::default();
        for number in 0..=MOST_PER_KIND {
            numbers.insert(number.to_string(), number);
        }
        assert_eq!(numbers.find("0"), None);
        assert_eq!(numbers.find("1"), Some(&1));
        assert_eq!(numbers.entries.len(), MOST_PER_KIND);
    }
}
