//! Uploads in parts that S3 has begun and nobody here knows the ids of: the answer got lost, or the process that waited for
//! it was killed.

use awsx_api::CallError;
use http::HeaderMap;

use super::lane::Lane;
use crate::checksum::Algorithm;
use crate::operations::{abort_multipart, create_multipart, list_multipart_uploads, list_parts};

/// How far from the moment an upload was asked for S3 may say that it began, in seconds. Clocks differ.
const BEGINNING: std::ops::RangeInclusive<i64> = -120..=300;

/// Begins an upload at S3, and gives up those that began before it without being known.
pub(super) async fn create_upload(
    lane: &Lane,
    bucket: &str,
    key: &str,
    headers: HeaderMap,
    algorithm: Option<Algorithm>,
) -> Result<String, CallError> {
    let asked_at = lane.s3.unix_time();
    let begun = create_multipart(&lane.s3, bucket, key, headers, algorithm).await;
    let known = match &begun {
        Ok((id, true)) => Some(Some(id.as_str())),
        Err(CallError::Request(_)) => Some(None),
        Ok((_, false)) | Err(_) => None,
    };
    if let Some(known) = known {
        give_up_lost(lane, bucket, key, asked_at, known).await;
    }
    begun.map(|(id, _)| id)
}

/// Gives up the uploads of an object that began about then and have no parts, as one has that nobody knows.
pub(super) async fn give_up_lost(lane: &Lane, bucket: &str, key: &str, asked_at: i64, known: Option<&str>) {
    let headers = &lane.shared.settings.headers.plain;
    let Ok(uploads) = list_multipart_uploads(&lane.s3, bucket, key, headers).await else { return };
    for upload in uploads {
        let began_then = upload.began.is_some_and(|began| BEGINNING.contains(&(began.seconds - asked_at)));
        if upload.key != key || !began_then || known == Some(upload.id.as_str()) {
            continue;
        }
        let parts = list_parts(&lane.s3, bucket, key, &upload.id, headers).await;
        if parts.is_ok_and(|parts| parts.is_empty()) {
            let _ = abort_multipart(&lane.s3, bucket, key, &upload.id, headers).await;
        }
    }
}
