//! Does what was planned: lanes on a few threads take tasks and parts of tasks from one queue.
//!
//! Each thread has a runtime and connections of its own, so nothing is handed between threads but tasks. What came of
//! them is told as [`Event`]s; how that is shown is not known here.

mod annotations;
mod copy;
mod delete;
mod download;
mod engine;
mod error;
mod event;
mod getting;
mod kept;
mod lane;
mod lost;
mod multipart;
mod parts;
mod queue;
mod settings;
mod single;
mod stream;
mod upload;

pub use engine::Engine;
pub use error::TransferError;
pub use event::{Event, Tally};
pub use parts::PartPlan;
pub use settings::{CopyProps, PART_SIZE, TransferSettings};
pub use single::Single;
