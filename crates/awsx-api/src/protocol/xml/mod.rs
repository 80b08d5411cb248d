//! XML: written by the model, read into a small tree and then by the model.

mod read;
mod tree;
mod write;

pub(super) use read::{Reader, scalar};
pub(super) use tree::Element;
pub(super) use write::document;
