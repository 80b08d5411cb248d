//! Signatures: in headers, in a URL that anybody may use for a while, or a token.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use aws_smithy_runtime_api::client::identity::Identity as SignerIdentity;
use awsx_model::PayloadSigning;

use crate::target::{Scheme, Signing};
use crate::{Body, CallError, Identity, Request};

/// With what a request is signed.
#[derive(Debug, Clone)]
pub(crate) enum Signer {
    Nothing,
    Keys(Credentials),
    Token(awsx_core::Secret<String>),
}

impl Signer {
    /// Gets what the scheme needs.
    pub(crate) async fn resolve(scheme: Scheme, identity: &Identity) -> Result<Self, CallError> {
        match (scheme, identity) {
            (Scheme::None, _) | (_, Identity::Anonymous) => Ok(Self::Nothing),
            (Scheme::Bearer, Identity::Token { token, .. }) => Ok(Self::Token(token.clone())),
            (Scheme::Bearer, _) => Err(CallError::NoToken),
            (_, Identity::Missing | Identity::Token { keys: None, .. }) => Err(CallError::NoCredentials),
            (_, Identity::Keys(keys) | Identity::Token { keys: Some(keys), .. }) => {
                let credentials = keys.provide_credentials().await;
                credentials.map(Self::Keys).map_err(|error| CallError::Credentials(innermost(&error)))
            }
        }
    }

    /// The id of the account whose credentials these are, where they say so.
    pub(crate) fn account_id(&self) -> Option<&str> {
        match self {
            Self::Keys(credentials) => credentials.account_id().map(AccountId::as_str),
            _ => None,
        }
    }
}

fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.last().expect("the chain starts with the error").to_string()
}

/// Adds the signature to the request's headers.
pub(crate) fn sign_headers(request: &mut Request, signer: &Signer, at: SystemTime) -> Result<(), CallError> {
    match signer {
        Signer::Nothing => Ok(()),
        Signer::Token(token) => {
            request.set_header("Authorization", format!("Bearer {}", token.expose()));
            Ok(())
        }
        Signer::Keys(credentials) => {
            let mut settings = settings(&request.signing);
            settings.signature_location = SignatureLocation::Headers;
            let headers = instructions(request, credentials, settings, at)?.into_parts().0;
            for header in headers {
                request.set_header(header.name(), header.value());
            }
            Ok(())
        }
    }
}

/// The request's URL with the signature in it, good for so long.
pub(crate) fn presigned_url(
    request: &Request,
    signer: &Signer,
    at: SystemTime,
    expires: Duration,
) -> Result<String, CallError> {
    let Signer::Keys(credentials) = signer else { return Ok(request.url.clone()) };
    let mut settings = settings(&request.signing);
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(expires);
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    let params = instructions(request, credentials, settings, at)?.into_parts().1;
    let mut url = request.url.clone();
    for (name, value) in params {
        let separator = if url.contains('?') { '&' } else { '?' };
        url = format!("{url}{separator}{name}={}", crate::protocol::encode(&value));
    }
    Ok(url)
}

fn settings(signing: &Signing) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if signing.s3 {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if signing.scheme == Scheme::S3Express {
        settings.session_token_name_override = Some("x-amz-s3session-token");
    }
    settings
}

fn instructions(
    request: &Request,
    credentials: &Credentials,
    settings: SigningSettings,
    at: SystemTime,
) -> Result<SigningInstructions, CallError> {
    let failed = |error: &dyn std::fmt::Display| CallError::Signing(error.to_string());
    let signing = &request.signing;
    let presigning = settings.signature_location == SignatureLocation::QueryParams;
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let signable = SignableRequest::new(
        &request.method,
        request.url.as_str(),
        headers,
        signable_body(request, presigning),
    );
    let signable = signable.map_err(|error| failed(&error))?;
    let identity = SignerIdentity::from(credentials.clone());
    let params: SigningParams<'_> = match signing.scheme {
        Scheme::V4a => v4a::SigningParams::builder()
            .identity(&identity)
            .region_set(&signing.region)
            .name(&signing.name)
            .time(at)
            .settings(settings)
            .build()
            .map_err(|error| failed(&error))?
            .into(),
        _ => v4::SigningParams::builder()
            .identity(&identity)
            .region(&signing.region)
            .name(&signing.name)
            .time(at)
            .settings(settings)
            .build()
            .map_err(|error| failed(&error))?
            .into(),
    };
    Ok(sign(signable, &params).map_err(|error| failed(&error))?.into_parts().0)
}

fn signable_body(request: &Request, presigning: bool) -> SignableBody<'_> {
    if request.trailer.is_some() {
        return SignableBody::StreamingUnsignedPayloadTrailer;
    }
    if request.signing.payload == PayloadSigning::Unsigned || (presigning && request.signing.s3) {
        return SignableBody::UnsignedPayload;
    }
    if let Some(hash) = request.header("x-amz-content-sha256") {
        return SignableBody::Precomputed(hash.to_owned());
    }
    match &request.body {
        Body::Bytes(bytes) => SignableBody::Bytes(bytes),
        // Its hash was put into the header if it is to be signed.
        Body::File(_) => SignableBody::UnsignedPayload,
    }
}
