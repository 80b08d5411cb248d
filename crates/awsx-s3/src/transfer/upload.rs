//! Files to S3, whole or in parts.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, IF_NONE_MATCH};

use super::TransferError;
use super::event::Event;
use super::kept::{KeptUpload, Putting, Source};
use super::lane::{Begun, Lane, UnfinishedUpload};
use super::lost::create_upload;
use super::multipart::{Kind, Multipart};
use super::parts::PartPlan;
use crate::Stored;
use crate::files::read_at;
use crate::mime::MimeTypes;
use crate::operations::{Part, PartOf, abort_multipart, complete_multipart, put_object, upload_part};
use crate::plan::Task;
use crate::wire::{FileSlice, Meter, Payload};

/// Up to here a file is read once and sent from memory.
const IN_MEMORY: u64 = 256 * 1024;

/// Uploads a small file, or begins to upload a large one.
pub(super) async fn begin(lane: &Lane, number: u64, task: &Task) -> Result<Begun, TransferError> {
    let Task::Upload { path, bucket, key, .. } = task else { unreachable!("the task is an upload") };
    let settings = &lane.shared.settings;
    let failed = |error| TransferError::file(&error, path);
    let file = Arc::new(File::open(path).map_err(failed)?);
    // It may have changed since it was found.
    let metadata = file.metadata().map_err(failed)?;
    let size = metadata.len();
    let headers = headers_of(lane, path)?;
    if size < settings.multipart_threshold {
        let payload = if size <= IN_MEMORY {
            Payload::Bytes(read_whole(&file, size).map_err(failed)?)
        } else {
            slice(lane, &file, 0, size)
        };
        return Ok(Begun::Done(put(lane, bucket, key, headers, payload).await?));
    }
    let parts = PartPlan::new(size, settings.multipart_chunksize);
    let source = Source::File { path, metadata: &metadata };
    let putting = Putting { lane, bucket, key, source, parts, algorithm: settings.checksum };
    let (upload, kept) = match KeptUpload::begin(&putting, &headers).await? {
        Some((upload, kept)) => (upload, Some(kept)),
        None => (begin_upload(lane, bucket, key, headers, settings.checksum).await?, None),
    };
    let done = Mutex::new(vec![None; parts.count()]);
    let kind = Kind::Upload { file, upload, done, kept };
    Ok(Begun::InParts(Multipart::new(number, task.clone(), parts, settings.lanes, kind)))
}

