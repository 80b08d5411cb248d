//! Keys once more while a command goes on: the profile's chain is planned and resolved again, the files read again.

use std::sync::Arc;

use awsx_api::wire::{Fetch, KeySource, Keys};
use awsx_auth::chain;
use awsx_auth::mfa_code::{MfaCodeError, MfaPrompt};
use awsx_auth::{AuthError, Clients, Credentials};
use awsx_core::settings::Settings;
use awsx_core::{Env, Secret};
use awsx_http::HttpClient;
use tokio::sync::oneshot;

use crate::context::{Context, no_credentials, runtime};
use crate::error::{CommandError, CommandResult};

/// The way to the keys of the profile in use.
#[derive(Clone, Debug)]
pub(crate) struct ProfileKeys {
    env: Env,
    flags: Vec<(&'static str, String)>,
    http: HttpClient,
}

impl ProfileKeys {
    /// The profile's keys, of which these are at hand.
    pub(crate) fn renewing(context: &Context, credentials: &Credentials) -> CommandResult<Keys> {
        let source = Arc::new(Self::of(context)?);
        Ok(Keys::renewed(credentials.to_sdk(), context.env().now().into(), source))
    }

    fn of(context: &Context) -> CommandResult<Self> {
        Ok(Self {
            env: context.env().clone(),
            flags: context.globals.as_flags().collect(),
            http: context.clients()?.http().clone(),
        })
    }

    async fn resolve(&self) -> CommandResult<aws_credential_types::Credentials> {
        let settings = Settings::new(self.env.clone(), self.flags.clone());
        let link = chain::plan(&settings)?.ok_or_else(no_credentials)?;
        let http = self.http.with_own_pool();
        let resolved = chain::resolve(&Clients::new(&settings, &http), &link, &NobodyThere).await;
        resolved.map(|credentials| credentials.to_sdk()).map_err(in_mid_work)
    }
}

/// A command cannot be given its code any longer, so what helps is to begin anew.
fn in_mid_work(error: AuthError) -> CommandError {
    let AuthError::MfaCode(MfaCodeError::NobodyToAsk { serial }) = error else { return error.into() };
    CommandError::general(format!(
        "others need an MFA code of {serial}, and nobody is asked for one in the middle of work"
    ))
    .with_hint(
        "run the command again, with a new code; a larger `duration_seconds` in the profile lets the role last longer",
    )
}

impl KeySource for ProfileKeys {
    fn fetch(&self) -> Fetch<'_> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        // On a thread of its own: an exchange that has begun must come to its end, whatever becomes of who wanted it.
        std::thread::spawn(move || {
            let _ = tell.send(runtime().block_on(this.resolve()).map_err(CommandError::into_no_keys));
        });
        Box::pin(async { told.await.expect("resolving credentials does not panic") })
    }
}

/// The terminal shows something else meanwhile: no question may come between.
pub(crate) struct NobodyThere;

impl MfaPrompt for NobodyThere {
    fn code(&self, _: &str) -> Option<Secret<String>> {
        None
    }
}
