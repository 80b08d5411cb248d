//! A user's own access keys: which there are, and new ones in the place of old ones.
//!
//! Knows IAM and the user's files, not how things are shown.

mod error;
mod files;
mod journal;
mod list;
mod rotation;

pub use error::KeysError;
pub use list::{AccessKey, LastUse, list};
pub use rotation::{Progress, Rotation, RotationEnd, rotate};
