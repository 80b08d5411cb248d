//! What happened.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::TransferError;
use crate::Stored;
use crate::plan::{PlanError, Task, Warning};
use crate::wire::Meter;

/// Something to tell.
#[derive(Debug)]
pub enum Event {
    /// A task is done, the one that was put in as this number, and what S3 tells of its object.
    Done(u64, Task, Stored),
    /// A task had nothing to do, since what it would write is there.
    Passed(u64, Task),
    /// A task was not even put in, since what it would write is there.
    Skipped(Task),
    /// A task would be done.
    DryRun(Task),
    /// A task failed.
    Failed(u64, Task, TransferError),
    /// Something was passed over, or is not quite as it should be.
    Warned(Warning),
    /// A text for standard error that counts for nothing.
    Noted(String),
    /// Everything is planned.
    Planned,
    /// Planning failed.
    Fatal(PlanError),
    /// The person wants no more.
    Interrupted,
}

/// Counts for progress, kept while events are on their way.
#[derive(Debug, Default)]
pub struct Tally {
    /// Bytes that have moved.
    pub moved: Meter,
    /// Bytes to be moved, as far as planned.
    pub expected_bytes: AtomicU64,
    /// Bytes that will not move, since their task failed.
    pub failed_bytes: AtomicU64,
    /// Tasks that are planned.
    pub expected_tasks: AtomicU64,
    /// Tasks that are over, failed ones too.
    pub tasks: AtomicU64,
    /// Whether everything is planned.
    pub is_planned: AtomicBool,
}

impl Tally {
    pub(crate) fn expect(&self, bytes: u64) {
        self.expected_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.expected_tasks.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn end_task(&self) {
        self.tasks.fetch_add(1, Ordering::Relaxed);
    }
}
