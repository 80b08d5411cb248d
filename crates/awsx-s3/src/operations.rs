//! S3's operations on objects and buckets as far as transfers need them, each over [`crate::wire`].

use awsx_api::CallError;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED, RANGE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use http_body_util::BodyExt;

use aws_smithy_types::body::SdkBody;

use crate::checksum::Algorithm;
use crate::options::{RequestHeaders, header_value};
use crate::wire::xml::{Reader, child_text, escape};
use crate::wire::{Call, Payload, S3, check_bucket};
use crate::{Stored, Time};

pub(crate) const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");
const COPY_SOURCE_RANGE: HeaderName = HeaderName::from_static("x-amz-copy-source-range");
const COPY_SOURCE_IF_MATCH: HeaderName = HeaderName::from_static("x-amz-copy-source-if-match");
const CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-checksum-algorithm");
const SDK_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");
const CHECKSUM_MODE: HeaderName = HeaderName::from_static("x-amz-checksum-mode");
const OBJECT_IF_MATCH: HeaderName = HeaderName::from_static("x-amz-object-if-match");
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

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

/// Sends with a checksum in a header, and gives the answer's headers and that checksum.
async fn send_checked(
    s3: &S3,
    mut call: Call<'_>,
    algorithm: Option<Algorithm>,
) -> Result<(HeaderMap, Option<String>), CallError> {
    let digests = s3.digest(&call, algorithm)?;
    if let (Some(algorithm), Some(checksum)) = (algorithm, &digests.checksum) {
        let value = HeaderValue::try_from(checksum.as_str()).expect("Base64 is ASCII");
        call.headers.insert(algorithm.header(), value);
        call.headers.insert(SDK_CHECKSUM_ALGORITHM, HeaderValue::from_static(algorithm.name()));
    }
    let answer = s3.fetch_digested(&call, &digests).await?;
    Ok((answer.headers, digests.checksum))
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

/// Begins an upload in parts and gives its id, and whether it was asked for more than once: then S3 may have begun others
/// whose ids got lost.
pub(crate) async fn create_multipart(
    s3: &S3,
    bucket: &str,
    key: &str,
    headers: HeaderMap,
    algorithm: Option<Algorithm>,
) -> Result<(String, bool), CallError> {
    let mut call = Call::object("CreateMultipartUpload", Method::POST, bucket, key).query("uploads", "");
    call.headers = headers;
    if let Some(algorithm) = algorithm {
        call = call.header(CHECKSUM_ALGORITHM, HeaderValue::from_static(algorithm.name()));
    }
    let answer = s3.fetch(call).await?;
    let text = answer.text();
    let id = child_text(&text, "UploadId");
    let id = id.ok_or_else(|| CallError::Answer("the answer names no upload".to_owned()))?;
    Ok((id, answer.is_repeated))
}

/// A part that S3 has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) etag: String,
    pub(crate) checksum: Option<String>,
}

/// Which part of which upload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartOf<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    pub(crate) upload: &'a str,
    /// Counted from 1.
    pub(crate) number: usize,
}

