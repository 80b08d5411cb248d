//! Downloads in parts: the parts lie in a file beside the target, and which of them with what checksum is noted.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::super::lane::Lane;
use super::super::parts::PartPlan;
use super::sums::sums_of;
use super::{Claim, Note, note_name};
use crate::checksum::Algorithm;
use crate::files::TemporaryFile;
use crate::wire::S3;

/// Between two notes of the parts that came: a killed process loses the parts of this time.
const BETWEEN_NOTES: Duration = Duration::from_millis(500);

/// What a download is of. Where one of these differs, its parts are of no use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfObject {
    size: u64,
    e_tag: String,
    part_size: u64,
    /// The checksum of parts.
    algorithm: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DownloadMore {
    #[serde(flatten)]
    of: OfObject,
    /// The file with the parts.
    pub(super) partial: PathBuf,
    /// The checksum of each part that is there.
    parts: Vec<Option<u64>>,
}

/// A download that another process can go on with.
#[derive(Debug)]
pub(in super::super) struct KeptDownload {
    s3: S3,
    claim: Claim,
    algorithm: Algorithm,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    note: Note<DownloadMore>,
    /// Whether there is something to write.
    changed: bool,
    written: Instant,
}

/// Which object is got, into which file.
pub(in super::super) struct Getting<'a> {
    pub(in super::super) lane: &'a Lane,
    pub(in super::super) bucket: &'a str,
    pub(in super::super) key: &'a str,
    pub(in super::super) etag: &'a str,
    pub(in super::super) path: &'a Path,
    pub(in super::super) parts: PartPlan,
    /// The checksum by which the whole is checked.
    pub(in super::super) algorithm: Algorithm,
}

impl KeptDownload {
    /// Goes on with the download that is noted, or begins one and notes it. None where another process is at it.
    pub(in super::super) fn begin(getting: &Getting<'_>) -> io::Result<Option<(TemporaryFile, Self)>> {
        let &Getting { lane, bucket, key, etag, path, parts, algorithm } = getting;
        let settings = &lane.shared.settings;
        let Some(cache) = settings.notes.as_ref().filter(|_| settings.resumes) else { return Ok(None) };
        let target = path.to_string_lossy();
        let name = note_name(lane, "download", bucket, key, &target);
        // So many characters of the hash tell apart what goes into one folder.
        let mark = name.trim_start_matches("download-").chars().take(8).collect::<String>();
        let Some(claim) = Claim::take(cache, name) else { return Ok(None) };
        let partial = TemporaryFile::partial_path(path, &mark);
        let of = OfObject {
            size: parts.size,
            e_tag: etag.to_owned(),
            part_size: parts.part_size,
            algorithm: algorithm.name().to_owned(),
        };
        let noted = claim.read::<DownloadMore>();
        let noted = noted.filter(|note| note.more.of == of && note.more.parts.len() == parts.count());
        let there = fs::metadata(&partial).is_ok_and(|metadata| metadata.len() == parts.size);
        let (note, file) = if let Some(note) = noted.filter(|_| there) {
            (note, TemporaryFile::go_on(&partial, path)?)
        } else {
            let more = DownloadMore { of, partial: partial.clone(), parts: vec![None; parts.count()] };
            let note = Note::new(lane, bucket, key, &target, more);
            claim.write(&note);
            (note, TemporaryFile::begin_partial(&partial, path)?)
        };
        file.file.set_len(parts.size)?;
        let state = Mutex::new(State { note, changed: false, written: Instant::now() });
        Ok(Some((file, Self { s3: lane.s3.clone(), claim, algorithm, state })))
    }

    /// By which checksum parts are known.
    pub(in super::super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The checksum of a part that is there, and is what it was.
    pub(in super::super) fn part(
        &self,
        file: &File,
        index: usize,
        stretch: (u64, u64),
    ) -> io::Result<Option<u64>> {
        let noted = self.state.lock().expect("no holder panics").note.more.parts[index];
        if noted.is_none() {
            return Ok(None);
        }
        let crc = sums_of(file, stretch, Some(self.algorithm), false)?.crc;
        Ok(crc.filter(|_| crc == noted))
    }

    /// Whether a part is noted as one that is there.
    pub(in super::super) fn notes(&self, index: usize) -> bool {
        self.state.lock().expect("no holder panics").note.more.parts[index].is_some()
    }

    /// A part has come.
    pub(in super::super) fn add(&self, index: usize, crc: u64) {
        let mut state = self.state.lock().expect("no holder panics");
        state.note.more.parts[index] = Some(crc);
        state.changed = true;
        if state.written.elapsed() >= BETWEEN_NOTES {
            self.write(&mut state);
        }
    }

    fn write(&self, state: &mut State) {
        state.note.touched_at = self.s3.unix_time();
        self.claim.write(&state.note);
        (state.changed, state.written) = (false, Instant::now());
    }

    /// The download is over.
    pub(in super::super) fn end(&self) {
        self.state.lock().expect("no holder panics").changed = false;
        self.claim.end();
    }
}

impl Drop for KeptDownload {
    fn drop(&mut self) {
        if let Ok(mut state) = self.state.lock()
            && state.changed
        {
            self.write(&mut state);
        }
    }
}
