//! The whole chain, told: every link that is tried, what won, what it would have been otherwise, and what is kept.
//!
//! The steps are those of [`plan`](super::plan()), taken by the same code, so what is told is what is done. Nothing
//! is asked over the network and nobody is asked at all.

use std::path::PathBuf;

use awsx_core::settings::{Resolved, Settings};
use awsx_core::{Env, timestamp};
use serde::Deserialize;
use time::OffsetDateTime;

use super::cached::{file_of, file_of_source};
use super::facts::{Fact, facts_of};
use super::plan::{ORDER, Planner};
use super::{CacheFile, Link};
use crate::credentials::RENEW_BEFORE;
use crate::{AuthError, Method};

/// The chain for one set of settings.
#[derive(Debug)]
pub struct Explanation {
    /// The profile, if one was named, and where.
    pub named_profile: Option<Resolved>,
    /// Each link, in the order they are tried.
    pub steps: Vec<Step>,
}

/// One link of the chain.
#[derive(Debug)]
pub struct Step {
    /// Which one.
    pub method: Method,
    /// What became of it.
    pub state: State,
    /// The values it reads.
    pub facts: Vec<Fact>,
    /// What is kept of its keys.
    pub cache: Option<CacheState>,
    /// The links whose keys it builds on, the nearest first.
    pub sources: Vec<Hop>,
}

/// What became of a link.
#[derive(Debug)]
pub enum State {
    /// It gives the credentials.
    Used,
    /// It would, but for an earlier one.
    Shadowed,
    /// It is configured wrongly, which stops the chain.
    Broken(Box<AuthError>),
    /// It is configured wrongly, which an earlier one keeps from mattering.
    BrokenButShadowed(Box<AuthError>),
    /// Nothing configures it.
    NotConfigured,
    /// `--profile` sets it aside.
    SetAside,
}

/// A link that another one builds on.
#[derive(Debug)]
pub struct Hop {
    /// Which kind.
    pub method: Method,
    /// The profile that configures it, if one does.
    pub profile: Option<String>,
    /// The values it reads.
    pub facts: Vec<Fact>,
    /// What is kept of its keys.
    pub cache: Option<CacheState>,
}

/// A file that keeps keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheState {
    /// The file.
    pub path: PathBuf,
    /// When the keys in it end; none when there are none.
    pub expires_at: Option<OffsetDateTime>,
    /// Whether they last long enough to be used.
    pub is_fresh: bool,
}

/// Tells the chain for these settings.
pub fn explain(settings: &Settings) -> Result<Explanation, AuthError> {
    settings.scoped()?;
    let planner = Planner::of(settings)?;
    let mut decided = false;
    let mut steps = Vec::new();
    for method in ORDER {
        steps.push(step(&planner, method, decided)?);
        decided |= matches!(steps.last(), Some(Step { state: State::Used | State::Broken(_), .. }));
    }
    Ok(Explanation { named_profile: settings.named_profile(), steps })
}

fn step(planner: &Planner<'_>, method: Method, decided: bool) -> Result<Step, AuthError> {
    let settings = planner.settings;
    let profile = settings.profile_name();
    let mut facts = facts_of(settings, method, &profile, planner.environment_counts());
    let nothing = |state, facts| Step { method, state, facts, cache: None, sources: Vec::new() };
    let link = match planner.look(method) {
        Ok(Some(link)) => link,
        Ok(None) if method == Method::Environment && !planner.environment_counts() && !facts.is_empty() => {
            return Ok(nothing(State::SetAside, facts));
        }
        Ok(None) => {
            // What a link that is not configured would read too says nothing.
            facts.retain(|fact| fact.name == "AWS_EC2_METADATA_DISABLED");
            return Ok(nothing(State::NotConfigured, facts));
        }
        Err(error) if decided => return Ok(nothing(State::BrokenButShadowed(Box::new(error)), facts)),
        Err(error) => return Ok(nothing(State::Broken(Box::new(error)), facts)),
    };
    let state = if decided { State::Shadowed } else { State::Used };
    let cache = file_of(settings, &link)?.map(|file| CacheState::read(settings.env(), &file));
    let links = std::iter::successors(Some(&link), |link| link.source());
    let sources = links.filter_map(|link| hop(settings, link)).collect();
    Ok(Step { method: link.method(), state, facts, cache, sources })
}

/// When the keys end that are kept for a link; none when there are none.
pub fn kept_until(settings: &Settings, link: &Link) -> Result<Option<OffsetDateTime>, AuthError> {
    let file = file_of(settings, link)?;
    Ok(file.and_then(|file| CacheState::read(settings.env(), &file).expires_at))
}

/// What a role builds on; none for another link.
fn hop(settings: &Settings, role: &Link) -> Option<Hop> {
    let link = role.source()?;
    // Links that do not know their profile are those of the profile that the role names.
    let named = |role: &str| {
        let profile = settings.profiles().ok()?.profile(role)?;
        profile.text("source_profile").map(str::to_owned)
    };
    let profile = link.profile().map(str::to_owned).or_else(|| named(role.profile()?));
    let read_like = match link.method() {
        // Read as a session's keys are, from both files, so that the config file's show as what they are: shadowed.
        Method::SharedCredentialsFile => Method::SessionToken,
        method => method,
    };
    let facts = facts_of(settings, read_like, profile.as_deref().unwrap_or_default(), false);
    let file = file_of_source(settings, link).ok().flatten();
    let cache = file.map(|file| CacheState::read(settings.env(), &file));
    Some(Hop { method: link.method(), profile, facts, cache })
}

/// The part of a kept file that tells how long it is of use.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kept {
    credentials: Option<Expiring>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Expiring {
    expiration: String,
}

impl CacheState {
    /// Looks without touching: an unusable file is left for whoever needs it.
    fn read(env: &Env, file: &CacheFile) -> Self {
        let path = file.path(env);
        let kept = awsx_core::store::read(&path).ok().flatten();
        let kept = kept.and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let expires_at =
            kept.and_then(|kept| kept.credentials).and_then(|keys| timestamp::parse(&keys.expiration));
        let is_fresh = expires_at.is_some_and(|end| end - env.now() >= RENEW_BEFORE);
        Self { path, expires_at, is_fresh }
    }
}