/// Uploads a part.
pub(crate) async fn upload_part(
    s3: &S3,
    part: PartOf<'_>,
    headers: &HeaderMap,
    payload: Payload,
    algorithm: Option<Algorithm>,
) -> Result<Part, CallError> {
    let call = part.call("UploadPart").headers(headers).payload(payload);
    let (headers, checksum) = send_checked(s3, call, algorithm).await?;
    let etag = headers.get(ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
    Ok(Part { etag, checksum })
}

/// Copies a stretch of an object as a part.
pub(crate) async fn upload_part_copy(
    s3: &S3,
    part: PartOf<'_>,
    headers: &HeaderMap,
    source: &str,
    range: (u64, u64),
    etag: Option<&str>,
    algorithm: Option<Algorithm>,
) -> Result<Part, CallError> {
    let range = format!("bytes={}-{}", range.0, range.1);
    let mut call = part
        .call("UploadPartCopy")
        .headers(headers)
        .header(COPY_SOURCE, header_value(source).map_err(other)?)
        .header(COPY_SOURCE_RANGE, HeaderValue::try_from(range).expect("numbers are ASCII"));
    if let Some(etag) = etag.and_then(|etag| HeaderValue::try_from(etag).ok()) {
        call = call.header(COPY_SOURCE_IF_MATCH, etag);
    }
    let answer = s3.fetch(call).await?;
    let text = answer.text();
    let checksum = algorithm.and_then(|algorithm| child_text(&text, &algorithm.element()));
    let etag =
        child_text(&text, "ETag").ok_or_else(|| CallError::Answer("the answer has no `ETag`".to_owned()))?;
    Ok(Part { etag, checksum })
}

impl<'a> PartOf<'a> {
    fn call(self, operation: &'static str) -> Call<'a> {
        Call::object(operation, Method::PUT, self.bucket, self.key)
            .query("partNumber", self.number.to_string())
            .query("uploadId", self.upload)
    }
}

/// Makes an object of the parts.
pub(crate) async fn complete_multipart(
    s3: &S3,
    (bucket, key, upload): (&str, &str, &str),
    headers: &HeaderMap,
    parts: &[Part],
    algorithm: Option<Algorithm>,
    no_overwrite: bool,
) -> Result<Stored, CallError> {
    let mut body = format!("<CompleteMultipartUpload xmlns=\"{NAMESPACE}\">");
    for (index, part) in parts.iter().enumerate() {
        body.push_str("<Part>");
        if let (Some(algorithm), Some(checksum)) = (algorithm, &part.checksum) {
            let element = algorithm.element();
            push(&mut body, format_args!("<{element}>{checksum}</{element}>"));
        }
        push(
            &mut body,
            format_args!("<ETag>{}</ETag><PartNumber>{}</PartNumber></Part>", escape(&part.etag), index + 1),
        );
    }
    body.push_str("</CompleteMultipartUpload>");
    let mut call = Call::object("CompleteMultipartUpload", Method::POST, bucket, key)
        .query("uploadId", upload)
        .headers(headers)
        .header(CONTENT_TYPE, HeaderValue::from_static("application/xml"))
        .payload(Payload::Bytes(Bytes::from(body)));
    if no_overwrite {
        call = call.header(IF_NONE_MATCH, HeaderValue::from_static("*"));
    }
    let answer = s3.fetch(call).await?;
    Ok(Stored::of_document(&answer.headers, &answer.text()))
}

/// A part as S3 lists it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListedPart {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) size: u64,
    pub(crate) etag: String,
    /// By the names of their elements.
    checksums: Vec<(String, String)>,
}

impl ListedPart {
    /// The checksum that S3 has of it.
    pub(crate) fn checksum(&self, algorithm: Algorithm) -> Option<&str> {
        let element = algorithm.element();
        self.checksums.iter().find(|(name, _)| *name == element).map(|(_, checksum)| checksum.as_str())
    }
}

/// Lists the parts of an upload.
pub(crate) async fn list_parts(
    s3: &S3,
    bucket: &str,
    key: &str,
    upload: &str,
    headers: &HeaderMap,
) -> Result<Vec<ListedPart>, CallError> {
    let mut parts = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut call = Call::object("ListParts", Method::GET, bucket, key).headers(headers);
        if let Some(after) = after.take() {
            call = call.query("part-number-marker", after);
        }
        let answer = s3.fetch(call.query("uploadId", upload)).await?;
        let text = answer.text();
        let mut reader = Reader::new(&text);
        let mut is_truncated = false;
        reader.root();
        while let Some(name) = reader.child() {
            match name {
                "IsTruncated" => is_truncated = reader.text() == "true",
                "NextPartNumberMarker" => after = Some(reader.text().into_owned()),
                "Part" => parts.push(read_part(&mut reader)),
                _ => reader.skip(),
            }
        }
        if !is_truncated || after.is_none() {
            return Ok(parts);
        }
    }
}

fn read_part(reader: &mut Reader<'_>) -> ListedPart {
    let mut part = ListedPart::default();
    while let Some(name) = reader.child() {
        let text = reader.text();
        match name {
            "PartNumber" => part.number = text.parse().unwrap_or_default(),
            "Size" => part.size = text.parse().unwrap_or_default(),
            "ETag" => part.etag = text.into_owned(),
            name if name.starts_with("Checksum") => part.checksums.push((name.to_owned(), text.into_owned())),
            _ => {}
        }
    }
    part
}

/// An upload in parts that is neither complete nor given up.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListedUpload {
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) began: Option<Time>,
}

/// Lists the uploads whose keys begin like this; the first thousand.
pub(crate) async fn list_multipart_uploads(
    s3: &S3,
    bucket: &str,
    prefix: &str,
    headers: &HeaderMap,
) -> Result<Vec<ListedUpload>, CallError> {
    let call = Call::bucket("ListMultipartUploads", Method::GET, bucket)
        .query("prefix", prefix)
        .query("uploads", "")
        .headers(headers);
    let answer = s3.fetch(call).await?;
    let text = answer.text();
    let mut reader = Reader::new(&text);
    let mut uploads = Vec::new();
    reader.root();
    while let Some(name) = reader.child() {
        if name != "Upload" {
            reader.skip();
            continue;
        }
        let mut upload = ListedUpload::default();
        while let Some(name) = reader.child() {
            match name {
                "Key" => upload.key = reader.text().into_owned(),
                "UploadId" => upload.id = reader.text().into_owned(),
                "Initiated" => upload.began = Time::of_listing(&reader.text()),
                _ => reader.skip(),
            }
        }
        uploads.push(upload);
    }
    Ok(uploads)
}

/// Gives up an upload in parts.
pub(crate) async fn abort_multipart(
    s3: &S3,
    bucket: &str,
    key: &str,
    upload: &str,
    headers: &HeaderMap,
) -> Result<(), CallError> {
    let call = Call::object("AbortMultipartUpload", Method::DELETE, bucket, key)
        .query("uploadId", upload)
        .headers(headers);
    s3.fetch(call).await?;
    Ok(())
}

