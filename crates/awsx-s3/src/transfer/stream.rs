//! Standard input to S3, and objects to standard output.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::TransferError;
use super::getting::Getting;
use super::lane::Lane;
use super::parts::PartPlan;
use super::upload::{begin_upload, end_upload, headers_of, put};
use crate::Stored;
use crate::operations::{Part, PartOf, head_object, upload_part};
use crate::plan::Task;
use crate::wire::Payload;

/// How many parts of standard input are in memory, beside the one that is read.
const PARTS_IN_MEMORY: usize = 4;

/// Uploads what comes on standard input, in parts as soon as it is more than one.
pub(super) async fn upload(lane: &Lane, task: &Task) -> Result<Stored, TransferError> {
    let Task::UploadStream { bucket, key, expected_size } = task else {
        unreachable!("the task is an upload")
    };
    let settings = &lane.shared.settings;
    let plan = PartPlan::new(expected_size.unwrap_or_default(), settings.multipart_chunksize);
    let part_size = usize::try_from(plan.part_size).unwrap_or(usize::MAX);
    let first = read_part(part_size).await?;
    let headers = headers_of(lane, Path::new("-"))?;
    if first.len() < part_size {
        let size = Some(first.len() as u64);
        let stored = put(lane, bucket, key, headers, Payload::Bytes(first)).await?;
        return Ok(Stored { size, ..stored });
    }
    let upload = begin_upload(lane, bucket, key, headers, settings.checksum).await?;
    let (mut parts, mut size) = (Vec::new(), 0);
    let object = (bucket, key.as_str(), upload.as_str());
    let failure = upload_parts(lane, object, first, part_size, &mut parts, &mut size).await.err();
    let stored = end_upload(lane, (bucket, key, &upload), parts, failure, settings.checksum).await?;
    Ok(Stored { size: Some(size), ..stored })
}

async fn upload_parts(
    lane: &Lane,
    (bucket, key, upload): (&Arc<str>, &str, &str),
    first: Bytes,
    part_size: usize,
    parts: &mut Vec<Part>,
    size: &mut u64,
) -> Result<(), TransferError> {
    let mut under_way: VecDeque<JoinHandle<Result<Part, TransferError>>> = VecDeque::new();
    let mut chunk = first;
    let mut number = 0;
    while !chunk.is_empty() {
        number += 1;
        *size += chunk.len() as u64;
        let is_last = chunk.len() < part_size;
        under_way.push_back(tokio::task::spawn_local(one_part(
            lane.clone(),
            (bucket.clone(), key.to_owned(), upload.to_owned()),
            number,
            chunk,
        )));
        if under_way.len() == PARTS_IN_MEMORY {
            parts.push(finished(under_way.pop_front()).await?);
        }
        if is_last {
            break;
        }
        chunk = read_part(part_size).await?;
    }
    while let Some(part) = under_way.pop_front() {
        parts.push(finished(Some(part)).await?);
    }
    Ok(())
}

async fn one_part(
    lane: Lane,
    (bucket, key, upload): (Arc<str>, String, String),
    number: usize,
    chunk: Bytes,
) -> Result<Part, TransferError> {
    let settings = &lane.shared.settings;
    let part = PartOf { bucket: &bucket, key: &key, upload: &upload, number };
    let length = chunk.len() as u64;
    let done =
        upload_part(&lane.s3, part, &settings.headers.part, Payload::Bytes(chunk), settings.checksum).await?;
    lane.shared.tally.moved.add(length);
    if let Some(pause) = settings.bandwidth.pause_after(length) {
        tokio::time::sleep(pause).await;
    }
    Ok(done)
}

async fn finished(part: Option<JoinHandle<Result<Part, TransferError>>>) -> Result<Part, TransferError> {
    let part = part.expect("a part is under way");
    part.await.unwrap_or_else(|error| Err(TransferError::File(error.to_string())))
}

/// Reads up to `size` bytes of standard input; less only at its end.
async fn read_part(size: usize) -> Result<Bytes, TransferError> {
    let read = tokio::task::spawn_blocking(move || {
        let mut chunk = Vec::new();
        let mut stdin = std::io::stdin().lock();
        (&mut stdin).take(size as u64).read_to_end(&mut chunk)?;
        Ok::<_, std::io::Error>(Bytes::from(chunk))
    });
    let read = read.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    read.map_err(|error| TransferError::file(&error, Path::new("-")))
}

/// Writes an object to standard output, as it comes.
pub(super) async fn download(lane: &Lane, task: &Task) -> Result<Stored, TransferError> {
    let Task::DownloadStream { bucket, key } = task else { unreachable!("the task is a download") };
    let settings = &lane.shared.settings;
    let headers = &settings.headers.get;
    let head = head_object(&lane.source_s3, bucket, key, headers, false).await?;
    let etag = head.etag.as_deref();
    lane.shared.tally.expected_bytes.fetch_add(head.size, std::sync::atomic::Ordering::Relaxed);
    let getting = Getting { lane, bucket, key, etag, size: head.size };
    let mut out = std::io::stdout().lock();
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => TransferError::ReaderGone,
        _ => TransferError::file(&error, Path::new("-")),
    };
    let mut received = 0;
    let write = |bytes: &[u8], _| {
        received += bytes.len() as u64;
        out.write_all(bytes).map_err(failed)
    };
    let stored = getting.whole(write).await?;
    out.flush().map_err(failed)?;
    Ok(Stored { size: Some(received), ..stored })
}
