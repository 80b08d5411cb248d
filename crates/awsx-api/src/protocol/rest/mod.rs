//! The protocols with paths of their own: members in path, query, headers and body, the body in JSON or XML.

mod read;
mod write;

pub(super) use read::{read_answer, read_members};
pub(super) use write::write_request;
