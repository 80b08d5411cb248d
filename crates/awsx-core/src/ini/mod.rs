//! AWS's configuration files as text: parse, look up, edit in place, write back.
//!
//! The dialect is the one the AWS CLI reads, which is Python's `RawConfigParser` in strict mode plus one level of
//! nested blocks. A document keeps the text it was parsed from, so whatever an edit does not touch comes back byte for
//! byte: comments, blank lines, odd spacing, line endings. It knows what a section header *names*, but not what any
//! key means, and it never touches the disk.

mod edit;
mod error;
mod header;
mod scan;
mod view;

use std::collections::HashMap;
use std::fmt;

pub use edit::Change;
pub use error::{EditError, ParseError, Problem};
pub use header::SectionName;
use scan::{Blocks, SectionSpans};
pub use view::{Entry, Section, Value};

/// A parsed file that remembers every byte of itself.
///
/// `Debug` shows its shape only: these files hold secrets.
#[derive(Clone)]
pub struct Document {
    /// The text as parsed. Sections point into it until they are edited, and own their text from then on.
    source: String,
    /// Comments and blank lines above the first header.
    preamble: String,
    sections: Vec<SectionSpans>,
    /// Positions of the `[DEFAULT]` sections, whose keys every other section inherits.
    defaults: Vec<usize>,
    line_ending: &'static str,
    /// Built by the first edit: parsing alone does not need it.
    index: Option<HashMap<SectionName, usize>>,
}

impl Document {
    /// Parses a whole file.
    pub fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
        Self::parse_with(bytes, Blocks::Nested)
    }

    /// Parses a whole file in which lines below a key are text, whatever they hold.
    pub fn parse_flat(bytes: &[u8]) -> Result<Document, ParseError> {
        Self::parse_with(bytes, Blocks::Text)
    }

    fn parse_with(bytes: &[u8], blocks: Blocks) -> Result<Document, ParseError> {
        let text = scan::decode(bytes)?;
        let scanned = scan::scan(text, blocks)?;
        Ok(Document {
            source: text.to_owned(),
            preamble: text[..scanned.preamble_end].to_owned(),
            sections: scanned.sections,
            defaults: scanned.defaults,
            line_ending: scanned.line_ending,
            index: None,
        })
    }

    /// The document of a file that does not exist yet.
    pub fn empty() -> Document {
        Document {
            source: String::new(),
            preamble: String::new(),
            sections: Vec::new(),
            defaults: Vec::new(),
            line_ending: "\n",
            index: None,
        }
    }

    /// Writes the document out: what was parsed, and what was edited since.
    pub fn render(&self) -> String {
        let sections = self.sections.iter().map(|section| section.text(&self.source));
        let length = self.preamble.len() + sections.clone().map(str::len).sum::<usize>();
        let mut text = String::with_capacity(length);
        text.push_str(&self.preamble);
        sections.for_each(|section| text.push_str(section));
        text
    }

    /// Lists the sections in file order, without `[DEFAULT]`, whose keys show up in every other section.
    pub fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        self.sections.iter().filter(|spans| !spans.is_defaults).map(|spans| Section::new(self, spans))
    }

    /// The section at a position among [`sections`](Self::sections).
    pub fn section_at(&self, position: usize) -> Option<Section<'_>> {
        if self.defaults.is_empty() {
            return self.sections.get(position).map(|spans| Section::new(self, spans));
        }
        self.sections().nth(position)
    }

    /// Finds the section that counts for `name`: the last one that means it.
    ///
    /// [`SectionName::Plain`] is compared with the header as it is written, the others with what the header means.
    pub fn section(&self, name: &SectionName) -> Option<Section<'_>> {
        let position = match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.sections.iter().rposition(|spans| spans.is_named(&self.source, name)),
        };
        position.map(|position| Section::new(self, &self.sections[position]))
    }

    /// Whether there is not a single byte in the document.
    pub fn is_empty(&self) -> bool {
        self.preamble.is_empty() && self.sections.is_empty()
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Document").field("sections", &self.sections.len()).finish_non_exhaustive()
    }
}
