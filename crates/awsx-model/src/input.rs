//! A value for an operation's input.
//!
//! What the command line, a JSON file or a program gives becomes this, checked against the model; a protocol writes it to
//! the wire. It stands here because both sides need it and neither may know the other.

use std::path::PathBuf;

use indexmap::IndexMap;

/// A value for an operation's input, of the type its shape asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Nothing, where lists or maps are sparse and in documents. Members that are not set are left out instead.
    Null,
    /// For booleans.
    Boolean(bool),
    /// For integers and longs.
    Integer(i64),
    /// For floats and doubles.
    Float(f64),
    /// For strings.
    Text(String),
    /// For blobs.
    Blob(Vec<u8>),
    /// For streaming blobs: the file whose bytes are sent, never held in memory whole.
    File(PathBuf),
    /// For timestamps.
    Moment(Moment),
    /// For lists, in order.
    List(Vec<Input>),
    /// For structures (by the model's names of their members) and maps, in the order given.
    Map(IndexMap<String, Input>),
}

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970 began in UTC; negative before.
    pub seconds: i64,
    /// Nanoseconds after that second.
    pub nanoseconds: u32,
}

impl Input {
    /// An empty structure.
    pub fn empty() -> Self {
        Self::Map(IndexMap::new())
    }

    /// A structure or map of these.
    pub fn map<const N: usize>(entries: [(&str, Input); N]) -> Self {
        Self::Map(entries.into_iter().map(|(name, entry)| (name.to_owned(), entry)).collect())
    }

    /// The member or entry of this name.
    pub fn get(&self, name: &str) -> Option<&Input> {
        match self {
            Self::Map(entries) => entries.get(name),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<String> for Input {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Input {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
