//! Objects to files: into a temporary file beside the target, which takes its place once it is whole and checked.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::TransferError;
use super::event::Event;
use super::getting::{Getting, Taker, check, expected_of};
use super::kept::{KeptDownload, KeptGetting as Kept};
use super::lane::{Begun, Lane};
use super::multipart::{Kind, Multipart};
use super::parts::PartPlan;
use crate::Stored;
use crate::checksum::{Algorithm, Hasher, combine, crc_base64};
use crate::files::{TemporaryFile, is_special, write_all_at};
use crate::operations::head_object;
use crate::plan::{Place, Task, Warning};

/// Downloads a small object, or begins to download a large one.
pub(super) async fn begin(lane: &Lane, number: u64, task: &Task) -> Result<Begun, TransferError> {
    let Task::Download { bucket, key, size, etag, path, .. } = task else {
        unreachable!("the task is a download")
    };
    let settings = &lane.shared.settings;
    make_folder(lane, path)?;
    let failed = |error| TransferError::file(&error, path);
    if fs::metadata(path).is_ok_and(|metadata| is_special(&metadata)) {
        // A pipe or a device has no beside; it takes the bytes in their order.
        let mut file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        let getting = Getting { lane, bucket, key, etag: etag.as_deref(), size: *size };
        let write = |bytes: &[u8], _| file.write_all(bytes).map_err(failed);
        return Ok(Begun::Done(getting.whole(write).await?));
    }
    if path.is_dir() {
        return Err(failed(std::io::Error::from_raw_os_error(21)));
    }
    if *size < settings.multipart_threshold {
        let temporary = TemporaryFile::beside(path).map_err(failed)?;
        let getting = Getting { lane, bucket, key, etag: etag.as_deref(), size: *size };
        let write = |bytes: &[u8], offset| write_all_at(&temporary.file, bytes, offset).map_err(failed);
        let stored = getting.whole(write).await?;
        keep(lane, temporary, task)?;
        return Ok(Begun::Done(stored));
    }
    let parts = PartPlan::new(*size, settings.multipart_chunksize);
    let expected = expected_of_large(lane, bucket, key, etag.as_deref()).await;
    let (temporary, kept) = match etag.as_deref() {
        Some(etag) => {
            let algorithm = expected.as_ref().map_or(Algorithm::Crc64Nvme, |(algorithm, _)| *algorithm);
            begin_kept(&Kept { lane, bucket, key, etag, path, parts, algorithm }).map_err(failed)?
        }
        None => None,
    }
    .unzip();
    let temporary = match temporary {
        Some(temporary) => temporary,
        None => TemporaryFile::beside(path).map_err(failed)?,
    };
    temporary.file.set_len(*size).map_err(failed)?;
    let kind = Kind::Download {
        handle: Arc::new(temporary.file.try_clone().map_err(failed)?),
        file: Mutex::new(Some(temporary)),
        expected,
        crcs: Mutex::new(vec![0; parts.count()]),
        kept: kept.map(Box::new),
    };
    Ok(Begun::InParts(Multipart::new(number, task.clone(), parts, settings.lanes, kind)))
}

fn begin_kept(getting: &Kept<'_>) -> std::io::Result<Option<(TemporaryFile, KeptDownload)>> {
    let begun = KeptDownload::begin(getting)?;
    if begun.is_some() {
        getting.lane.shared.kept_downloads.fetch_add(1, Ordering::Relaxed);
    }
    Ok(begun)
}

/// The checksum of an object that is got in parts, which parts do not tell. Where S3 does not say, nothing is checked.
async fn expected_of_large(
    lane: &Lane,
    bucket: &str,
    key: &str,
    etag: Option<&str>,
) -> Option<(Algorithm, String)> {
    let settings = &lane.shared.settings;
    if !settings.validates {
        return None;
    }
    let head = head_object(&lane.source_s3, bucket, key, &settings.headers.get, true).await.ok()?;
    if head.etag.as_deref() != etag {
        return None;
    }
    expected_of(&head.headers).filter(|(algorithm, _)| algorithm.combines())
}

/// Gets neighbouring parts, those that are missing side by side with one request.
pub(super) async fn run(lane: &Lane, multipart: &Multipart, run: Range<usize>) -> Result<(), TransferError> {
    let (Kind::Download { handle, kept, .. }, Task::Download { bucket, key, size, etag, path, .. }) =
        (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is a download")
    };
    let getting = Getting { lane, bucket, key, etag: etag.as_deref(), size: *size };
    let mut parts = Parts::new(multipart);
    let mut next = run.start;
    while next < run.end {
        let stretch = multipart.parts.part(next);
        let there = kept.as_ref().map(|kept| kept.part(handle, next, stretch));
        if let Some(crc) = there.transpose().map_err(|error| TransferError::file(&error, path))?.flatten() {
            lane.shared.tally.moved.add(stretch.1);
            parts.set(next, crc);
            next += 1;
            continue;
        }
        let is_noted = |index: &usize| kept.as_ref().is_some_and(|kept| kept.notes(*index));
        let end = (next + 1..run.end).find(is_noted).unwrap_or(run.end);
        let (last, length) = multipart.parts.part(end - 1);
        getting.stretch((stretch.0, last + length - stretch.0), &mut parts).await?;
        next = end;
    }
    Ok(())
}

/// Writes what comes into the file, and sums up each part of it.
struct Parts<'a> {
    multipart: &'a Multipart,
    algorithm: Option<Algorithm>,
    hasher: Option<Hasher>,
}

