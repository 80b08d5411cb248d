//! What to do: sources and targets compared, filtered and turned into tasks, one after the other.
//!
//! Nothing here is kept for longer than a page of a listing or the names of one folder, so the number of objects does
//! not matter. Who does the work, and how it is shown, is not known here.

mod compare;
mod content;
mod item;
mod paths;
mod planner;
mod source;
mod task;
mod walk;
mod warning;

pub use compare::{Comparison, Strategy};
pub use content::ContentCheck;
pub use item::{Item, Place};
pub use paths::{Location, Paths};
pub use planner::{CaseConflict, Job, PlanError, Planner, Sink};
pub use source::{Lookup, Source};
pub use task::{Label, Task, Verb, relative_path};
pub use walk::{Found, Walk};
pub use warning::Warning;
