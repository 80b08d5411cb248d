//! URLs that let anybody get an object for a while.

use std::time::Duration;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, sign};
use awsx_http::CallError;
use http::{Method, Request};

use super::sign;
use super::{Call, S3};

/// A URL that gets the object until `lifetime` is over. Without credentials it is the object's plain URL.
pub async fn presign(s3: &S3, bucket: &str, key: &str, lifetime: Duration) -> Result<String, CallError> {
    let call = Call::object("GetObject", Method::GET, bucket, key);
    let place = s3.place(bucket).await?;
    let url = call.url(&place.base);
    let Some(identity) = s3.identity(&place, bucket).await? else { return Ok(url) };
    let mut settings = sign::settings();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(lifetime);
    let params = sign::params(&place.scheme, &identity, settings, s3.now())?;
    let mut request = Request::get(url).body(()).map_err(sign::failed)?;
    let uri = request.uri().to_string();
    let signable =
        SignableRequest::new("GET", uri.as_str(), std::iter::empty(), SignableBody::UnsignedPayload);
    let signed = sign(signable.map_err(sign::failed)?, &params).map_err(sign::failed)?;
    signed.into_parts().0.apply_to_request_http1x(&mut request);
    Ok(request.uri().to_string())
}
