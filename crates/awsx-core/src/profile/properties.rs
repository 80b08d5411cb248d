//! The values of one section, in file order, each with its place.

use std::fmt;

use super::File;
use crate::ini::{self, Document};

/// File and line of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file.
    pub file: File,
    /// Counted from 1.
    pub line: usize,
}

/// A value as the files can hold it.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Text; the lines of a multi-line value are joined with `\n`.
    Text(String),
    /// A block of its own keys, such as `s3 =`, in file order.
    Nested(Vec<(String, String)>),
}

/// One key of a section.
#[derive(Clone)]
pub struct Property {
    /// The key, in lower case.
    pub key: String,
    /// What it is set to.
    pub value: Value,
    /// Where.
    pub place: Place,
}

/// The keys of one section, or of several laid over each other.
#[derive(Clone, Default)]
pub struct Properties(Vec<Property>);

impl Properties {
    pub(super) fn read(document: &Document, position: usize, file: File) -> Self {
        let section = document.section_at(position).expect("positions come from this document");
        let properties = section.entries().map(|entry| Property {
            key: entry.key().to_owned(),
            value: match entry.value() {
                ini::Value::Text(text) => Value::Text(text.into_owned()),
                ini::Value::Nested(block) => Value::Nested(
                    block.into_iter().map(|(key, value, _)| (key.to_owned(), value.to_owned())).collect(),
                ),
            },
            place: Place { file, line: entry.line() },
        });
        Self(properties.collect())
    }

    /// Replaces and adds the keys of `upper`.
    pub(super) fn lay_over(&mut self, upper: Self) {
        for property in upper.0 {
            match self.0.iter_mut().find(|lower| lower.key == property.key) {
                Some(lower) => *lower = property,
                None => self.0.push(property),
            }
        }
    }

    /// The key with its place.
    pub fn property(&self, key: &str) -> Option<&Property> {
        self.0.iter().find(|property| property.key == key)
    }

    /// The key's text; none when it is a block.
    pub fn text(&self, key: &str) -> Option<&str> {
        match &self.property(key)?.value {
            Value::Text(text) => Some(text),
            Value::Nested(_) => None,
        }
    }

    /// The text of `sub_key` in the block `key`.
    pub fn nested(&self, key: &str, sub_key: &str) -> Option<&str> {
        match &self.property(key)?.value {
            Value::Text(_) => None,
            Value::Nested(block) => {
                block.iter().find(|(name, _)| name == sub_key).map(|(_, value)| value.as_str())
            }
        }
    }

    /// All keys in order.
    pub fn iter(&self) -> impl Iterator<Item = &Property> {
        self.0.iter()
    }

    /// Whether no key is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Keys only: values may be secrets.
impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|property| &property.key)).finish()
    }
}
