//! Whole objects: asking about them, reading, writing, copying, deleting.

use aws_smithy_types::body::SdkBody;
use awsx_api::CallError;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH, LAST_MODIFIED, RANGE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};

use super::{CHECKSUM_ALGORITHM, COPY_SOURCE, NAMESPACE, other, send_checked};
use crate::checksum::Algorithm;
use crate::options::header_value;
use crate::wire::xml::{Reader, escape};
use crate::wire::{Call, Payload, S3};
use crate::{Stored, Time};

const CHECKSUM_MODE: HeaderName = HeaderName::from_static("x-amz-checksum-mode");

/// What `HeadObject` tells.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: Option<Time>,
    /// Its `ETag`, with quotes.
    pub etag: Option<String>,
    /// Its storage class; none for `STANDARD`.
    pub storage_class: Option<String>,
    /// Whether and until when it is restored from an archive.
    pub restore: Option<String>,
    /// The answer's headers.
    pub headers: HeaderMap,
}

/// Asks about an object.
pub async fn head_object(
    s3: &S3,
    bucket: &str,
    key: &str,
    headers: &HeaderMap,
    checksum: bool,
) -> Result<Head, CallError> {
    let mut call = Call::object("HeadObject", Method::HEAD, bucket, key).headers(headers);
    if checksum {
        call = call.header(CHECKSUM_MODE, HeaderValue::from_static("ENABLED"));
    }
    let headers = s3.send(call).await?.headers().clone();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Head {
        size: text("content-length").and_then(|size| size.parse().ok()).unwrap_or_default(),
        modified: text(LAST_MODIFIED.as_str()).and_then(|time| Time::of_header(&time)),
        etag: text(ETAG.as_str()),
        storage_class: text("x-amz-storage-class"),
        restore: text("x-amz-restore"),
        headers,
    })
}

/// Gets an object or a stretch of it, while it is the one with this `ETag`.
pub(crate) async fn get_object(
    s3: &S3,
    bucket: &str,
    key: &str,
    headers: &HeaderMap,
    etag: Option<&str>,
    range: Option<(u64, u64)>,
    checksum: bool,
) -> Result<Response<SdkBody>, CallError> {
    let mut call = Call::object("GetObject", Method::GET, bucket, key).headers(headers);
    if let Some(etag) = etag.and_then(|etag| HeaderValue::try_from(etag).ok()) {
        call = call.header(IF_MATCH, etag);
    }
    if let Some((first, last)) = range {
        let range = format!("bytes={first}-{last}");
        call = call.header(RANGE, HeaderValue::try_from(range).expect("numbers are ASCII"));
    }
    if checksum {
        call = call.header(CHECKSUM_MODE, HeaderValue::from_static("ENABLED"));
    }
    s3.send(call).await
}

/// Writes an object.
pub(crate) async fn put_object(
    s3: &S3,
    bucket: &str,
    key: &str,
    headers: HeaderMap,
    payload: Payload,
    algorithm: Option<Algorithm>,
) -> Result<Stored, CallError> {
    let mut call = Call::object("PutObject", Method::PUT, bucket, key).payload(payload);
    call.headers = headers;
    let (headers, checksum) = send_checked(s3, call, algorithm).await?;
    let mut stored = Stored::of_headers(&headers);
    // A server that does not know checksums says nothing of it.
    stored.checksum = stored.checksum.or_else(|| Some((algorithm?, checksum?)));
    Ok(stored)
}

/// Deletes an object, or one version of it. The version that is told of is the delete marker's.
pub async fn delete_object(
    s3: &S3,
    bucket: &str,
    key: &str,
    version: Option<&str>,
    headers: &HeaderMap,
) -> Result<Stored, CallError> {
    let mut call = Call::object("DeleteObject", Method::DELETE, bucket, key).headers(headers);
    if let Some(version) = version {
        call = call.query("versionId", version);
    }
    Ok(Stored::of_headers(&s3.fetch(call).await?.headers))
}

/// Deletes up to 1000 objects with one request and gives the keys that were not.
pub(crate) async fn delete_objects(
    s3: &S3,
    bucket: &str,
    objects: &[(&str, Option<&str>)],
    headers: &HeaderMap,
) -> Result<Vec<String>, CallError> {
    let mut body = String::with_capacity(objects.len() * 80);
    body.push_str("<Delete xmlns=\"");
    body.push_str(NAMESPACE);
    body.push_str("\">");
    for (key, version) in objects {
        body.push_str("<Object><Key>");
        body.push_str(&escape(key));
        body.push_str("</Key>");
        if let Some(version) = version {
            body.push_str("<VersionId>");
            body.push_str(&escape(version));
            body.push_str("</VersionId>");
        }
        body.push_str("</Object>");
    }
    body.push_str("<Quiet>true</Quiet></Delete>");
    let call = Call::bucket("DeleteObjects", Method::POST, bucket)
        .query("delete", "")
        .headers(headers)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/xml"))
        .payload(Payload::Bytes(Bytes::from(body)));
    let mut call = call;
    // The operation wants a digest of what is to be deleted; servers without CRC64NVME know this one.
    if let Payload::Bytes(body) = &call.payload {
        use base64::Engine as _;
        use md5::Digest as _;
        let md5 = base64::prelude::BASE64_STANDARD.encode(md5::Md5::digest(body));
        call.headers.insert(
            HeaderName::from_static("content-md5"),
            HeaderValue::try_from(md5).expect("Base64 is ASCII"),
        );
    }
    let answer = s3.fetch(call).await?;
    let text = answer.text();
    let mut reader = Reader::new(&text);
    let mut failed = Vec::new();
    if reader.root() != Some("DeleteResult") {
        return Err(CallError::Answer("the answer to DeleteObjects is not what it should be".to_owned()));
    }
    while let Some(name) = reader.child() {
        if name != "Error" {
            reader.skip();
            continue;
        }
        while let Some(name) = reader.child() {
            match name {
                "Key" => failed.push(reader.text().into_owned()),
                _ => reader.skip(),
            }
        }
    }
    Ok(failed)
}

/// Copies within S3 with one request, up to 5 GiB.
pub(crate) async fn copy_object(
    s3: &S3,
    source: &str,
    bucket: &str,
    key: &str,
    headers: HeaderMap,
    algorithm: Option<Algorithm>,
) -> Result<Stored, CallError> {
    let mut call = Call::object("CopyObject", Method::PUT, bucket, key);
    call.headers = headers;
    call = call.header(COPY_SOURCE, header_value(source).map_err(other)?);
    if let Some(algorithm) = algorithm {
        call = call.header(CHECKSUM_ALGORITHM, HeaderValue::from_static(algorithm.name()));
    }
    let answer = s3.fetch(call).await?;
    Ok(Stored::of_document(&answer.headers, &answer.text()))
}
