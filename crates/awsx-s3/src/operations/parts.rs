//! Uploads in parts.

use awsx_api::CallError;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::{CHECKSUM_ALGORITHM, COPY_SOURCE, NAMESPACE, other, push, send_checked};
use crate::checksum::Algorithm;
use crate::options::header_value;
use crate::wire::xml::{Reader, child_text, escape};
use crate::wire::{Call, Payload, S3};
use crate::{Stored, Time};

const COPY_SOURCE_RANGE: HeaderName = HeaderName::from_static("x-amz-copy-source-range");
const COPY_SOURCE_IF_MATCH: HeaderName = HeaderName::from_static("x-amz-copy-source-if-match");

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
