//! A task that is done in parts, by whichever lanes are free.

use std::fs::File;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::annotations::Annotation;
use super::kept::{KeptDownload, KeptUpload};
use super::parts::PartPlan;
use super::{TransferError, copy, download, upload};
use crate::Stored;
use crate::checksum::Algorithm;
use crate::files::TemporaryFile;
use crate::operations::Part;
use crate::plan::Task;
use crate::transfer::lane::Lane;

/// A task under way in parts.
#[derive(Debug)]
pub(super) struct Multipart {
    /// The task's number.
    pub(super) number: u64,
    pub(super) task: Task,
    pub(super) parts: PartPlan,
    /// The parts that are done together, by their indexes.
    pub(super) runs: Vec<Range<usize>>,
    pub(super) kind: Kind,
    /// How many runs are not over.
    left: AtomicUsize,
    has_failed: AtomicBool,
    failure: Mutex<Option<TransferError>>,
}

/// What is done with each part.
#[derive(Debug)]
pub(super) enum Kind {
    /// Parts of a file go up.
    Upload { file: Arc<File>, upload: String, done: Mutex<Vec<Option<Part>>>, kept: Option<KeptUpload> },
    /// Parts of an object become parts of another.
    Copy {
        source: String,
        upload: String,
        tags: Vec<(String, String)>,
        annotations: Vec<Annotation>,
        done: Mutex<Vec<Option<Part>>>,
        kept: Option<KeptUpload>,
    },
    /// Parts of an object go into a file.
    Download {
        file: Mutex<Option<TemporaryFile>>,
        handle: Arc<File>,
        expected: Option<(Algorithm, String)>,
        crcs: Mutex<Vec<u64>>,
        kept: Option<Box<KeptDownload>>,
    },
}

impl Multipart {
    /// With as many runs under way at once as there are `lanes`.
    pub(super) fn new(number: u64, task: Task, parts: PartPlan, lanes: usize, kind: Kind) -> Arc<Self> {
        let runs = match &kind {
            Kind::Download { .. } => parts.runs(lanes),
            // A part of an upload is a request.
            Kind::Upload { .. } | Kind::Copy { .. } => parts.singles(),
        };
        Arc::new(Self {
            number,
            task,
            parts,
            left: AtomicUsize::new(runs.len()),
            runs,
            kind,
            has_failed: AtomicBool::new(false),
            failure: Mutex::new(None),
        })
    }

    /// Whether a part has failed for good, so that the others would be in vain.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Does a run of parts. Whoever does the last one ends the task and says how.
    pub(super) async fn do_run(&self, lane: &Lane, run: usize) -> Option<Result<Stored, TransferError>> {
        if !self.has_failed() {
            let run = self.runs[run].clone();
            let done = match &self.kind {
                Kind::Upload { .. } => upload::part(lane, self, run.start).await,
                Kind::Copy { .. } => copy::part(lane, self, run.start).await,
                Kind::Download { .. } => download::run(lane, self, run).await,
            };
            if let Err(error) = done {
                self.has_failed.store(true, Ordering::Relaxed);
                self.failure.lock().expect("no holder panics").get_or_insert(error);
            }
        }
        if self.left.fetch_sub(1, Ordering::AcqRel) > 1 {
            return None;
        }
        let failure = self.failure.lock().expect("no holder panics").take();
        Some(match &self.kind {
            Kind::Upload { .. } => upload::end(lane, self, failure).await,
            Kind::Copy { .. } => copy::end(lane, self, failure).await,
            Kind::Download { .. } => download::end(lane, self, failure),
        })
    }
}
