//! Objects to files: into a temporary file beside the target, which takes its place once it is whole and checked.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use aws_smithy_types::body::SdkBody;
use awsx_api::CallError;
use awsx_http::RequestError;
use http::HeaderMap;
use http::Response;
use http_body::Body as _;

use super::TransferError;
use super::event::Event;
use super::kept::{KeptDownload, KeptGetting as Kept};
use super::lane::{Begun, Lane};
use super::multipart::{Kind, Multipart};
use super::parts::PartPlan;
use crate::Stored;
use crate::checksum::{Algorithm, Hasher, combine, crc_base64};
use crate::files::{TemporaryFile, is_special, write_all_at};
use crate::operations::{get_object, head_object};
use crate::plan::{Place, Task, Warning};
use crate::wire::connection_lost;

/// How often a body that breaks off is asked for again.
const ATTEMPTS: usize = 5;

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
        let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        let getting = Getting { lane, bucket, key, etag: etag.as_deref(), size: *size, path };
        return Ok(Begun::Done(getting.whole(&file, false).await?));
    }
    if path.is_dir() {
        return Err(failed(std::io::Error::from_raw_os_error(21)));
    }
    if *size < settings.multipart_threshold {
        let temporary = TemporaryFile::beside(path).map_err(failed)?;
        let getting = Getting { lane, bucket, key, etag: etag.as_deref(), size: *size, path };
        let stored = getting.whole(&temporary.file, true).await?;
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
    Ok(Begun::InParts(Multipart::new(number, task.clone(), parts, kind)))
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

/// The checksum of the whole object among an answer's headers.
pub(super) fn expected_of(headers: &HeaderMap) -> Option<(Algorithm, String)> {
    let found = Algorithm::ALL.into_iter().find_map(|algorithm| {
        let value = headers.get(algorithm.header())?.to_str().ok()?;
        // One of parts' checksums says nothing about the bytes as such.
        (!value.contains('-')).then(|| (algorithm, value.to_owned()))
    })?;
    let is_composite = headers.get("x-amz-checksum-type").is_some_and(|kind| kind == "COMPOSITE");
    (!is_composite).then_some(found)
}

pub(super) async fn part(lane: &Lane, multipart: &Multipart, index: usize) -> Result<(), TransferError> {
    let (
        Kind::Download { handle, expected, crcs, kept, .. },
        Task::Download { bucket, key, size, etag, path, .. },
    ) = (&multipart.kind, &multipart.task)
    else {
        unreachable!("the task is a download")
    };
    let getting = Getting { lane, bucket, key, etag: etag.as_deref(), size: *size, path };
    let stretch = multipart.parts.part(index);
    let there = kept.as_ref().map(|kept| kept.part(handle, index, stretch));
    if let Some(crc) = there.transpose().map_err(|error| TransferError::file(&error, path))?.flatten() {
        lane.shared.tally.moved.add(stretch.1);
        crcs.lock().expect("no holder panics")[index] = crc;
        return Ok(());
    }
    let algorithm = expected.as_ref().map(|(algorithm, _)| *algorithm);
    let algorithm = algorithm.or_else(|| kept.as_ref().map(|kept| kept.algorithm()));
    let mut hasher = algorithm.map(Hasher::new);
    getting.stretch(handle, stretch, hasher.as_mut()).await?;
    if let Some(crc) = hasher.and_then(|hasher| hasher.finish_crc()) {
        crcs.lock().expect("no holder panics")[index] = crc;
        if let Some(kept) = kept {
            kept.add(index, crc);
        }
    }
    Ok(())
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

fn check(expected: &str, calculated: String) -> Result<(), TransferError> {
    if expected == calculated {
        return Ok(());
    }
    Err(TransferError::Checksum { expected: expected.to_owned(), calculated })
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

/// Which object is got, and where it goes.
pub(super) struct Getting<'a> {
    pub(super) lane: &'a Lane,
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) etag: Option<&'a str>,
    pub(super) size: u64,
    pub(super) path: &'a Path,
}

impl Getting<'_> {
    /// Gets all of it with one request, or the rest with another where the first breaks off.
    async fn whole(&self, file: &File, can_seek: bool) -> Result<Stored, TransferError> {
        let settings = &self.lane.shared.settings;
        let mut state = Received { done: 0, hasher: None, expected: None };
        let mut stored = Stored::default();
        for attempt in 1.. {
            // What comes in several pieces is the same object only with its `ETag`.
            let range = (state.done > 0).then(|| (state.done, self.size.saturating_sub(1)));
            let answer = self.get(range, settings.validates).await?;
            if range.is_none() {
                stored = Stored::of_headers(answer.headers());
            }
            if range.is_none() && settings.validates {
                state.expected = expected_of(answer.headers());
                state.hasher = state.expected.as_ref().map(|(algorithm, _)| Hasher::new(*algorithm));
            }
            let write = |bytes: &[u8], offset: u64| {
                if can_seek {
                    write_all_at(file, bytes, offset)
                } else {
                    std::io::Write::write_all(&mut &*file, bytes)
                }
            };
            match self.receive(answer, &mut state.done, state.hasher.as_mut(), 0, write).await {
                Ok(()) if state.done >= self.size => break,
                Ok(()) if attempt >= ATTEMPTS => {
                    return Err(TransferError::Short { received: state.done, expected: self.size });
                }
                Err(TransferError::Call(error)) if !connection_lost(&error) || attempt >= ATTEMPTS => {
                    return Err(error.into());
                }
                Ok(()) | Err(TransferError::Call(_)) => {}
                Err(other) => return Err(other),
            }
        }
        if let (Some(hasher), Some((_, expected))) = (state.hasher, &state.expected) {
            check(expected, hasher.finish_base64())?;
        }
        Ok(stored)
    }

    /// Gets a stretch of it, offset and length.
    async fn stretch(
        &self,
        file: &File,
        (offset, length): (u64, u64),
        mut hasher: Option<&mut Hasher>,
    ) -> Result<(), TransferError> {
        let mut done = 0;
        for attempt in 1.. {
            let answer = self.get(Some((offset + done, offset + length - 1)), false).await?;
            let write = |bytes: &[u8], at: u64| write_all_at(file, bytes, at);
            let received = self.receive(answer, &mut done, hasher.as_deref_mut(), offset, write).await;
            match received {
                Ok(()) if done >= length => break,
                Ok(()) if attempt >= ATTEMPTS => {
                    return Err(TransferError::Short { received: done, expected: length });
                }
                Err(TransferError::Call(error)) if !connection_lost(&error) || attempt >= ATTEMPTS => {
                    return Err(error.into());
                }
                Ok(()) | Err(TransferError::Call(_)) => {}
                Err(other) => return Err(other),
            }
        }
        if done > length {
            return Err(TransferError::Short { received: done, expected: length });
        }
        Ok(())
    }

    async fn get(
        &self,
        range: Option<(u64, u64)>,
        checksum: bool,
    ) -> Result<Response<SdkBody>, TransferError> {
        let headers = &self.lane.shared.settings.headers.get;
        get_object(&self.lane.source_s3, self.bucket, self.key, headers, self.etag, range, checksum)
            .await
            .map_err(|error| TransferError::of_read(error, self.bucket, self.key))
    }

    /// Writes an answer's body from `base + done` on; `done` grows with what came.
    pub(super) async fn receive(
        &self,
        answer: Response<SdkBody>,
        done: &mut u64,
        mut hasher: Option<&mut Hasher>,
        base: u64,
        mut write: impl FnMut(&[u8], u64) -> std::io::Result<()>,
    ) -> Result<(), TransferError> {
        let shared = &self.lane.shared;
        let mut body = std::pin::pin!(answer.into_body());
        while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let frame = frame.map_err(|error| lost(&*error))?;
            let Ok(bytes) = frame.into_data() else { continue };
            write(&bytes, base + *done).map_err(|error| TransferError::file(&error, self.path))?;
            if let Some(hasher) = &mut hasher {
                hasher.update(&bytes);
            }
            *done += bytes.len() as u64;
            shared.tally.moved.add(bytes.len() as u64);
            if let Some(pause) = shared.settings.bandwidth.pause_after(bytes.len() as u64) {
                tokio::time::sleep(pause).await;
            }
        }
        Ok(())
    }
}

struct Received {
    done: u64,
    hasher: Option<Hasher>,
    expected: Option<(Algorithm, String)>,
}

pub(super) fn lost(error: &(dyn std::error::Error + 'static)) -> TransferError {
    TransferError::Call(match RequestError::find(error) {
        Some(found) => CallError::Request(found.clone()),
        None => CallError::Answer(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_checksum_of_the_whole_is_expected() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            pairs.collect::<HeaderMap>()
        };
        let crc = ("x-amz-checksum-crc64nvme", "M3eFcAZSQlc=");
        assert_eq!(expected_of(&headers(&[crc])), Some((Algorithm::Crc64Nvme, "M3eFcAZSQlc=".to_owned())));
        assert_eq!(expected_of(&headers(&[("x-amz-checksum-crc32", "abcd-3")])), None);
        assert_eq!(expected_of(&headers(&[crc, ("x-amz-checksum-type", "COMPOSITE")])), None);
        assert_eq!(expected_of(&headers(&[])), None);
    }
}