impl<'a> Parts<'a> {
    fn new(multipart: &'a Multipart) -> Self {
        let Kind::Download { expected, kept, .. } = &multipart.kind else {
            unreachable!("the task is a download")
        };
        let algorithm = expected.as_ref().map(|(algorithm, _)| *algorithm);
        let algorithm = algorithm.or_else(|| kept.as_ref().map(|kept| kept.algorithm()));
        Self { multipart, algorithm, hasher: None }
    }

    fn set(&self, index: usize, crc: u64) {
        let Kind::Download { crcs, .. } = &self.multipart.kind else {
            unreachable!("the task is a download")
        };
        crcs.lock().expect("no holder panics")[index] = crc;
    }

    /// Sums up a piece of one part, at this place in it.
    fn sum(&mut self, index: usize, piece: &[u8], place: u64) {
        let Some(algorithm) = self.algorithm else { return };
        let hasher = self.hasher.get_or_insert_with(|| Hasher::new(algorithm));
        hasher.update(piece);
        if place + (piece.len() as u64) < self.multipart.parts.part(index).1 {
            return;
        }
        if let Some(crc) = self.hasher.take().and_then(|hasher| hasher.finish_crc()) {
            self.set(index, crc);
            if let Kind::Download { kept: Some(kept), .. } = &self.multipart.kind {
                kept.add(index, crc);
            }
        }
    }
}

impl Taker for Parts<'_> {
    fn take(&mut self, bytes: &[u8], offset: u64) -> Result<(), TransferError> {
        let (Kind::Download { handle, .. }, Task::Download { path, .. }) =
            (&self.multipart.kind, &self.multipart.task)
        else {
            unreachable!("the task is a download")
        };
        let PartPlan { size, part_size } = self.multipart.parts;
        let received = offset + bytes.len() as u64;
        // More than there is, or in vain: the first that failed is told.
        if received > size || self.multipart.has_failed() {
            return Err(TransferError::Short { received, expected: size });
        }
        write_all_at(handle, bytes, offset).map_err(|error| TransferError::file(&error, path))?;
        let (mut rest, mut offset) = (bytes, offset);
        while !rest.is_empty() {
            let place = offset % part_size;
            let length = usize::try_from(part_size - place).unwrap_or(usize::MAX).min(rest.len());
            let index = usize::try_from(offset / part_size).unwrap_or(usize::MAX);
            self.sum(index, &rest[..length], place);
            (rest, offset) = (&rest[length..], offset + length as u64);
        }
        Ok(())
    }
}

pub(super) fn end(
    lane: &Lane,
    multipart: &Multipart,
    failure: Option<TransferError>,
) -> Result<Stored, TransferError> {
    let (Kind::Download { file, expected, crcs, kept, .. }, Task::Download { etag, .. }) =
        (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is a download")
    };
    let temporary = file.lock().expect("no holder panics").take().expect("a download ends once");
    let result = match failure {
        Some(error) => Err(error),
        None => check_whole(expected.as_ref(), crcs, multipart.parts),
    };
    let stored = Stored { etag: etag.clone(), checksum: expected.clone(), ..Stored::default() };
    let Some(kept) = kept else {
        // Without `keep` it is gone.
        result?;
        keep(lane, temporary, &multipart.task)?;
        return Ok(stored);
    };
    match result {
        Ok(()) => keep(lane, temporary, &multipart.task)?,
        Err(error @ (TransferError::Changed { .. } | TransferError::Checksum { .. })) => {
            temporary.discard();
            forget(lane, kept);
            return Err(error);
        }
        // What has come stays, to be gone on with.
        Err(error) => return Err(error),
    }
    forget(lane, kept);
    Ok(stored)
}

fn forget(lane: &Lane, kept: &KeptDownload) {
    kept.end();
    lane.shared.kept_downloads.fetch_sub(1, Ordering::Relaxed);
}

/// Holds the whole against S3's checksum, where there is one.
fn check_whole(
    expected: Option<&(Algorithm, String)>,
    crcs: &Mutex<Vec<u64>>,
    parts: PartPlan,
) -> Result<(), TransferError> {
    if let Some((algorithm, expected)) = expected {
        let crcs = crcs.lock().expect("no holder panics");
        let lengths = (0..crcs.len()).map(|index| parts.part(index).1);
        let mut parts = crcs.iter().copied().zip(lengths);
        let (first, _) = parts.next().expect("there is a part");
        let whole = parts.fold(first, |crc, (next, length)| combine(*algorithm, crc, next, length));
        check(expected, crc_base64(*algorithm, whole))?;
    }
    Ok(())
}

fn keep(lane: &Lane, temporary: TemporaryFile, task: &Task) -> Result<(), TransferError> {
    let Task::Download { bucket, key, modified, path, .. } = task else {
        unreachable!("the task is a download")
    };
    let timed = temporary.keep(*modified).map_err(|error| TransferError::file(&error, path))?;
    if let Err(error) = timed {
        let path = path.display();
        let text = format!(
            "warning: Skipping file {path}. Successfully Downloaded {path} but was unable to update the last modified \
             time. {error}"
        );
        let about = Place::Object { bucket: bucket.to_string(), key: key.clone() };
        lane.tell(Event::Warned(Warning { text, about }));
    }
    Ok(())
}

/// Makes the folders on the way, unless the last download has just gone there too.
fn make_folder(lane: &Lane, path: &Path) -> Result<(), TransferError> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let mut last = lane.last_folder.lock().expect("no holder panics");
    if *last == folder {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|error| {
        TransferError::File(format!("Could not create directory {}: {error}", folder.display()))
    })?;
    folder.clone_into(&mut last);
    Ok(())
}
