//! S3 listings and transfers, usable without the command line.
//!
//! [`plan`] finds out what to do, [`transfer`] does it on a few threads and tells what happened, and both make their
//! requests through [`wire`]. Memory grows with none of what is listed or moved. What is shown, and how, is not known
//! here.

pub mod bandwidth;
pub mod bench;
pub mod filter;
pub mod glob;
pub mod list;
pub mod mime;
pub mod operations;
pub mod options;
pub mod plan;
pub mod transfer;
pub mod wire;

mod files;
mod pace;
mod stored;
mod time;
mod uri;

pub use awsx_api::wire::checksum;
pub use stored::Stored;
pub use time::Time;
pub use uri::{S3Uri, UnsupportedResource};
