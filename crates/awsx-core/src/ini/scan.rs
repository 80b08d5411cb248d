//! Where things are in the text: one pass over the lines, in the order Python's parser decides.
//!
//! The rules that surprise: only a whole line is a comment; a line indented deeper than the key above it continues
//! that key's value, whatever it looks like, even a header; and since the depth of a key is what counts, keys of one
//! section can only move to the left.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::header::SectionName;
use super::{ParseError, Problem};

/// The name of the section whose keys every other section inherits.
pub(super) const DEFAULTS_HEADER: &str = "DEFAULT";

/// What lines below a key without a value are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    /// A block of keys, each of them with `=`.
    Nested,
    /// Text. Nothing in them is wrong, so what was checked before is read like this too.
    Text,
}

/// Where the parts of a text are.
pub(super) struct Scan {
    pub(super) preamble_end: usize,
    pub(super) sections: Vec<SectionSpans>,
    /// The keys of the last section. Those of the others are checked but not kept, because a command asks for one or
    /// two profiles of thousands; [`entries`] finds them again.
    pub(super) entries: Vec<EntrySpans>,
    pub(super) defaults: Vec<usize>,
    pub(super) line_ending: &'static str,
}

/// A section: from the line of its header to the line before the next one. Offsets count from its first byte.
#[derive(Clone)]
pub(super) struct SectionSpans {
    pub(super) text: SectionText,
    pub(super) header: Range<usize>,
    /// Line of the header in the whole document, counted from 1.
    pub(super) line: usize,
    pub(super) line_count: usize,
    pub(super) is_defaults: bool,
}

/// Whose bytes a section is made of.
#[derive(Clone)]
pub(super) enum SectionText {
    Source(Range<usize>),
    Edited(String),
}

/// A key with its value. Offsets count from the first byte of the section.
#[derive(Clone)]
pub(super) struct EntrySpans {
    /// Start of the key's line, so before its indentation.
    pub(super) start: usize,
    pub(super) key: Range<usize>,
    /// The key in lower case where it is written otherwise.
    pub(super) lower_key: Option<Box<str>>,
    /// What stands behind the delimiter on the key's line, trimmed.
    pub(super) value: Range<usize>,
    /// End of the key's line, line break included.
    pub(super) line_end: usize,
    /// End of the last continuation line; the same as `line_end` when there is none.
    pub(super) end: usize,
    /// Line of the key, counted from 0 at the section's header.
    pub(super) line: usize,
}

impl SectionSpans {
    pub(super) fn text<'a>(&'a self, source: &'a str) -> &'a str {
        match &self.text {
            SectionText::Source(range) => &source[range.clone()],
            SectionText::Edited(text) => text,
        }
    }

    pub(super) fn header<'a>(&'a self, source: &'a str) -> &'a str {
        &self.text(source)[self.header.clone()]
    }

    pub(super) fn is_named(&self, source: &str, name: &SectionName) -> bool {
        let header = self.header(source);
        !self.is_defaults
            && match name {
                SectionName::Plain(plain) => header == plain,
                _ => SectionName::parse_config_header(header).as_ref() == Some(name),
            }
    }
}

impl EntrySpans {
    pub(super) fn key<'a>(&'a self, section: &'a str) -> &'a str {
        self.lower_key.as_deref().unwrap_or(&section[self.key.clone()])
    }

    pub(super) fn has_continuation(&self) -> bool {
        self.end > self.line_end
    }

    /// A block of nested keys: nothing behind the delimiter, but lines below.
    pub(super) fn is_nested(&self) -> bool {
        self.value.is_empty() && self.has_continuation()
    }
}

/// Checks the encoding. Python reads a byte order mark as text in front of the first header, and fails.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, ParseError> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(ParseError { line: 1, problem: Problem::ByteOrderMark });
    }
    str::from_utf8(bytes).map_err(|err| {
        let readable = str::from_utf8(&bytes[..err.valid_up_to()]).expect("valid up to here");
        let line =
            Lines::new(readable).filter(|line| ends_with_line_break(&readable[line.clone()])).count() + 1;
        ParseError { line, problem: Problem::NotUtf8 }
    })
}

