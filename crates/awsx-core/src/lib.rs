//! The user's AWS files and settings.
//!
//! What stands in `~/.aws`, what it means, where each value came from, and how it is written back without
//! harm. This crate opens no socket, starts no runtime and knows no terminal.

pub mod env;
pub mod ini;
pub mod profile;
pub mod secret;
pub mod settings;
pub mod store;
pub mod timestamp;
pub mod words;

pub use env::Env;
pub use secret::Secret;
