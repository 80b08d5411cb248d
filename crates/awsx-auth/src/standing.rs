//! How long sign-ins and credentials are good, as far as it can be told without asking anybody.
//!
//! Only files are read. What a service, a program or a person would have to be asked for is [`Standing::Unknown`] or
//! [`Standing::Expired`].

use awsx_core::settings::Settings;
use time::{Duration, OffsetDateTime};

use crate::chain::{self, Link};
use crate::sso::{self, TokenState};
use crate::{AuthError, login, mfa_session};

/// What something is good for, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Good as it is, for as long as was asked.
    Valid,
    /// Can be had anew without a person.
    Refreshable,
    /// Only asking would tell.
    Unknown,
    /// A person has to sign in.
    Expired,
}

impl Standing {
    /// The word for people and programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Refreshable => "refreshable",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
        }
    }
}

/// A standing, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The word.
    pub standing: Standing,
    /// When what is kept ends, or ended.
    pub expires_at: Option<OffsetDateTime>,
    /// Until when it can be renewed without a person.
    pub renewable_until: Option<OffsetDateTime>,
    /// What there is to say beside it.
    pub detail: &'static str,
}

impl Outlook {
    fn of(standing: Standing, detail: &'static str) -> Self {
        Self { standing, expires_at: None, renewable_until: None, detail }
    }
}

/// How a sign-in stands, if it has to be good for `needed` more.
pub fn of_token(state: Option<&TokenState>, now: OffsetDateTime, needed: Duration) -> Outlook {
    let Some(state) = state else { return Outlook::of(Standing::Expired, "not signed in") };
    let lasts = |end: OffsetDateTime| end > now && end - now >= needed;
    let (standing, detail) = if lasts(state.expires_at) {
        (Standing::Valid, "")
    } else if state.renewable_until.is_some_and(lasts) {
        (Standing::Refreshable, "renewed when it is used")
    } else if state.expires_at > now {
        (Standing::Expired, "ends before that")
    } else {
        (Standing::Expired, "sign in again")
    };
    Outlook { standing, expires_at: Some(state.expires_at), renewable_until: state.renewable_until, detail }
}

/// When the keys end that are kept for a link; none when there are none.
pub fn kept_until(settings: &Settings, link: &Link) -> Result<Option<OffsetDateTime>, AuthError> {
    match link {
        Link::Login { session, .. } => Ok(login::kept_until(settings.env(), session)?),
        _ => chain::kept_until(settings, link),
    }
}

/// How a link's credentials stand, if they have to be good for `needed` more.
pub fn of_link(settings: &Settings, link: &Link, needed: Duration) -> Result<Outlook, AuthError> {
    let now = settings.env().now();
    let kept = kept_until(settings, link)?;
    if kept.is_some_and(|end| end > now && end - now >= needed) {
        return Ok(Outlook { expires_at: kept, ..Outlook::of(Standing::Valid, "kept") });
    }
    let anew = match link {
        Link::Static(keys) => match (keys.expiration, &keys.session_token) {
            (Some(end), _) if end > now && end - now >= needed => Outlook::of(Standing::Valid, ""),
            (Some(_), _) => Outlook::of(Standing::Expired, "keys that are not renewed"),
            (None, Some(_)) => Outlook::of(Standing::Unknown, "temporary keys whose end is not told"),
            (None, None) => Outlook::of(Standing::Valid, "long-term keys"),
        },
        Link::Sso { sso, .. } => of_token(sso::read_state(settings.env(), sso)?.as_ref(), now, needed),
        Link::Login { .. } if kept.is_none() => Outlook::of(Standing::Expired, "not signed in"),
        // The service does not tell how long it renews them.
        Link::Login { .. } => Outlook::of(Standing::Unknown, "renewed as long as AWS lets it"),
        Link::AssumeRole { role, .. } if role.mfa_serial.is_some() => {
            Outlook::of(Standing::Expired, "asks for an MFA code")
        }
        Link::AssumeRole { source, .. } => of_link(settings, source, needed)?,
        Link::MfaSession { serial, .. } => {
            let session = mfa_session::read_state(settings.env(), serial)?;
            let expires_at = session.map(|session| session.expires_at);
            return Ok(Outlook { expires_at, ..Outlook::of(Standing::Expired, "asks for an MFA code") });
        }
        _ => Outlook::of(Standing::Unknown, "only asking would tell"),
    };
    // Keys that lie there are what they are; all others are fetched with what stands behind them.
    let standing = match (link, anew.standing) {
        (Link::Static(_), standing) => standing,
        (_, Standing::Valid | Standing::Refreshable) => Standing::Refreshable,
        (_, standing) => standing,
    };
    let detail = if standing == Standing::Refreshable { "fetched when it is used" } else { anew.detail };
    let own_end = if let Link::Static(keys) = link { keys.expiration } else { kept };
    Ok(Outlook { standing, expires_at: own_end, renewable_until: None, detail })
}

/// Whether a link's keys can be had at once: without a person, without a program, and without spending a sign-in's
/// refresh token, since who asks may be ended at any moment.
pub fn is_at_hand(settings: &Settings, link: &Link) -> Result<bool, AuthError> {
    // What ends sooner is renewed when it is used.
    const FRESH: Duration = Duration::minutes(16);
    let now = settings.env().now();
    if kept_until(settings, link)?.is_some_and(|end| end - now >= FRESH) {
        return Ok(true);
    }
    Ok(match link {
        Link::Static(_) | Link::WebIdentity { .. } | Link::Container(_) | Link::Instance(_) => true,
        Link::Sso { sso, .. } => {
            let state = sso::read_state(settings.env(), sso)?;
            of_token(state.as_ref(), now, FRESH).standing == Standing::Valid
        }
        Link::AssumeRole { role, source, .. } => role.mfa_serial.is_none() && is_at_hand(settings, source)?,
        Link::MfaSession { .. } | Link::Login { .. } | Link::Process { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_renewable_or_over_for_the_time_that_is_asked() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let standing = |ends: i64, renewable: Option<i64>, needed: i64| {
            let state = TokenState {
                expires_at: now + Duration::minutes(ends),
                renewable_until: renewable.map(|minutes| now + Duration::minutes(minutes)),
            };
            of_token(Some(&state), now, Duration::minutes(needed)).standing
        };
        assert_eq!(standing(60, None, 0), Standing::Valid);
        assert_eq!(standing(60, None, 60), Standing::Valid);
        assert_eq!(standing(60, None, 61), Standing::Expired);
        assert_eq!(standing(60, Some(600), 61), Standing::Refreshable);
        assert_eq!(standing(60, Some(600), 601), Standing::Expired);
        assert_eq!(standing(-1, Some(600), 0), Standing::Refreshable);
        assert_eq!(standing(0, None, 0), Standing::Expired);
        assert_eq!(standing(-1, Some(-1), 0), Standing::Expired);
        assert_eq!(of_token(None, now, Duration::ZERO).standing, Standing::Expired);
    }

    #[test]
    fn the_worst_is_the_greatest() {
        let all = [Standing::Expired, Standing::Valid, Standing::Unknown, Standing::Refreshable];
        assert_eq!(all.iter().max(), Some(&Standing::Expired));
        assert_eq!(all.iter().min(), Some(&Standing::Valid));
    }
}