/// Finds every section and key, or the first line that cannot be read.
pub(super) fn scan(text: &str, blocks: Blocks) -> Result<Scan, ParseError> {
    let mut scanner = Scanner::new(text, blocks);
    for (line_index, line) in Lines::new(text).enumerate() {
        scanner.line_count = line_index + 1;
        scanner.line(line).map_err(|problem| ParseError { line: line_index + 1, problem })?;
    }
    Ok(scanner.finish())
}

/// Finds the keys of one section in its text.
pub(super) fn entries(section: &str) -> Vec<EntrySpans> {
    scan(section, Blocks::Text).expect("the section was scanned before").entries
}

struct Scanner<'a> {
    text: &'a str,
    blocks: Blocks,
    line_count: usize,
    preamble_end: usize,
    sections: Vec<SectionSpans>,
    /// Where the open section starts, and its keys so far.
    section_start: usize,
    entries: Vec<EntrySpans>,
    defaults: Vec<usize>,
    /// Indentation of the last key or header: deeper lines continue the key.
    indent: usize,
    headers: HashSet<&'a str>,
    keys: SeenKeys<'a>,
    default_keys: SeenKeys<'a>,
    line_breaks: LineBreaks,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, blocks: Blocks) -> Scanner<'a> {
        Scanner {
            text,
            blocks,
            line_count: 0,
            preamble_end: text.len(),
            sections: Vec::new(),
            section_start: 0,
            entries: Vec::new(),
            defaults: Vec::new(),
            indent: 0,
            headers: HashSet::new(),
            keys: SeenKeys::default(),
            default_keys: SeenKeys::default(),
            line_breaks: LineBreaks::default(),
        }
    }

    fn line(&mut self, line: Range<usize>) -> Result<(), Problem> {
        let whole = &self.text[line.clone()];
        self.line_breaks.count(whole);
        let indented = trim_end(whole);
        let content = trim_start(indented);
        if content.is_empty() || is_comment(content) {
            return Ok(());
        }
        let blanks = indented.len() - content.len();
        let indent = whole[..blanks].chars().count();
        if indent > self.indent && self.continue_value(&line, content)? {
            return Ok(());
        }
        self.indent = indent;
        let content_start = line.start + blanks;
        if let Some(header) = header_of(content) {
            self.open_section(line.start, content_start, header)
        } else {
            self.add_entry(&line, content_start, content)
        }
    }

    /// Adds the line to the value above it, if there is a key that it can belong to.
    fn continue_value(&mut self, line: &Range<usize>, content: &str) -> Result<bool, Problem> {
        let Some(entry) = self.entries.last_mut() else { return Ok(false) };
        if self.blocks == Blocks::Nested && entry.value.is_empty() && !content.contains('=') {
            let key = entry.key(&self.text[self.section_start..]).to_owned();
            return Err(Problem::NestedLineWithoutEquals { key });
        }
        entry.end = line.end - self.section_start;
        Ok(true)
    }

    fn open_section(&mut self, start: usize, content_start: usize, header: &'a str) -> Result<(), Problem> {
        let is_defaults = header == DEFAULTS_HEADER;
        if is_defaults {
            self.defaults.push(self.sections.len());
        } else if !self.headers.insert(header) {
            return Err(Problem::DuplicateSection { header: header.to_owned() });
        }
        self.close_section(start, self.line_count - 1);
        self.section_start = start;
        self.entries.clear();
        self.keys.clear();
        let header_start = content_start + 1 - start;
        self.sections.push(SectionSpans {
            text: SectionText::Source(start..self.text.len()),
            header: header_start..header_start + header.len(),
            line: self.line_count,
            line_count: 0,
            is_defaults,
        });
        Ok(())
    }

    fn add_entry(
        &mut self,
        line: &Range<usize>,
        content_start: usize,
        content: &'a str,
    ) -> Result<(), Problem> {
        let Some(section) = self.sections.last() else { return Err(Problem::BeforeFirstSection) };
        let delimiter = content.find(['=', ':']).ok_or(Problem::NoDelimiter)?;
        let key = trim_end(&content[..delimiter]);
        if key.is_empty() {
            return Err(Problem::EmptyKey);
        }
        let value = trim_start(&content[delimiter + 1..]);
        let lower_key = lower_case(key);
        let seen = if section.is_defaults { &mut self.default_keys } else { &mut self.keys };
        let name = lower_key.as_deref().map_or(Cow::Borrowed(key), |lower| Cow::Owned(lower.to_owned()));
        if !seen.insert(name) {
            let section_text = &self.text[self.section_start..];
            return Err(Problem::DuplicateKey {
                key: lower_key.as_deref().unwrap_or(key).to_owned(),
                header: section_text[section.header.clone()].to_owned(),
            });
        }
        let key_start = content_start - self.section_start;
        let content_end = key_start + content.len();
        self.entries.push(EntrySpans {
            start: line.start - self.section_start,
            key: key_start..key_start + key.len(),
            lower_key,
            value: content_end - value.len()..content_end,
            line_end: line.end - self.section_start,
            end: line.end - self.section_start,
            line: self.line_count - section.line,
        });
        Ok(())
    }

    /// Ends the open section, or the preamble, at the offset `end` after `line_count` lines of the whole text.
    fn close_section(&mut self, end: usize, line_count: usize) {
        let Some(section) = self.sections.last_mut() else {
            self.preamble_end = end;
            return;
        };
        section.text = SectionText::Source(self.section_start..end);
        section.line_count = line_count + 1 - section.line;
    }

    fn finish(mut self) -> Scan {
        self.close_section(self.text.len(), self.line_count);
        Scan {
            preamble_end: self.preamble_end,
            sections: self.sections,
            entries: self.entries,
            defaults: self.defaults,
            line_ending: self.line_breaks.dominant(),
        }
    }
}

