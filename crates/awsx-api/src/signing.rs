//! With what an operation's request is signed: keys, a token, or nothing.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_smithy_runtime_api::client::identity::Identity as SignerIdentity;
use aws_smithy_types::body::SdkBody;
use awsx_model::PayloadSigning;
use http::header::AUTHORIZATION;

use crate::wire::{Generation, Keys, Scheme, SignedBody, presigned_url, sign_request};
use crate::{Body, CallError, Identity, Request};

/// With what a request is signed.
#[derive(Debug, Clone)]
pub(crate) enum Signer {
    Nothing,
    Keys {
        identity: SignerIdentity,
        /// Where there may be others, once these are refused.
        source: Option<(Keys, Generation)>,
    },
    Token(awsx_core::Secret<String>),
}

impl Signer {
    /// Gets what the scheme needs.
    pub(crate) async fn resolve(
        scheme: Scheme,
        identity: &Identity,
        now: SystemTime,
    ) -> Result<Self, CallError> {
        match (scheme, identity) {
            (Scheme::None, _) | (_, Identity::Anonymous) => Ok(Self::Nothing),
            (Scheme::Bearer, Identity::Token { token, .. }) => Ok(Self::Token(token.clone())),
            (Scheme::Bearer, _) => Err(CallError::NoToken),
            (_, Identity::Missing | Identity::Token { keys: None, .. }) => Err(CallError::NoCredentials),
            (_, Identity::Keys(keys) | Identity::Token { keys: Some(keys), .. }) => {
                Self::of(keys.clone(), now).await
            }
        }
    }

    async fn of(keys: Keys, now: SystemTime) -> Result<Self, CallError> {
        let generation = keys.generation();
        let identity = keys.identity(now).await?;
        Ok(Self::Keys { identity, source: Some((keys, generation)) })
    }

    /// Takes other keys for those that an answer with this code refuses, if there are any.
    pub(crate) async fn replace(&mut self, code: &str, now: SystemTime) -> Result<bool, CallError> {
        let Self::Keys { source: Some((keys, generation)), .. } = self else { return Ok(false) };
        if !keys.are_refused(code, now) || !keys.replace(*generation, now).await {
            return Ok(false);
        }
        *self = Self::of(keys.clone(), now).await?;
        Ok(true)
    }

    /// The id of the account whose credentials these are, where they say so.
    pub(crate) fn account_id(&self) -> Option<&str> {
        match self {
            Self::Keys { identity, .. } => {
                identity.data::<Credentials>()?.account_id().map(AccountId::as_str)
            }
            _ => None,
        }
    }
}

/// Adds the signature to a request's headers. `written` is the request as it goes out.
pub(crate) fn sign(
    written: &mut http::Request<SdkBody>,
    request: &Request,
    signer: &Signer,
    at: SystemTime,
) -> Result<(), CallError> {
    match signer {
        Signer::Nothing => Ok(()),
        Signer::Token(token) => {
            let value = http::HeaderValue::try_from(format!("Bearer {}", token.expose()));
            let mut value = value.map_err(|_| CallError::Signing("the token is no text".to_owned()))?;
            value.set_sensitive(true);
            written.headers_mut().insert(AUTHORIZATION, value);
            Ok(())
        }
        Signer::Keys { identity, .. } => {
            sign_request(written, &request.signing, identity, signed_body(request), at)
        }
    }
}

/// The request's URL with the signature in it, good for so long.
pub(crate) fn presign(
    request: &Request,
    signer: &Signer,
    at: SystemTime,
    expires: Duration,
) -> Result<String, CallError> {
    let Signer::Keys { identity, .. } = signer else { return Ok(request.url.clone()) };
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signature = (&request.signing, identity);
    presigned_url(&request.method, &request.url, headers, signed_body(request), signature, (at, expires))
}

fn signed_body(request: &Request) -> SignedBody<'_> {
    if request.trailer.is_some() {
        return SignedBody::BeforeTrailer;
    }
    if request.payload_signing == PayloadSigning::Unsigned {
        return SignedBody::Nothing;
    }
    if let Some(hash) = request.header("x-amz-content-sha256") {
        return SignedBody::Hash(hash);
    }
    match &request.body {
        Body::Bytes(bytes) => SignedBody::Bytes(bytes),
        // Its hash was put into the header if it is to be signed.
        Body::File(_) => SignedBody::Nothing,
    }
}
