//! What signing in needs to know: where, and for what.

use awsx_core::profile::{Profiles, Properties};
use awsx_core::settings::Settings;

use super::SsoError;
use crate::AuthError;

/// The scope that lets a session list accounts and take roles; asked for when none is configured.
pub const DEFAULT_SCOPE: &str = "sso:account:access";

/// One Identity Center sign-in: a session of the config file, or a profile of the older form without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoConfig {
    /// The `sso-session`; none for the older form.
    pub session: Option<String>,
    /// Where people sign in, exactly as configured: it is part of the caches' file names.
    pub start_url: String,
    /// The region of the Identity Center instance.
    pub region: String,
    /// The scopes asked for at registration, as configured.
    pub scopes: Option<Vec<String>>,
}

impl SsoConfig {
    /// The session of this name.
    pub fn of_session(profiles: &Profiles, name: &str) -> Result<Self, SsoError> {
        let partial = PartialSsoConfig::of_session(profiles, name)?;
        partial.complete(false)
    }

    /// What `--sso-session` names, else the profile in use, as it is configured: nobody is asked.
    pub fn configured(settings: &Settings, session: Option<&str>) -> Result<Self, AuthError> {
        let partial = PartialSsoConfig::resolve(settings, session)?;
        let in_profile = partial.session.is_none();
        Ok(partial.complete(in_profile)?)
    }

    /// What the text of the token cache's file name is made from: the session's name, or the start URL.
    pub fn token_key(&self) -> &str {
        self.session.as_deref().unwrap_or(&self.start_url)
    }
}

/// The same before it is known to be complete: a region may still come from the start URL.
#[derive(Clone, Debug, Default)]
pub(super) struct PartialSsoConfig {
    pub(super) session: Option<String>,
    pub(super) start_url: Option<String>,
    pub(super) region: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
}

impl PartialSsoConfig {
    /// From `--sso-session`, else the profile's `sso_session`, else the profile's own keys.
    pub(super) fn resolve(settings: &Settings, session: Option<&str>) -> Result<Self, AuthError> {
        let profiles = settings.profiles()?;
        if let Some(name) = session.filter(|name| !name.is_empty()) {
            return Ok(Self::of_session(profiles, name)?);
        }
        let scoped = settings.scoped()?;
        match scoped.text("sso_session").filter(|name| !name.is_empty()) {
            Some(name) => Ok(Self::of_session(profiles, name)?),
            None => Ok(Self::of_keys(None, scoped)),
        }
    }

    fn of_session(profiles: &Profiles, name: &str) -> Result<Self, SsoError> {
        let section = profiles.sso_session(name).ok_or_else(|| SsoError::UnknownSession(name.to_owned()))?;
        Ok(Self::of_keys(Some(name.to_owned()), &section))
    }

    fn of_keys(session: Option<String>, keys: &Properties) -> Self {
        let text = |key| keys.text(key).filter(|value| !value.is_empty()).map(str::to_owned);
        // The older form never had scopes.
        let scopes = session.as_ref().and_then(|_| text("sso_registration_scopes"));
        Self {
            start_url: text("sso_start_url"),
            region: text("sso_region"),
            scopes: scopes.map(|scopes| parse_scopes(&scopes)),
            session,
        }
    }

    pub(super) fn complete(self, in_profile: bool) -> Result<SsoConfig, SsoError> {
        match (self.start_url, self.region) {
            (Some(start_url), Some(region)) => {
                Ok(SsoConfig { session: self.session, start_url, region, scopes: self.scopes })
            }
            (start_url, region) => {
                let missing = [("sso_start_url", start_url.is_none()), ("sso_region", region.is_none())];
                let missing = missing.into_iter().filter_map(|(key, absent)| absent.then_some(key)).collect();
                Err(SsoError::MissingSettings { missing, in_profile })
            }
        }
    }
}

/// Splits `a, b` at the commas.
fn parse_scopes(text: &str) -> Vec<String> {
    text.split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()).collect()
}
