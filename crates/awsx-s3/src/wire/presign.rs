//! URLs that let anybody get an object for a while.

use std::time::Duration;

use awsx_api::CallError;
use awsx_api::wire::{SignedBody, presigned_url};
use http::Method;

use super::{Call, S3};

/// A URL that gets the object until `lifetime` is over. Without credentials it is the object's plain URL.
pub async fn presign(s3: &S3, bucket: &str, key: &str, lifetime: Duration) -> Result<String, CallError> {
    let call = Call::object("GetObject", Method::GET, bucket, key);
    let target = s3.target(bucket)?;
    let url = call.url(&target.url);
    let Some(keys) = s3.identity(&target.signing, bucket).await? else { return Ok(url) };
    let signature = (&target.signing, &keys);
    let time = (s3.now(), lifetime);
    presigned_url("GET", &url, std::iter::empty(), SignedBody::Nothing, signature, time)
}