/// Writes an object with one request.
pub(super) async fn put(
    lane: &Lane,
    bucket: &str,
    key: &str,
    mut headers: HeaderMap,
    payload: Payload,
) -> Result<Stored, TransferError> {
    let settings = &lane.shared.settings;
    if settings.no_overwrite {
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
    }
    let in_memory = match &payload {
        Payload::Bytes(bytes) => bytes.len() as u64,
        _ => 0,
    };
    let stored = put_object(&lane.s3, bucket, key, headers, payload, settings.checksum)
        .await
        .map_err(|error| TransferError::of_write(error, settings.no_overwrite))?;
    if in_memory > 0 {
        lane.shared.tally.moved.add(in_memory);
        if let Some(pause) = settings.bandwidth.pause_after(in_memory) {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(stored)
}

/// The headers of a new object; its type by its name unless one is given.
pub(super) fn headers_of(lane: &Lane, path: &Path) -> Result<HeaderMap, TransferError> {
    let settings = &lane.shared.settings;
    let mut headers = settings.headers.put()?.clone();
    if settings.guesses_type
        && !headers.contains_key(CONTENT_TYPE)
        && let Some(kind) = MimeTypes::of_system().guess(path)
        && let Ok(kind) = HeaderValue::try_from(kind)
    {
        headers.insert(CONTENT_TYPE, kind);
    }
    Ok(headers)
}

/// Begins an upload in parts; from then on it is known to whoever has to give it up.
pub(super) async fn begin_upload(
    lane: &Lane,
    bucket: &Arc<str>,
    key: &str,
    headers: HeaderMap,
    algorithm: Option<crate::checksum::Algorithm>,
) -> Result<String, TransferError> {
    let (lane, bucket, key) = (lane.clone(), bucket.clone(), key.to_owned());
    // A task of its own: the upload may begin although the lane is interrupted.
    let begun = tokio::task::spawn_local(async move {
        let upload = create_upload(&lane, &bucket, &key, headers, algorithm).await?;
        let number = lane.shared.next_upload.fetch_add(1, Ordering::Relaxed);
        let unfinished = UnfinishedUpload { bucket, key, upload: upload.clone(), is_kept: false };
        lane.shared.uploads.lock().expect("no holder panics").insert(number, unfinished);
        Ok(upload)
    });
    begun.await.unwrap_or_else(|error| Err(TransferError::File(error.to_string())))
}

/// What is said of an upload whose parts S3 keeps.
pub(super) fn not_given_up(bucket: &str, key: &str, upload: &str) -> String {
    format!("warning: the upload {upload} of s3://{bucket}/{key} could not be given up; S3 keeps its parts\n")
}

/// The upload is complete or given up.
pub(super) fn forget_upload(lane: &Lane, upload: &str) {
    lane.shared.uploads.lock().expect("no holder panics").retain(|_, known| known.upload != upload);
}

pub(super) async fn part(lane: &Lane, multipart: &Multipart, index: usize) -> Result<(), TransferError> {
    let (Kind::Upload { file, upload, done, kept }, Task::Upload { path, bucket, key, .. }) =
        (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is an upload")
    };
    let settings = &lane.shared.settings;
    let (offset, length) = multipart.parts.part(index);
    let there = kept.as_ref().map(|kept| kept.part(file, index, (offset, length), settings.checksum));
    if let Some(part) = there.transpose().map_err(|error| TransferError::file(&error, path))?.flatten() {
        lane.shared.tally.moved.add(length);
        done.lock().expect("no holder panics")[index] = Some(part);
        return Ok(());
    }
    let part = PartOf { bucket, key, upload, number: index + 1 };
    let payload = slice(lane, file, offset, length);
    let part = upload_part(&lane.s3, part, &settings.headers.part, payload, settings.checksum).await?;
    done.lock().expect("no holder panics")[index] = Some(part);
    Ok(())
}

pub(super) async fn end(
    lane: &Lane,
    multipart: &Multipart,
    failure: Option<TransferError>,
) -> Result<Stored, TransferError> {
    let (Kind::Upload { file, upload, done, kept }, Task::Upload { bucket, key, .. }) =
        (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is an upload")
    };
    let has_changed = kept.as_ref().is_some_and(|kept| kept.has_changed(file));
    let failure = if has_changed { Some(TransferError::ChangedFile) } else { failure };
    let parts = done.lock().expect("no holder panics").iter_mut().map_while(Option::take).collect();
    let object = (bucket.as_ref(), key.as_str(), upload.as_str());
    end_kept_upload(lane, object, parts, failure, lane.shared.settings.checksum, kept.as_ref()).await
}

/// [`end_upload`], unless another process can go on with what failed.
pub(super) async fn end_kept_upload(
    lane: &Lane,
    object: (&str, &str, &str),
    parts: Vec<Part>,
    failure: Option<TransferError>,
    algorithm: Option<crate::checksum::Algorithm>,
    kept: Option<&KeptUpload>,
) -> Result<Stored, TransferError> {
    let Some(kept) = kept else { return end_upload(lane, object, parts, failure, algorithm).await };
    let is_of_no_use = |error: &TransferError| {
        error.is("NoSuchUpload")
            || matches!(error, TransferError::ChangedFile | TransferError::Changed { .. })
    };
    match failure {
        Some(error) if !is_of_no_use(&error) => Err(error),
        failure => {
            let result = end_upload(lane, object, parts, failure, algorithm).await;
            kept.end();
            result
        }
    }
}

/// Completes an upload, or gives it up and passes on why.
pub(super) async fn end_upload(
    lane: &Lane,
    object: (&str, &str, &str),
    parts: Vec<Part>,
    failure: Option<TransferError>,
    algorithm: Option<crate::checksum::Algorithm>,
) -> Result<Stored, TransferError> {
    let settings = &lane.shared.settings;
    let (bucket, key, upload) = object;
    let result = match failure {
        Some(error) => Err(error),
        None => complete_multipart(
            &lane.s3,
            object,
            &settings.headers.part,
            &parts,
            algorithm,
            settings.no_overwrite,
        )
        .await
        .map_err(|error| TransferError::of_write(error, settings.no_overwrite)),
    };
    if result.is_err() {
        // What went wrong first is what is told.
        let aborted = abort_multipart(&lane.s3, bucket, key, upload, &settings.headers.plain).await;
        if aborted.is_err_and(|error| !error.is("NoSuchUpload")) {
            lane.tell(Event::Noted(not_given_up(bucket, key, upload)));
        }
    }
    forget_upload(lane, upload);
    result
}

fn slice(lane: &Lane, file: &Arc<File>, offset: u64, length: u64) -> Payload {
    Payload::File(FileSlice {
        file: file.clone(),
        offset,
        length,
        meter: lane.shared.tally.moved.clone(),
        sent: Meter::default(),
        bandwidth: lane.shared.settings.bandwidth.clone(),
    })
}

fn read_whole(file: &File, size: u64) -> std::io::Result<Bytes> {
    let mut bytes = vec![0; usize::try_from(size).expect("small files fit into memory")];
    let mut filled = 0;
    while filled < bytes.len() {
        match read_at(file, &mut bytes[filled..], filled as u64)? {
            0 => return Err(std::io::Error::other("the file became shorter while it was read")),
            read => filled += read,
        }
    }
    Ok(bytes.into())
}
