//! What stands beside an object: tags and annotations.

use awsx_api::CallError;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_body_util::BodyExt;

use super::{NAMESPACE, other, send_checked, tag_set};
use crate::Stored;
use crate::checksum::Algorithm;
use crate::wire::xml::Reader;
use crate::wire::{Call, Payload, S3};

const OBJECT_IF_MATCH: HeaderName = HeaderName::from_static("x-amz-object-if-match");

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
