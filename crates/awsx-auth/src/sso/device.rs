//! Sign-in by a code that the person types on any device (RFC 8628).

use std::time::Duration;

use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use aws_sdk_ssooidc::operation::start_device_authorization::StartDeviceAuthorizationOutput;
use awsx_http::CallError;
use tokio::time::Instant;

use super::registration::{self, Purpose, Registration};
use super::token::TokenFile;
use super::{SignInPrompt, SsoConfig, SsoError, oidc_error, token_cache};
use crate::{AuthError, Clients};

/// What the person needs to approve the sign-in.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// The page to visit.
    pub verification_uri: String,
    /// The same page with the code filled in.
    pub verification_uri_complete: String,
    /// The code to compare or to type.
    pub user_code: String,
}

/// How often to ask when the service does not say.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// What each `slow_down` adds, for good.
const SLOW_DOWN_STEP: Duration = Duration::from_secs(5);
/// How long to wait when the service does not say.
const DEFAULT_LIFETIME: Duration = Duration::from_mins(10);

pub(super) async fn sign_in(
    clients: &Clients<'_>,
    sso: &SsoConfig,
    start_url: &str,
    prompt: &dyn SignInPrompt,
) -> Result<TokenFile, AuthError> {
    let env = clients.env();
    let client = clients.oidc(&sso.region)?;
    let cache = token_cache(env);
    let mut registration = registration::resolve(env, &cache, &client, sso, Purpose::DeviceCode).await?;
    let pending = match start(&client, &registration, start_url).await {
        // The stored one was made for another way to sign in, or the service has forgotten it.
        Err(error) if error.is("UnauthorizedClientException") || error.is("InvalidClientException") => {
            registration = registration::register(env, &cache, &client, sso, Purpose::DeviceCode).await?;
            start(&client, &registration, start_url).await?
        }
        started => started?,
    };

    let seconds = |given: i32, default| match u64::try_from(given) {
        Ok(given @ 1..) => Duration::from_secs(given),
        _ => default,
    };
    let deadline = Instant::now() + seconds(pending.expires_in, DEFAULT_LIFETIME);
    let mut interval = seconds(pending.interval, DEFAULT_INTERVAL);
    let device_code = pending.device_code.unwrap_or_default();
    let code = DeviceCode {
        verification_uri: pending.verification_uri.unwrap_or_default(),
        verification_uri_complete: pending.verification_uri_complete.unwrap_or_default(),
        user_code: pending.user_code.unwrap_or_default(),
    };

    // A client that was approved before gets its token at once, and nobody has to be asked.
    let mut asked = false;
    loop {
        match fetch_token(&client, &registration, &device_code).await? {
            Poll::Granted(answer) => return Ok(TokenFile::of(sso, &registration, *answer, env.now())),
            Poll::Pending => {}
            Poll::SlowDown => interval += SLOW_DOWN_STEP,
        }
        if !asked {
            prompt.device(&code);
            asked = true;
            continue;
        }
        if Instant::now() + interval >= deadline {
            return Err(SsoError::SignInExpired.into());
        }
        tokio::time::sleep(interval).await;
    }
}

async fn start(
    client: &Client,
    registration: &Registration,
    start_url: &str,
) -> Result<StartDeviceAuthorizationOutput, CallError> {
    client
        .start_device_authorization()
        .client_id(&registration.client_id)
        .client_secret(registration.client_secret.expose())
        .start_url(start_url)
        .send()
        .await
        .map_err(|error| oidc_error("StartDeviceAuthorization", error))
}

enum Poll {
    Granted(Box<CreateTokenOutput>),
    Pending,
    SlowDown,
}

async fn fetch_token(
    client: &Client,
    registration: &Registration,
    device_code: &str,
) -> Result<Poll, AuthError> {
    let answer = client
        .create_token()
        .grant_type("urn:ietf:params:oauth:grant-type:device_code")
        .client_id(&registration.client_id)
        .client_secret(registration.client_secret.expose())
        .device_code(device_code)
        .send()
        .await;
    let error = match answer {
        Ok(answer) => return Ok(Poll::Granted(Box::new(answer))),
        Err(error) => error,
    };
    let service = error.as_service_error();
    if service.is_some_and(
        aws_sdk_ssooidc::operation::create_token::CreateTokenError::is_authorization_pending_exception,
    ) {
        Ok(Poll::Pending)
    } else if service
        .is_some_and(aws_sdk_ssooidc::operation::create_token::CreateTokenError::is_slow_down_exception)
    {
        Ok(Poll::SlowDown)
    } else if service
        .is_some_and(aws_sdk_ssooidc::operation::create_token::CreateTokenError::is_expired_token_exception)
    {
        Err(SsoError::SignInExpired.into())
    } else {
        Err(oidc_error("CreateToken", error).into())
    }
}
