//! Signatures of requests and URLs, in the way that a target wants them.

use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::client::identity::Identity;
use awsx_http::signature::{Form, Signer, SigningError};
use http::Request;

use super::{Scheme, Signing};
use crate::CallError;

pub use awsx_http::signature::SignedBody;

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
    Ok(signing.signer(keys, at).sign(request, body)?)
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
    Ok(signing.signer(keys, at).presign(method, url, headers, body, expires)?)
}

impl Signing {
    fn signer<'a>(&'a self, keys: &'a Identity, at: SystemTime) -> Signer<'a> {
        let form = Form {
            of_regions: self.scheme == Scheme::V4a,
            s3: self.s3,
            token_name: (self.scheme == Scheme::S3Express).then_some("x-amz-s3session-token"),
        };
        Signer { keys, service: &self.name, region: &self.region, at, form }
    }
}

impl From<SigningError> for CallError {
    fn from(error: SigningError) -> Self {
        Self::Signing(error.to_string())
    }
}
