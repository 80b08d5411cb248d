//! Signatures: in a request's headers, or in a URL that anybody may use for a while. AWS's own signer makes them.
//!
//! Keys, service and region are the caller's; why it is these is not known here.

use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningInstructions, SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::{v4, v4a};
use aws_smithy_runtime_api::client::identity::Identity;
use http::Request;

use crate::percent;

/// What signs.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The keys, as AWS's signer takes them.
    pub keys: &'a Identity,
    /// The service's name in the signature.
    pub service: &'a str,
    /// The region in the signature, or the set of regions.
    pub region: &'a str,
    /// The time in the signature.
    pub at: SystemTime,
    /// In which way.
    pub form: Form,
}

/// Ways to sign; the default is most services'.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form {
    /// For several regions at once (Signature Version 4A).
    pub of_regions: bool,
    /// S3's rules: paths as they are, the body's hash in a header.
    pub s3: bool,
    /// The name under which a session's token goes, in place of `x-amz-security-token`.
    pub token_name: Option<&'static str>,
}

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

/// Keys of another kind than the signature needs, or a URL that is none.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SigningError(String);

impl Signer<'_> {
    /// Adds the headers of the signature.
    pub fn sign<B>(&self, request: &mut Request<B>, body: SignedBody<'_>) -> Result<(), SigningError> {
        let url = request.uri().to_string();
        let headers = request.headers().iter();
        // What is no text can be sent, but not signed.
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = signable(request.method().as_str(), &url, headers, body)?;
        self.instructions(signable, self.settings())?.apply_to_request_http1x(request);
        Ok(())
    }

    /// The URL with the signature in it, good for so long for requests that have these headers.
    pub fn presign<'a>(
        &self,
        method: &'a str,
        url: &'a str,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
        body: SignedBody<'a>,
        expires: Duration,
    ) -> Result<String, SigningError> {
        let signable = signable(method, url, headers, body)?;
        let mut settings = self.settings();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(expires);
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        let (_, mut parameters) = self.instructions(signable, settings)?.into_parts();
        // The signature comes last, as botocore has it.
        parameters.sort_by_key(|(name, _)| *name == "X-Amz-Signature");
        let mut signed = url.to_owned();
        for (name, value) in parameters {
            signed.push(if signed.contains('?') { '&' } else { '?' });
            signed.extend([name, "=", percent::encode(&value).as_str()]);
        }
        Ok(signed)
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.form.s3 {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        settings.session_token_name_override = self.form.token_name;
        settings
    }

    fn instructions(
        &self,
        signable: SignableRequest<'_>,
        settings: SigningSettings,
    ) -> Result<SigningInstructions, SigningError> {
        /// The signer's two builders have the same methods, but no trait that says so.
        macro_rules! complete {
            ($builder:expr) => {
                $builder.identity(self.keys).name(self.service).time(self.at).settings(settings).build()
            };
        }
        let params: SigningParams<'_> = if self.form.of_regions {
            complete!(v4a::SigningParams::builder().region_set(self.region)).map_err(failed)?.into()
        } else {
            complete!(v4::SigningParams::builder().region(self.region)).map_err(failed)?.into()
        };
        Ok(sign(signable, &params).map_err(failed)?.into_parts().0)
    }
}

fn signable<'a>(
    method: &'a str,
    url: &'a str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    body: SignedBody<'a>,
) -> Result<SignableRequest<'a>, SigningError> {
    let body = match body {
        SignedBody::Bytes(bytes) => SignableBody::Bytes(bytes),
        SignedBody::Hash(hash) => SignableBody::Precomputed(hash.to_owned()),
        SignedBody::Nothing => SignableBody::UnsignedPayload,
        SignedBody::BeforeTrailer => SignableBody::StreamingUnsignedPayloadTrailer,
    };
    SignableRequest::new(method, url, headers, body).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> SigningError {
    SigningError(error.to_string())
}