/// The text between the first `[` and the last `]` of a line that starts with `[`. What follows is ignored.
fn header_of(content: &str) -> Option<&str> {
    let inside = content.strip_prefix('[')?;
    let header = &inside[..inside.rfind(']')?];
    (!header.is_empty()).then_some(header)
}

fn lower_case(key: &str) -> Option<Box<str>> {
    if key.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return None;
    }
    let lower = key.to_lowercase();
    (lower != key).then(|| lower.into_boxed_str())
}

/// The keys of a section so far. Nearly every section is short enough for comparing to beat hashing.
#[derive(Default)]
struct SeenKeys<'a> {
    first: Vec<Cow<'a, str>>,
    others: HashSet<Cow<'a, str>>,
}

impl<'a> SeenKeys<'a> {
    const COMPARED: usize = 16;

    fn insert(&mut self, key: Cow<'a, str>) -> bool {
        if self.first.contains(&key) {
            return false;
        }
        if self.first.len() < Self::COMPARED {
            self.first.push(key);
            return true;
        }
        self.others.insert(key)
    }

    fn clear(&mut self) {
        self.first.clear();
        self.others.clear();
    }
}

#[derive(Default)]
struct LineBreaks {
    line_feeds: usize,
    pairs: usize,
    carriage_returns: usize,
}

impl LineBreaks {
    fn count(&mut self, line: &str) {
        match line.as_bytes() {
            [.., b'\r', b'\n'] => self.pairs += 1,
            [.., b'\n'] => self.line_feeds += 1,
            [.., b'\r'] => self.carriage_returns += 1,
            _ => {}
        }
    }

    fn dominant(&self) -> &'static str {
        if self.line_feeds >= self.pairs.max(self.carriage_returns) {
            "\n"
        } else if self.pairs >= self.carriage_returns {
            "\r\n"
        } else {
            "\r"
        }
    }
}

/// Lines with their line breaks. As in Python's text files a lone carriage return ends a line too.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl Lines<'_> {
    pub(super) fn new(text: &str) -> Lines<'_> {
        Lines { text, at: 0 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        if rest.is_empty() {
            return None;
        }
        let length = match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(position) if rest[position..].starts_with(b"\r\n") => position + 2,
            Some(position) => position + 1,
            None => rest.len(),
        };
        self.at = start + length;
        Some(start..self.at)
    }
}

/// The line break at the end of a line, empty when it has none.
pub(super) fn line_break(line: &str) -> &str {
    &line[line.trim_end_matches(['\r', '\n']).len()..]
}

pub(super) fn ends_with_line_break(text: &str) -> bool {
    text.ends_with(['\n', '\r'])
}

pub(super) fn is_comment(content: &str) -> bool {
    content.starts_with(['#', ';'])
}

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// What Python strips: Unicode's white space and the four ASCII separators.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}
