//! Signatures: in headers, or in a URL that anybody may use for a while. AWS's own signer makes them.

use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use aws_smithy_runtime_api::client::identity::Identity;
use http::Request;

use super::{Scheme, Signing};
use crate::CallError;

/// What of a body a signature covers.
#[derive(Debug, Clone, Copy)]
pub enum SignedBody<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// All of it, by its SHA-256 in hexadecimal.
    Hash(&'a str),
    /// Nothing.
    Nothing,
    /// Nothing of a body that has its checksum behind it.
    BeforeTrailer,
}

/// Adds the headers of the signature.
///
/// # Errors
///
/// Keys of another kind than the signature needs.
pub fn sign_request<B>(
    request: &mut Request<B>,
    signing: &Signing,
    keys: &Identity,
    body: SignedBody<'_>,
    at: SystemTime,
) -> Result<(), CallError> {
    let url = request.uri().to_string();
    let headers = request.headers().iter();
    // What is no text can be sent, but not signed.
    let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let signable = signable(request.method().as_str(), &url, headers, body)?;
    let settings = settings(signing);
    instructions(signable, signing, keys, settings, at)?.apply_to_request_http1x(request);
    Ok(())
}

/// A URL with the signature in it, good for so long.
///
/// # Errors
///
/// Those of [`sign_request`].
pub fn presigned_url<'a>(
    method: &'a str,
    url: &'a str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    body: SignedBody<'a>,
    (signing, keys): (&Signing, &Identity),
    (at, expires): (SystemTime, Duration),
) -> Result<String, CallError> {
    // S3 does not know yet what will be sent.
    let body = if signing.s3 { SignedBody::Nothing } else { body };
    let signable = signable(method, url, headers, body)?;
    let mut settings = settings(signing);
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(expires);
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    let (_, mut parameters) = instructions(signable, signing, keys, settings, at)?.into_parts();
    // The signature comes last, as botocore has it.
    parameters.sort_by_key(|(name, _)| *name == "X-Amz-Signature");
    let mut signed = url.to_owned();
    for (name, value) in parameters {
        signed.push(if signed.contains('?') { '&' } else { '?' });
        signed.extend([name, "=", crate::protocol::encode(&value).as_str()]);
    }
    Ok(signed)
}

fn signable<'a>(
    method: &'a str,
    url: &'a str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    body: SignedBody<'a>,
) -> Result<SignableRequest<'a>, CallError> {
    let body = match body {
        SignedBody::Bytes(bytes) => SignableBody::Bytes(bytes),
        SignedBody::Hash(hash) => SignableBody::Precomputed(hash.to_owned()),
        SignedBody::Nothing => SignableBody::UnsignedPayload,
        SignedBody::BeforeTrailer => SignableBody::StreamingUnsignedPayloadTrailer,
    };
    SignableRequest::new(method, url, headers, body).map_err(failed)
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
    signable: SignableRequest<'_>,
    signing: &Signing,
    keys: &Identity,
    settings: SigningSettings,
    at: SystemTime,
) -> Result<SigningInstructions, CallError> {
    let params: SigningParams<'_> = match signing.scheme {
        Scheme::V4a => v4a::SigningParams::builder()
            .identity(keys)
            .region_set(&signing.region)
            .name(&signing.name)
            .time(at)
            .settings(settings)
            .build()
            .map_err(failed)?
            .into(),
        _ => v4::SigningParams::builder()
            .identity(keys)
            .region(&signing.region)
            .name(&signing.name)
            .time(at)
            .settings(settings)
            .build()
            .map_err(failed)?
            .into(),
    };
    Ok(sign(signable, &params).map_err(failed)?.into_parts().0)
}

fn failed(error: impl std::fmt::Display) -> CallError {
    CallError::Signing(error.to_string())
}
