//! Uploads and copies in parts: S3 has the parts and lists them; here is noted which upload they belong to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use awsx_core::store::hash::sha1_hex;
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::super::lane::{Lane, UnfinishedUpload};
use super::super::lost::{create_upload, give_up_lost};
use super::super::{TransferError, parts::PartPlan};
use super::sums::sums_of;
use super::{Claim, Note, note_name};
use crate::Time;
use crate::checksum::Algorithm;
use crate::operations::{ListedPart, Part, abort_multipart, list_parts};

/// What an upload is of. Where one of these differs, its parts are of no use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Of {
    size: u64,
    contents: Contents,
    part_size: u64,
    /// A hash of the headers that the object gets, and of its checksum's name.
    options: String,
}

/// Which contents a file or an object has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Contents {
    /// Those since the file was last changed.
    Since(i64, u32),
    /// Those of the object's `ETag`.
    Tagged(String),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UploadMore {
    #[serde(flatten)]
    of: Of,
    /// S3's name of the upload; none while it is being begun.
    pub(super) upload_id: Option<String>,
}

/// An upload that another process can go on with.
#[derive(Debug)]
pub(in super::super) struct KeptUpload {
    claim: Claim,
    of: Of,
    /// Parts that S3 has, by their index.
    there: HashMap<usize, ListedPart>,
}

/// Which object is written, of what.
pub(in super::super) struct Putting<'a> {
    pub(in super::super) lane: &'a Lane,
    pub(in super::super) bucket: &'a Arc<str>,
    pub(in super::super) key: &'a str,
    pub(in super::super) source: Source<'a>,
    pub(in super::super) parts: PartPlan,
    /// The checksum of the parts.
    pub(in super::super) algorithm: Option<Algorithm>,
}

/// What an object is made of.
pub(in super::super) enum Source<'a> {
    File {
        path: &'a Path,
        metadata: &'a Metadata,
    },
    /// As `x-amz-copy-source` names it.
    Object {
        name: &'a str,
        etag: &'a str,
    },
}

impl Source<'_> {
    fn name(&self) -> Cow<'_, str> {
        match self {
            Self::File { path, .. } => path.to_string_lossy(),
            Self::Object { name, .. } => Cow::Borrowed(name),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::File { .. } => "upload",
            Self::Object { .. } => "upload-copy",
        }
    }

    fn contents(&self) -> Contents {
        match self {
            Self::File { metadata, .. } => contents(metadata),
            Self::Object { etag, .. } => Contents::Tagged((*etag).to_owned()),
        }
    }
}

impl KeptUpload {
    /// Goes on with the upload that is noted, or begins one and notes it. None where another process is at it.
    pub(in super::super) async fn begin(
        putting: &Putting<'_>,
        headers: &HeaderMap,
    ) -> Result<Option<(String, Self)>, TransferError> {
        let &Putting { lane, bucket, key, ref source, parts, algorithm } = putting;
        let settings = &lane.shared.settings;
        let Some(cache) = settings.notes.as_ref().filter(|_| settings.resumes) else { return Ok(None) };
        let path = source.name();
        let name = note_name(lane, source.kind(), bucket, key, &path);
        let Some(claim) = Claim::take(cache, name) else { return Ok(None) };
        let of = Of {
            size: parts.size,
            contents: source.contents(),
            part_size: parts.part_size,
            options: options(headers, algorithm),
        };
        if let Some(note) = claim.read::<UploadMore>() {
            if let Some(id) = note.more.upload_id.as_deref().filter(|_| note.more.of == of) {
                match list_parts(&lane.s3, bucket, key, id, &settings.headers.plain).await {
                    Ok(listed) => {
                        let there = listed
                            .into_iter()
                            .filter_map(|part| Some((part.number.checked_sub(1)?, part)))
                            .collect();
                        note_unfinished(lane, bucket, key, id);
                        return Ok(Some((id.to_owned(), Self { claim, of, there })));
                    }
                    Err(error) if error.is("NoSuchUpload") => {}
                    // Without the right to list parts there is nothing to go on with.
                    Err(error) if error.is("AccessDenied") || error.is("NotImplemented") => {
                        give_up(lane, &note).await;
                    }
                    Err(error) => return Err(error.into()),
                }
            } else {
                give_up(lane, &note).await;
            }
        }
        let more = UploadMore { of: of.clone(), upload_id: None };
        let note = Note::new(lane, bucket, key, &path, more);
        claim.write(&note);
        let (lane, headers) = (lane.clone(), headers.clone());
        // A task of its own: once begun, an upload is noted although the lane is interrupted.
        let begun = tokio::task::spawn_local(async move {
            let mut note = note;
            let id = create_upload(&lane, &note.bucket, &note.key, headers, algorithm).await?;
            note.more.upload_id = Some(id.clone());
            claim.write(&note);
            note_unfinished(&lane, &note.bucket.as_str().into(), &note.key, &id);
            Ok((id, Self { claim, of, there: HashMap::new() }))
        });
        begun.await.unwrap_or_else(|error| Err(TransferError::File(error.to_string()))).map(Some)
    }

