//! Standard input to S3, and objects to standard output.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::TransferError;
use super::download::{Getting, expected_of, lost};
use super::lane::Lane;
use super::parts::PartPlan;
use super::upload::{begin_upload, end_upload, headers_of, put};
use crate::Stored;
use crate::checksum::Hasher;
use crate::operations::{Part, PartOf, get_object, head_object, upload_part};
use crate::plan::Task;
use crate::wire::{Payload, connection_lost};

/// How many parts of standard input are in memory, beside the one that is read.
const PARTS_IN_MEMORY: usize = 4;
/// How often a body that breaks off is asked for again.
const ATTEMPTS: usize = 5;

/// Uploads what comes on standard input, in parts as soon as it is more than one.
pub(super) async fn upload(lane: &Lane, task: &Task) -> Result<Stored, TransferError> {
    let Task::UploadStream { bucket, key, expected_size } = task else {
        unreachable!("the task is an upload")
    };
    let settings = &lane.shared.settings;
    let plan = PartPlan::new(expected_size.unwrap_or_default(), settings.multipart_chunksize);
    let part_size = usize::try_from(plan.part_size).unwrap_or(usize::MAX);
    let first = read_part(part_size).await?;
    let headers = headers_of(lane, Path::new("-"));
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
    let getting = Getting { lane, bucket, key, etag, size: head.size, path: Path::new("-") };
    let mut out = std::io::stdout().lock();
    let mut done = 0;
    let (mut hasher, mut expected) = (None, None);
    for attempt in 1.. {
        let range = (done > 0).then(|| (done, head.size - 1));
        let answer = get_object(&lane.source_s3, bucket, key, headers, etag, range, settings.validates)
            .await
            .map_err(|error| TransferError::of_read(error, bucket, key))?;
        if range.is_none() && settings.validates {
            expected = expected_of(answer.headers());
            hasher = expected.as_ref().map(|(algorithm, _)| Hasher::new(*algorithm));
        }
        let mut gone = false;
        let write = |bytes: &[u8], _: u64| {
            let written = out.write_all(bytes);
            gone = written.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
            written
        };
        let received = getting.receive(answer, &mut done, hasher.as_mut(), 0, write).await;
        match received {
            Ok(()) if done >= head.size => break,
            Err(TransferError::Call(error)) if !connection_lost(&error) || attempt >= ATTEMPTS => {
                return Err(error.into());
            }
            Ok(()) if attempt >= ATTEMPTS => {
                return Err(TransferError::Short { received: done, expected: head.size });
            }
            Ok(()) | Err(TransferError::Call(_)) => {}
            Err(_) if gone => return Err(TransferError::ReaderGone),
            Err(other) => return Err(other),
        }
    }
    out.flush().map_err(|error| lost(&error))?;
    if let (Some(hasher), Some((_, expected))) = (hasher, expected) {
        let calculated = hasher.finish_base64();
        if calculated != expected {
            return Err(TransferError::Checksum { expected, calculated });
        }
    }
    Ok(Stored { size: Some(done), ..Stored::of_headers(&head.headers) })
}