/// The tags of an object, as form parameters; empty for none.
pub(crate) async fn get_tags(
    s3: &S3,
    bucket: &str,
    key: &str,
    headers: &HeaderMap,
) -> Result<Vec<(String, String)>, CallError> {
    let call =
        Call::object("GetObjectTagging", Method::GET, bucket, key).query("tagging", "").headers(headers);
    let answer = s3.fetch(call).await?;
    let text = answer.text();
    let mut reader = Reader::new(&text);
    let mut tags = Vec::new();
    reader.root();
    while let Some(name) = reader.child() {
        if name != "TagSet" {
            reader.skip();
            continue;
        }
        while reader.child().is_some() {
            let (mut key, mut value) = (String::new(), String::new());
            while let Some(name) = reader.child() {
                match name {
                    "Key" => key = reader.text().into_owned(),
                    "Value" => value = reader.text().into_owned(),
                    _ => reader.skip(),
                }
            }
            tags.push((key, value));
        }
    }
    Ok(tags)
}

/// The names of an object's annotations.
pub(crate) async fn list_annotations(
    s3: &S3,
    bucket: &str,
    key: &str,
    headers: &HeaderMap,
) -> Result<Vec<String>, CallError> {
    let mut names = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let mut call = Call::object("ListObjectAnnotations", Method::GET, bucket, key)
            .query("annotation", "")
            .headers(headers);
        if let Some(next) = next.take() {
            call = call.query("continuation-token", next);
        }
        let answer = s3.fetch(call).await?;
        let text = answer.text();
        let mut reader = Reader::new(&text);
        reader.root();
        while let Some(name) = reader.child() {
            match name {
                "NextContinuationToken" => next = Some(reader.text().into_owned()),
                "Annotations" => {
                    while reader.child().is_some() {
                        while let Some(name) = reader.child() {
                            match name {
                                "AnnotationName" => names.push(reader.text().into_owned()),
                                _ => reader.skip(),
                            }
                        }
                    }
                }
                _ => reader.skip(),
            }
        }
        if next.as_deref().is_none_or(str::is_empty) {
            return Ok(names);
        }
    }
}

/// What an annotation says.
pub(crate) async fn get_annotation(
    s3: &S3,
    bucket: &str,
    key: &str,
    name: &str,
    headers: &HeaderMap,
) -> Result<Bytes, CallError> {
    let call = Call::object("GetObjectAnnotation", Method::GET, bucket, key)
        .query("annotation", "")
        .query("annotationName", name)
        .headers(headers);
    let body = s3.send(call).await?.into_body().collect().await.map_err(other)?;
    Ok(body.to_bytes())
}

/// Gives an object an annotation, while it is the one that was stored.
pub(crate) async fn put_annotation(
    s3: &S3,
    (bucket, key): (&str, &str),
    (name, payload): (&str, Bytes),
    stored: &Stored,
    headers: &HeaderMap,
    algorithm: Option<Algorithm>,
) -> Result<(), CallError> {
    let mut call = Call::object("PutObjectAnnotation", Method::PUT, bucket, key)
        .query("annotation", "")
        .query("annotationName", name)
        .headers(headers)
        .payload(Payload::Bytes(payload));
    if let Some(version) = &stored.version {
        call = call.query("versionId", version);
    }
    if let Some(etag) = stored.etag.as_deref().and_then(|etag| HeaderValue::try_from(etag).ok()) {
        call = call.header(OBJECT_IF_MATCH, etag);
    }
    send_checked(s3, call, algorithm).await?;
    Ok(())
}

/// Gives an object these tags.
pub(crate) async fn put_tags(
    s3: &S3,
    bucket: &str,
    key: &str,
    tags: &[(String, String)],
    headers: &HeaderMap,
) -> Result<(), CallError> {
    let mut call =
        Call::object("PutObjectTagging", Method::PUT, bucket, key).query("tagging", "").headers(headers);
    call = call.header(CONTENT_TYPE, HeaderValue::from_static("application/xml")).payload(Payload::Bytes(
        Bytes::from(format!("<Tagging xmlns=\"{NAMESPACE}\">{}</Tagging>", tag_set("TagSet", tags))),
    ));
    send_checked(s3, call, Some(Algorithm::Crc64Nvme)).await?;
    Ok(())
}

fn tag_set(element: &str, tags: &[(String, String)]) -> String {
    let tags = tags
        .iter()
        .map(|(key, value)| format!("<Tag><Key>{}</Key><Value>{}</Value></Tag>", escape(key), escape(value)));
    format!("<{element}>{}</{element}>", tags.collect::<String>())
}

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

/// Appends to a document.
fn push(document: &mut String, text: std::fmt::Arguments<'_>) {
    use std::fmt::Write;
    document.write_fmt(text).expect("memory takes what is written");
}

fn other(error: impl std::fmt::Display) -> CallError {
    CallError::Answer(error.to_string())
}

impl RequestHeaders {
    /// Those of requests that carry nothing else.
    pub fn plain(&self) -> &HeaderMap {
        &self.plain
    }

    /// Those of requests for an object.
    pub fn get(&self) -> &HeaderMap {
        &self.get
    }

    /// Those of asking about what is copied.
    pub fn head_source(&self) -> &HeaderMap {
        &self.head_source
    }
}