    /// The part that S3 has, if it is this stretch of the file.
    pub(in super::super) fn part(
        &self,
        file: &File,
        index: usize,
        stretch: (u64, u64),
        algorithm: Option<Algorithm>,
    ) -> std::io::Result<Option<Part>> {
        let Some(listed) = self.there.get(&index).filter(|listed| listed.size == stretch.1) else {
            return Ok(None);
        };
        let kept = algorithm.and_then(|algorithm| listed.checksum(algorithm));
        let sums = sums_of(file, stretch, algorithm, kept.is_none())?;
        let is_the_same = match (kept, &sums.md5) {
            (Some(kept), _) => sums.checksum.as_deref() == Some(kept),
            // An `ETag` that is no MD5 is never the same.
            (None, md5) => md5.as_deref() == Some(listed.etag.trim_matches('"')),
        };
        Ok(is_the_same.then(|| Part { etag: listed.etag.clone(), checksum: sums.checksum }))
    }

    /// The part that S3 has of an object: it copied it on the condition that the object has this `ETag`.
    pub(in super::super) fn copied_part(
        &self,
        index: usize,
        length: u64,
        algorithm: Option<Algorithm>,
    ) -> Option<Part> {
        let listed = self.there.get(&index).filter(|listed| listed.size == length)?;
        let checksum = algorithm.and_then(|algorithm| listed.checksum(algorithm)).map(str::to_owned);
        Some(Part { etag: listed.etag.clone(), checksum })
    }

    /// Whether the file is no longer the one that the parts were read from.
    pub(in super::super) fn has_changed(&self, file: &File) -> bool {
        file.metadata().map_or(true, |metadata| {
            (metadata.len(), contents(&metadata)) != (self.of.size, self.of.contents.clone())
        })
    }

    /// The upload is over.
    pub(in super::super) fn end(&self) {
        self.claim.end();
    }
}

/// Gives up an upload that is of no use. What cannot be given up is S3's to clear.
async fn give_up(lane: &Lane, note: &Note<UploadMore>) {
    let headers = &lane.shared.settings.headers.plain;
    if let Some(id) = &note.more.upload_id {
        let _ = abort_multipart(&lane.s3, &note.bucket, &note.key, id, headers).await;
        return;
    }
    // Its process ended before it knew the name.
    give_up_lost(lane, &note.bucket, &note.key, note.touched_at, None).await;
}

fn note_unfinished(lane: &Lane, bucket: &Arc<str>, key: &str, upload: &str) {
    let unfinished = UnfinishedUpload {
        bucket: bucket.clone(),
        key: key.to_owned(),
        upload: upload.to_owned(),
        is_kept: true,
    };
    let number = lane.shared.next_upload.fetch_add(1, Ordering::Relaxed);
    lane.shared.uploads.lock().expect("no holder panics").insert(number, unfinished);
}

fn contents(metadata: &Metadata) -> Contents {
    let modified = metadata.modified().map(Time::from).unwrap_or_default();
    Contents::Since(modified.seconds, modified.nanos)
}

fn options(headers: &HeaderMap, algorithm: Option<Algorithm>) -> String {
    let mut lines: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}: {}", value.as_bytes().escape_ascii())).collect();
    lines.sort_unstable();
    lines.extend(algorithm.map(|algorithm| algorithm.name().to_owned()));
    sha1_hex(&lines.join("\n"))
}
