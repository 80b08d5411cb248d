//! Notes that nobody has come back to: what they lead to is cleared away.

use std::sync::mpsc::Sender;

use awsx_core::store::JsonCache;
use http::HeaderMap;

use super::Claim;
use super::download::DownloadMore;
use super::upload::UploadMore;
use crate::operations::abort_multipart;
use crate::transfer::Event;
use crate::wire::S3;

const DAY: i64 = 24 * 60 * 60;
/// So long a transfer is kept.
const KEPT: i64 = 7 * DAY;
/// So long it is tried to give up an upload that S3 does not let be given up, with other keys perhaps.
const TRIED: i64 = 30 * DAY;

/// Gives up the uploads and removes the files of transfers that were not gone on with for a week, and tells of each.
pub(in crate::transfer) async fn clear_old(
    s3: &S3,
    cache: &JsonCache,
    headers: &HeaderMap,
    events: &Sender<Event>,
) {
    let Ok(entries) = cache.entries() else { return };
    let entries: Vec<String> = entries.collect();
    for name in entries {
        let is_upload = name.starts_with("upload-");
        let (path, name) = (cache.path(&name), name);
        // Whoever is at work has just written the note, or holds its lock.
        let modified = path.metadata().and_then(|metadata| metadata.modified()).map(crate::Time::from);
        if modified.is_ok_and(|modified| s3.unix_time() - modified.seconds < KEPT) {
            continue;
        }
        let Some(claim) = Claim::take(cache, name) else { continue };
        let cleared =
            if is_upload { clear_upload(s3, &claim, headers).await } else { clear_download(s3, &claim) };
        if let Some(text) = cleared {
            let _ = events.send(Event::Noted(format!("{text}\n")));
        }
    }
}

async fn clear_upload(s3: &S3, claim: &Claim, headers: &HeaderMap) -> Option<String> {
    let Some(note) = claim.read::<UploadMore>() else {
        claim.end();
        return None;
    };
    let age = s3.unix_time() - note.touched_at;
    // Another server's uploads are cleared when that one is asked.
    if age < KEPT || (note.endpoint_url != s3.config().endpoint_url && age < TRIED) {
        return None;
    }
    let Some(upload) = &note.more.upload_id else {
        claim.end();
        return None;
    };
    let given_up = abort_multipart(s3, &note.bucket, &note.key, upload, headers).await;
    let is_gone = match given_up {
        Ok(()) => true,
        Err(error) if error.is("NoSuchUpload") => {
            claim.end();
            return None;
        }
        Err(_) => age >= TRIED,
    };
    if !is_gone {
        return None;
    }
    claim.end();
    let (bucket, key) = (&note.bucket, &note.key);
    Some(format!("note: the upload to s3://{bucket}/{key} was not gone on with for 7 days and is given up"))
}

fn clear_download(s3: &S3, claim: &Claim) -> Option<String> {
    let note = claim.read::<DownloadMore>();
    if note.as_ref().is_some_and(|note| s3.unix_time() - note.touched_at < KEPT) {
        return None;
    }
    claim.end();
    let note = note?;
    std::fs::remove_file(&note.more.partial).ok()?;
    let path = note.path;
    Some(format!(
        "note: the download to {path} was not gone on with for 7 days; what had come of it is removed"
    ))
}
