//! Reading a document: sections, keys, values.

use std::borrow::Cow;
use std::fmt;

use super::Document;
use super::header::SectionName;
use super::scan::{self, EntrySpans, Lines, SectionSpans};

/// One section of a document.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    document: &'a Document,
    spans: &'a SectionSpans,
}

impl<'a> Section<'a> {
    pub(super) fn new(document: &'a Document, spans: &'a SectionSpans) -> Section<'a> {
        Section { document, spans }
    }

    /// The text between the brackets, as written.
    pub fn header(&self) -> &'a str {
        self.spans.header(&self.document.source)
    }

    /// What the header means in a *config* file; nothing when the section is to be ignored.
    ///
    /// In the credentials file the header itself is the profile's name.
    pub fn name(&self) -> Option<SectionName> {
        SectionName::parse_config_header(self.header())
    }

    /// Whether a text stands anywhere in the section, comments included.
    pub fn mentions(&self, text: &str) -> bool {
        self.spans.text(&self.document.source).contains(text)
    }

    /// The line of the header, counted from 1.
    pub fn line(&self) -> usize {
        self.spans.line
    }

    /// Lists the section's keys in file order, then those it inherits from `[DEFAULT]`.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let mut entries = self.own_entries();
        let own = entries.len();
        for &position in &self.document.defaults {
            let defaults = Section::new(self.document, &self.document.sections[position]);
            let inherited = defaults.own_entries().into_iter();
            let missing = inherited.filter(|entry| entries[..own].iter().all(|own| own.key() != entry.key()));
            let missing: Vec<_> = missing.collect();
            entries.extend(missing);
        }
        entries.into_iter()
    }

    /// Finds a key by its lower-case name.
    pub fn entry(&self, key: &str) -> Option<Entry<'a>> {
        self.entries().find(|entry| entry.key() == key)
    }

    fn own_entries(self) -> Vec<Entry<'a>> {
        let text = self.spans.text(&self.document.source);
        let line = self.spans.line;
        let entries = scan::entries(text).into_iter();
        entries.map(|spans| Entry { section: text, line: line + spans.line, spans }).collect()
    }
}

impl fmt::Debug for Section<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.entries().map(|entry| entry.key().to_owned()).collect();
        formatter.debug_struct("Section").field("header", &self.header()).field("keys", &keys).finish()
    }
}

/// One key of a section.
#[derive(Clone)]
pub struct Entry<'a> {
    section: &'a str,
    spans: EntrySpans,
    line: usize,
}

impl<'a> Entry<'a> {
    /// The key in lower case.
    pub fn key(&self) -> &str {
        self.spans.key(self.section)
    }

    /// The value, put together from all its lines.
    pub fn value(&self) -> Value<'a> {
        let first = &self.section[self.spans.value.clone()];
        if !self.spans.has_continuation() {
            Value::Text(Cow::Borrowed(first))
        } else if self.spans.is_nested() {
            Value::Nested(self.nested().collect())
        } else {
            Value::Text(Cow::Owned(self.text()))
        }
    }

    /// All lines of the value joined with `\n`, for files that know no nested blocks.
    pub fn text(&self) -> String {
        let mut text = self.section[self.spans.value.clone()].to_owned();
        if self.spans.has_continuation() {
            for (line, _) in self.continuation() {
                text.push('\n');
                text.push_str(line);
            }
        }
        text
    }

    /// The line of the key, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    fn nested(&self) -> impl Iterator<Item = (&'a str, &'a str, usize)> + use<'a> {
        self.continuation().filter_map(|(line, number)| {
            let (key, value) = line.split_once('=')?;
            Some((scan::trim(key), scan::trim(value), number))
        })
    }

    /// The trimmed lines below the key's own that belong to its value, blank ones included, with their numbers.
    fn continuation(&self) -> impl Iterator<Item = (&'a str, usize)> + use<'a> {
        let text = &self.section[self.spans.line_end..self.spans.end];
        let lines = Lines::new(text).map(|line| scan::trim(&text[line]));
        lines.zip(self.line + 1..).filter(|(line, _)| !scan::is_comment(line))
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Entry")
            .field("key", &self.key())
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// What a key is set to.
#[derive(Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text, its continuation lines joined with `\n`.
    Text(Cow<'a, str>),
    /// A block of `key = value` lines: key as written, value, line. The last of equal keys counts.
    Nested(Vec<(&'a str, &'a str, usize)>),
}

impl<'a> Value<'a> {
    /// The text, unless the value is a nested block.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Nested(_) => None,
        }
    }

    /// What `sub_key` is set to in a nested block.
    pub fn nested(&self, sub_key: &str) -> Option<&'a str> {
        match self {
            Value::Text(_) => None,
            Value::Nested(lines) => {
                lines.iter().rev().find(|(key, ..)| *key == sub_key).map(|(_, value, _)| *value)
            }
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(_) => formatter.write_str("Text(****)"),
            Value::Nested(lines) => {
                let keys: Vec<_> = lines.iter().map(|(key, ..)| *key).collect();
                write!(formatter, "Nested({keys:?})")
            }
        }
    }
}
