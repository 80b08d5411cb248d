//! Buckets: making, deleting, websites.

use awsx_api::CallError;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};

use super::{NAMESPACE, push, send_checked, tag_set};
use crate::checksum::Algorithm;
use crate::wire::xml::escape;
use crate::wire::{Call, Payload, S3, check_bucket};

/// Makes a bucket. In us-east-1 a place must not be named.
pub async fn create_bucket(s3: &S3, bucket: &str, tags: &[(String, String)]) -> Result<(), CallError> {
    check_bucket(bucket)?;
    let region = s3.region();
    let mut inside = String::new();
    if region != "us-east-1" {
        push(&mut inside, format_args!("<LocationConstraint>{}</LocationConstraint>", escape(region)));
    }
    if !tags.is_empty() {
        inside.push_str(&tag_set("Tags", tags));
    }
    let mut call = Call::bucket("CreateBucket", Method::PUT, bucket);
    if bucket.ends_with("-an") {
        let name = HeaderName::from_static("x-amz-bucket-namespace");
        call = call.header(name, HeaderValue::from_static("account-regional"));
    }
    if !inside.is_empty() {
        let body =
            format!("<CreateBucketConfiguration xmlns=\"{NAMESPACE}\">{inside}</CreateBucketConfiguration>");
        call = call.payload(Payload::Bytes(Bytes::from(body)));
    }
    s3.fetch(call).await?;
    Ok(())
}

/// Deletes an empty bucket.
pub async fn delete_bucket(s3: &S3, bucket: &str) -> Result<(), CallError> {
    check_bucket(bucket)?;
    s3.fetch(Call::bucket("DeleteBucket", Method::DELETE, bucket)).await?;
    Ok(())
}

/// Makes a bucket a website.
pub async fn put_bucket_website(
    s3: &S3,
    bucket: &str,
    index: Option<&str>,
    error: Option<&str>,
) -> Result<(), CallError> {
    let mut body = format!("<WebsiteConfiguration xmlns=\"{NAMESPACE}\">");
    if let Some(index) = index {
        push(&mut body, format_args!("<IndexDocument><Suffix>{}</Suffix></IndexDocument>", escape(index)));
    }
    if let Some(error) = error {
        push(&mut body, format_args!("<ErrorDocument><Key>{}</Key></ErrorDocument>", escape(error)));
    }
    if index.is_none() && error.is_none() {
        // As AWS CLI writes an element with nothing in it.
        body = format!("<WebsiteConfiguration xmlns=\"{NAMESPACE}\" />");
    } else {
        body.push_str("</WebsiteConfiguration>");
    }
    let call = Call::bucket("PutBucketWebsite", Method::PUT, bucket)
        .query("website", "")
        .header(CONTENT_TYPE, HeaderValue::from_static("application/xml"))
        .payload(Payload::Bytes(Bytes::from(body)));
    send_checked(s3, call, Some(Algorithm::Crc64Nvme)).await?;
    Ok(())
}
