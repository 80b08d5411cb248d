//! Objects to other objects, within S3.

use std::sync::Mutex;

use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, EXPIRES, HeaderMap,
    IF_NONE_MATCH,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::kept::{KeptUpload, Putting, Source};
use super::lane::{Begun, Lane};
use super::multipart::{Kind, Multipart};
use super::parts::PartPlan;
use super::upload::{begin_upload, end_kept_upload};
use super::{CopyProps, TransferError, annotations};
use crate::Stored;
use crate::operations::{Head, PartOf, copy_object, get_tags, head_object, put_tags, upload_part_copy};
use crate::plan::Task;
use crate::wire::encode_path;

/// Tags up to here go along in a header, as AWS CLI has it.
const TAGS_IN_HEADER: usize = 2048;

/// What an object keeps when it is copied in parts.
const PROPERTIES: [http::HeaderName; 6] =
    [CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, EXPIRES];

/// Copies a small object, or begins to copy a large one.
pub(super) async fn begin(lane: &Lane, number: u64, task: &Task) -> Result<Begun, TransferError> {
    let Task::Copy { source_bucket, source_key, size, etag, bucket, key } = task else {
        unreachable!("the task is a copy")
    };
    let settings = &lane.shared.settings;
    let source = copy_source(source_bucket, source_key);
    if *size < settings.multipart_threshold {
        let mut headers = settings.headers.copy()?.clone();
        if settings.no_overwrite {
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        }
        if settings.copy_props != CopyProps::All {
            headers.insert("x-amz-object-annotation-directive", HeaderValue::from_static("EXCLUDE"));
        }
        match settings.copy_props {
            CopyProps::None => {
                headers.insert("x-amz-metadata-directive", HeaderValue::from_static("REPLACE"));
                headers.insert("x-amz-tagging-directive", HeaderValue::from_static("REPLACE"));
            }
            CopyProps::MetadataDirective => {
                headers.insert("x-amz-tagging-directive", HeaderValue::from_static("REPLACE"));
            }
            CopyProps::Default | CopyProps::All => {}
        }
        let stored = copy_object(&lane.s3, &source, bucket, key, headers, settings.copy_checksum)
            .await
            .map_err(|error| TransferError::of_write(error, settings.no_overwrite))?;
        lane.shared.tally.moved.add(*size);
        return Ok(Begun::Done(stored));
    }
    let mut headers = settings.headers.put()?.clone();
    if settings.copy_props != CopyProps::None && !settings.replaces_metadata {
        let head_source = &settings.headers.head_source;
        let head = head_object(&lane.source_s3, source_bucket, source_key, head_source, false).await?;
        keep_properties(&mut headers, &head);
    }
    let mut tags = Vec::new();
    if matches!(settings.copy_props, CopyProps::Default | CopyProps::All) {
        tags = get_tags(&lane.source_s3, source_bucket, source_key, &settings.headers.plain).await?;
        let text = tags_header(&tags);
        if !tags.is_empty() && text.len() <= TAGS_IN_HEADER {
            headers.insert("x-amz-tagging", HeaderValue::try_from(text).expect("encoded text is ASCII"));
            tags.clear();
        }
    }
    let annotations = annotations::read(lane, source_bucket, source_key).await?;
    let parts = PartPlan::new(*size, settings.multipart_chunksize);
    let algorithm = settings.copy_checksum;
    let kept = match etag.as_deref() {
        Some(etag) => {
            let source = Source::Object { name: &source, etag };
            KeptUpload::begin(&Putting { lane, bucket, key, source, parts, algorithm }, &headers).await?
        }
        // Without it nobody knows that it is the same object.
        None => None,
    };
    let (upload, kept) = match kept {
        Some((upload, kept)) => (upload, Some(kept)),
        None => (begin_upload(lane, bucket, key, headers, algorithm).await?, None),
    };
    let done = Mutex::new(vec![None; parts.count()]);
    let kind = Kind::Copy { source, upload, tags, annotations, done, kept };
    Ok(Begun::InParts(Multipart::new(number, task.clone(), parts, settings.lanes, kind)))
}

/// What the user gives wins over what the object has.
fn keep_properties(headers: &mut HeaderMap, head: &Head) {
    for (name, value) in &head.headers {
        let is_kept = PROPERTIES.contains(name) || name.as_str().starts_with("x-amz-meta-");
        if is_kept && !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
}

fn tags_header(tags: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let tags: Vec<_> = tags.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    tags.join("&")
}

/// An access point's object is named in a way of its own.
fn copy_source(bucket: &str, key: &str) -> String {
    if bucket.starts_with("arn:") {
        encode_path(&format!("{bucket}/object/{key}"))
    } else {
        encode_path(&format!("{bucket}/{key}"))
    }
}

pub(super) async fn part(lane: &Lane, multipart: &Multipart, index: usize) -> Result<(), TransferError> {
    let (
        Kind::Copy { source, upload, done, kept, .. },
        Task::Copy { source_bucket, source_key, etag, bucket, key, .. },
    ) = (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is a copy")
    };
    let settings = &lane.shared.settings;
    let (offset, length) = multipart.parts.part(index);
    let algorithm = settings.copy_checksum;
    let there = kept.as_ref().and_then(|kept| kept.copied_part(index, length, algorithm));
    let part = if let Some(part) = there {
        part
    } else {
        let part = PartOf { bucket, key, upload, number: index + 1 };
        let (range, headers) = ((offset, offset + length - 1), &settings.headers.part_copy);
        upload_part_copy(&lane.s3, part, headers, source, range, etag.as_deref(), algorithm)
            .await
            .map_err(|error| TransferError::of_read(error, source_bucket, source_key))?
    };
    lane.shared.tally.moved.add(length);
    done.lock().expect("no holder panics")[index] = Some(part);
    Ok(())
}

pub(super) async fn end(
    lane: &Lane,
    multipart: &Multipart,
    failure: Option<TransferError>,
) -> Result<Stored, TransferError> {
    let (Kind::Copy { upload, tags, annotations, done, kept, .. }, Task::Copy { bucket, key, .. }) =
        (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is a copy")
    };
    let settings = &lane.shared.settings;
    let parts = done.lock().expect("no holder panics").iter_mut().map_while(Option::take).collect();
    let object = (bucket.as_ref(), key.as_str(), upload.as_str());
    let stored = end_kept_upload(lane, object, parts, failure, settings.copy_checksum, kept.as_ref()).await?;
    if !tags.is_empty() {
        put_tags(&lane.s3, bucket, key, tags, &settings.headers.plain).await?;
    }
    annotations::write(lane, bucket, key, annotations, &stored).await?;
    Ok(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_encoded_and_access_points_named_their_way() {
        assert_eq!(copy_source("b", "a b/ü"), "b/a%20b/%C3%BC");
        assert_eq!(
            copy_source("arn:aws:s3:eu-west-1:1:accesspoint/x", "k"),
            "arn%3Aaws%3As3%3Aeu-west-1%3A1%3Aaccesspoint/x/object/k"
        );
    }

    #[test]
    fn properties_are_kept_unless_given() {
        let mut head = Head::default();
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        head.headers.insert("x-amz-meta-a", HeaderValue::from_static("1"));
        head.headers.insert("x-amz-id-2", HeaderValue::from_static("z"));
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        keep_properties(&mut headers, &head);
        assert_eq!(headers[CONTENT_TYPE], "text/html");
        assert_eq!(headers["x-amz-meta-a"], "1");
        assert!(!headers.contains_key("x-amz-id-2"));
        assert_eq!(tags_header(&[("a b".into(), "&".into())]), "a%20b=%26");
    }
}
