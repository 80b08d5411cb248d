//! Signatures: AWS's own signer with S3's settings.

use std::time::SystemTime;

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningParams, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use aws_smithy_runtime_api::client::identity::Identity;
use awsx_http::CallError;
use http::Request;

use super::endpoint::Scheme;

/// Adds the headers of the signature. `sha256` is the payload's, in hexadecimal; without it the payload is not signed.
pub(super) fn sign_request<B>(
    request: &mut Request<B>,
    scheme: &Scheme,
    identity: &Identity,
    sha256: Option<&str>,
    time: SystemTime,
) -> Result<(), CallError> {
    let mut settings = settings();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    if matches!(scheme, Scheme::Express { .. }) {
        settings.session_token_name_override = Some("x-amz-s3session-token");
    }
    let body = match sha256 {
        Some(sha256) => SignableBody::Precomputed(sha256.to_owned()),
        None => SignableBody::UnsignedPayload,
    };
    let headers = request.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let uri = request.uri().to_string();
    let signable =
        SignableRequest::new(request.method().as_str(), uri.as_str(), headers, body).map_err(failed)?;
    let params = params(scheme, identity, settings, time)?;
    let instructions = sign(signable, &params).map_err(failed)?.into_parts().0;
    instructions.apply_to_request_http1x(request);
    Ok(())
}

/// S3 takes a path as it comes: neither normalised nor encoded twice.
pub(super) fn settings() -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings
}

pub(super) fn params<'a>(
    scheme: &'a Scheme,
    identity: &'a Identity,
    settings: SigningSettings,
    time: SystemTime,
) -> Result<SigningParams<'a>, CallError> {
    match scheme {
        Scheme::V4 { region, name } | Scheme::Express { region, name } => Ok(v4::SigningParams::builder()
            .identity(identity)
            .region(region)
            .name(name)
            .time(time)
            .settings(settings)
            .build()
            .map_err(failed)?
            .into()),
        Scheme::V4a { regions, name } => Ok(v4a::SigningParams::builder()
            .identity(identity)
            .region_set(regions)
            .name(name)
            .time(time)
            .settings(settings)
            .build()
            .map_err(failed)?
            .into()),
    }
}

pub(super) fn failed(error: impl std::fmt::Display) -> CallError {
    CallError::Other(error.to_string())
}
