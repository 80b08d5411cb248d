//! `sso login`: one person, one browser, however many processes ask.

use url::Url;

use super::config::PartialSsoConfig;
use super::start_url::needs_region;
use super::token::{self, TokenFile};
use super::{DeviceCode, SsoConfig, device, pkce, resolve_start_url, token_cache};
use crate::locked::lock;
use crate::{AuthError, Clients};

/// How the sign-in reaches the person. Showing text and opening a browser happen behind this.
pub trait SignInPrompt {
    /// The page to approve at in a browser on this machine.
    fn authorize(&self, url: &Url);
    /// The page and code to approve with on any device.
    fn device(&self, code: &DeviceCode);
    /// Another process is signing in to the same session; this one waits for it.
    fn waiting(&self, name: &str);
}

/// Which way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Authorization code with PKCE: the browser runs on this machine.
    Pkce,
    /// Device code: the browser may run anywhere.
    DeviceCode,
}

/// A sign-in to be made.
#[derive(Clone, Debug)]
pub struct Login {
    /// The session or profile, with the region that will be used.
    pub sso: SsoConfig,
    /// What the service is told: the start URL, or where it led.
    pub service_url: String,
    /// The region that the start URL led to, if it is not the configured one.
    pub found_region: Option<String>,
    /// The way to sign in.
    pub flow: Flow,
}

impl Login {
    /// Works out what to sign in to: `--sso-session`, or the profile in use.
    pub async fn resolve(
        clients: &Clients<'_>,
        session: Option<&str>,
        use_device_code: bool,
    ) -> Result<Self, AuthError> {
        let settings = clients.settings();
        let mut partial = PartialSsoConfig::resolve(settings, session)?;
        let in_profile = partial.session.is_none();
        let configured = partial.region.clone();
        let Some(start_url) = partial.start_url.clone() else {
            // `complete` names what is missing.
            return Err(partial.complete(in_profile).expect_err("there is no start URL").into());
        };
        if configured.is_none() && needs_region(&start_url) {
            return Err(partial.complete(in_profile).expect_err("there is no region").into());
        }
        let resolved = resolve_start_url(clients.http(), &start_url, configured.as_deref()).await?;
        partial.region = Some(resolved.region);
        let sso = partial.complete(in_profile)?;
        let found_region = (configured.as_ref() != Some(&sso.region)).then(|| sso.region.clone());
        let flow = if use_device_code || sso.session.is_none() { Flow::DeviceCode } else { Flow::Pkce };
        Ok(Self { sso, service_url: resolved.url, found_region, flow })
    }
}

/// Signs in and stores the token.
///
/// A sign-in that another process has begun for the same session is waited for and taken over, rather than
/// asking the person twice.
pub async fn login(clients: &Clients<'_>, login: &Login, prompt: &dyn SignInPrompt) -> Result<(), AuthError> {
    let cache = token_cache(clients.env());
    let name = token::file_name(login.sso.token_key());
    // The sign-in's own lock: the token's is for moments, and this one is held while a person reads.
    let pending = format!("{name}.login");
    let before = cache.read::<TokenFile>(&name)?;
    let _lock = if let Some(lock) = cache.try_lock(&pending)? {
        lock
    } else {
        prompt.waiting(login.sso.token_key());
        let lock = lock(&cache, &pending).await?;
        let now = clients.env().now();
        if let Some(after) = cache.read::<TokenFile>(&name)?
            && after.access_token != before.and_then(|file| file.access_token)
            && after.token().is_some_and(|token| token.lasts(now))
        {
            return Ok(());
        }
        lock
    };
    let file = match login.flow {
        Flow::Pkce => pkce::sign_in(clients, &login.sso, &login.service_url, prompt).await?,
        Flow::DeviceCode => device::sign_in(clients, &login.sso, &login.service_url, prompt).await?,
    };
    let _token = lock(&cache, &name).await?;
    cache.write(&name, &file)?;
    Ok(())
}
