//! The service's one operation, `CreateOAuth2Token`: a code or a refresh token against keys.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_signin::Client;
use aws_sdk_signin::operation::create_o_auth2_token::CreateOAuth2TokenError;
use aws_sdk_signin::types::builders::CreateOAuth2TokenRequestBodyBuilder;
use aws_sdk_signin::types::{CreateOAuth2TokenResponseBody, OAuth2ErrorCode};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use awsx_core::{Env, Secret, timestamp};
use awsx_http::CallError;
use time::{Duration, OffsetDateTime};

use super::dpop::DpopKey;
use super::session::AccessToken;

/// Asks for keys. `body` says with what; the proof of possession is added here.
pub(super) async fn create_token(
    config: &SdkConfig,
    env: &Env,
    key: &DpopKey,
    body: CreateOAuth2TokenRequestBodyBuilder,
) -> Result<Tokens, CreateTokenError> {
    let (env, key) = (env.clone(), Arc::new(key.clone()));
    let asked_at = env.now();
    let body = body.build().map_err(|error| CallError::Other(error.to_string()))?;
    let request = Client::new(config).create_o_auth2_token().token_input(body).customize();
    // Runs for every attempt, since a proof serves once.
    let request = request.mutate_request(move |request: &mut HttpRequest| {
        let proof = key.prove(request.method(), request.uri(), env.now());
        request.headers_mut().insert("DPoP", proof);
    });
    match request.send().await {
        Ok(answer) => Ok(Tokens::of(answer.token_output, asked_at)?),
        Err(error) => {
            let denied = match error.as_service_error() {
                Some(CreateOAuth2TokenError::AccessDeniedException(denied)) => Some(denied.error.clone()),
                _ => None,
            };
            let error = CallError::with_details("CreateOAuth2Token", error, &["error"]);
            Err(CreateTokenError { denied, error })
        }
    }
}

/// Why there are no keys.
pub(super) struct CreateTokenError {
    /// The reason of a denial. What it means to a person depends on what they were doing.
    pub(super) denied: Option<OAuth2ErrorCode>,
    pub(super) error: CallError,
}

impl From<CallError> for CreateTokenError {
    fn from(error: CallError) -> Self {
        Self { denied: None, error }
    }
}

/// What the service gives.
pub(super) struct Tokens {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: Secret<String>,
    pub(super) session_token: Secret<String>,
    pub(super) expires_at: OffsetDateTime,
    pub(super) token_type: String,
    pub(super) refresh_token: Secret<String>,
    /// With a code only.
    pub(super) id_token: Option<Secret<String>>,
}

impl Tokens {
    fn of(
        answer: Option<CreateOAuth2TokenResponseBody>,
        asked_at: OffsetDateTime,
    ) -> Result<Self, CallError> {
        let answer = answer.and_then(|mut answer| Some((answer.access_token.take()?, answer)));
        let Some((keys, answer)) = answer else {
            return Err(CallError::Other("the answer of CreateOAuth2Token holds no keys".to_owned()));
        };
        Ok(Self {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key.into(),
            session_token: keys.session_token.into(),
            expires_at: asked_at + Duration::seconds(answer.expires_in.into()),
            token_type: answer.token_type,
            refresh_token: answer.refresh_token.into(),
            id_token: answer.id_token.map(Secret::new),
        })
    }

    /// The keys as the cache holds them.
    pub(super) fn access_token(&self, account_id: Option<String>) -> AccessToken {
        AccessToken {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: self.session_token.clone(),
            account_id,
            expires_at: timestamp::zulu(self.expires_at),
        }
    }
}
