//! Changing a document one section at a time.
//!
//! The look of what is written is the AWS CLI's: `key = value`, four blanks before a nested key, a new section at the
//! end of the file. An edit rewrites the text of its section and scans that section again, so its cost does not depend
//! on how long the file is.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use super::header::SectionName;
use super::scan::{self, Blocks, EntrySpans, Lines, SectionSpans, SectionText};
use super::{Document, EditError};

const NESTED_INDENT: &str = "    ";

/// One change to a section. Keys are found in any case and keep the spelling of the file; nested keys are exact.
///
/// `Debug` leaves out the value: it may be secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets a key, whatever it was set to before, a nested block included.
    Set {
        /// The key.
        key: String,
        /// Its new value, in one line.
        value: String,
    },
    /// Removes a key with its whole value.
    Remove {
        /// The key.
        key: String,
    },
    /// Sets one line of a nested block, which is created when it is missing.
    SetNested {
        /// The key that opens the block.
        key: String,
        /// The key inside the block.
        sub_key: String,
        /// Its new value, in one line.
        value: String,
    },
    /// Removes one line of a nested block, and with the last line the block.
    RemoveNested {
        /// The key that opens the block.
        key: String,
        /// The key inside the block.
        sub_key: String,
    },
}

impl Change {
    /// Sets `key` to `value`.
    pub fn set(key: impl Into<String>, value: impl Into<String>) -> Change {
        Change::Set { key: key.into(), value: value.into() }
    }

    /// Sets `sub_key` in the nested block `key` to `value`.
    pub fn set_nested(
        key: impl Into<String>,
        sub_key: impl Into<String>,
        value: impl Into<String>,
    ) -> Change {
        Change::SetNested { key: key.into(), sub_key: sub_key.into(), value: value.into() }
    }

    /// Removes `key`.
    pub fn remove(key: impl Into<String>) -> Change {
        Change::Remove { key: key.into() }
    }

    fn writes(&self) -> bool {
        matches!(self, Change::Set { .. } | Change::SetNested { .. })
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Set { key, .. } => write!(formatter, "Set({key})"),
            Change::Remove { key } => write!(formatter, "Remove({key})"),
            Change::SetNested { key, sub_key, .. } => write!(formatter, "SetNested({key}.{sub_key})"),
            Change::RemoveNested { key, sub_key } => write!(formatter, "RemoveNested({key}.{sub_key})"),
        }
    }
}

impl Document {
    /// Makes changes in one section, all or none. A missing section is created at the end, unless nothing is set.
    ///
    /// The section is found as [`Document::section`] finds it, so in whatever way its header is spelled.
    pub fn update(&mut self, section: &SectionName, changes: &[Change]) -> Result<(), EditError> {
        let header = checked_header(section)?;
        changes.iter().try_for_each(check_change)?;
        let position = match self.position(section) {
            Some(position) => position,
            None if !changes.is_empty() && !changes.iter().any(Change::writes) => return Ok(()),
            None => {
                check_header_reads_back(section, &header)?;
                self.append_section(section, &header)
            }
        };
        let mut draft = Draft {
            text: self.sections[position].text(&self.source).to_owned(),
            entries: scan::entries(self.sections[position].text(&self.source)),
            first_indent: self.header_indent(position + 1).to_owned(),
            is_last: position + 1 == self.sections.len(),
            has_grown: false,
            line_ending: self.line_ending,
        };
        for change in changes {
            draft.apply(change);
        }
        self.replace_section(position, draft.text);
        Ok(())
    }

    /// Removes every section that means `name`; says whether there was one.
    ///
    /// Comments below its last key stay: they usually belong to what follows.
    pub fn remove_section(&mut self, section: &SectionName) -> bool {
        let mut removed = false;
        while let Some(position) = self.position(section) {
            self.remove_section_at(position);
            removed = true;
        }
        removed
    }

    fn position(&mut self, name: &SectionName) -> Option<usize> {
        let index = self.index.get_or_insert_with(|| {
            let mut index = HashMap::with_capacity(2 * self.sections.len());
            for (position, spans) in self.sections.iter().enumerate().filter(|(_, spans)| !spans.is_defaults)
            {
                let header = spans.header(&self.source);
                index.extend(SectionName::parse_config_header(header).map(|name| (name, position)));
                index.insert(SectionName::Plain(header.to_owned()), position);
            }
            index
        });
        index.get(name).copied()
    }

    fn append_section(&mut self, name: &SectionName, header: &str) -> usize {
        let position = self.sections.len();
        let line = if let Some(last) = self.sections.last() {
            let text = last.text(&self.source);
            if !scan::ends_with_line_break(text) {
                let terminated = format!("{text}{}", self.line_ending);
                self.replace_section(position - 1, terminated);
            }
            let last = &self.sections[position - 1];
            last.line + last.line_count
        } else {
            if !self.preamble.is_empty() && !scan::ends_with_line_break(&self.preamble) {
                self.preamble.push_str(self.line_ending);
            }
            Lines::new(&self.preamble).count() + 1
        };
        self.sections.push(scan_section(format!("[{header}]{}", self.line_ending), line));
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), position);
            index.insert(SectionName::Plain(header.to_owned()), position);
        }
        position
    }

    fn remove_section_at(&mut self, position: usize) {
        let removed = self.sections.remove(position);
        let text = removed.text(&self.source);
        let body_end = match scan::entries(text).last() {
            Some(entry) => entry.end,
            None => Lines::new(text).next().map_or(0, |line| line.end),
        };
        let below = &text[body_end..];
        let kept_start = Lines::new(below).find(|line| !scan::trim(&below[line.clone()]).is_empty());
        let kept = kept_start.map_or("", |line| &below[line.start..]).to_owned();

        let previous = position.checked_sub(1).map(|previous| &self.sections[previous]);
        let key_indent = previous.and_then(|previous| {
            let text = previous.text(&self.source);
            Some(indent_of(text, scan::entries(text).last()?).chars().count())
        });
        let next_indent = self.header_indent(position);
        // Behind the keys of another section an indented header would read as the rest of a value.
        if key_indent.is_some_and(|key_indent| next_indent.chars().count() > key_indent) {
            let dedented = self.sections[position].text(&self.source)[next_indent.len()..].to_owned();
            self.replace_section(position, dedented);
        }
        if !kept.is_empty() {
            match position.checked_sub(1) {
                Some(previous) => {
                    let text = format!("{}{kept}", self.sections[previous].text(&self.source));
                    self.replace_section(previous, text);
                }
                None => self.preamble.push_str(&kept),
            }
        }
        self.renumber();
        self.index = None;
    }

    /// Puts a changed text in a section's place, and moves the line numbers below it.
    fn replace_section(&mut self, position: usize, text: String) {
        let old = &self.sections[position];
        if old.text(&self.source) == text {
            return;
        }
        let new = scan_section(text, old.line);
        let moved = new.line_count != old.line_count;
        self.sections[position] = new;
        if moved {
            self.renumber_from(position);
        }
    }

    /// Numbers all lines and finds the `[DEFAULT]` sections again, after a section went away.
    fn renumber(&mut self) {
        if let Some(first) = self.sections.first_mut() {
            first.line = Lines::new(&self.preamble).count() + 1;
        }
        self.renumber_from(0);
        let positions = 0..self.sections.len();
        self.defaults = positions.filter(|&position| self.sections[position].is_defaults).collect();
    }

    fn renumber_from(&mut self, position: usize) {
        let Some(mut line) = self.sections.get(position).map(|section| section.line) else { return };
        for section in &mut self.sections[position..] {
            section.line = line;
            line += section.line_count;
        }
    }

    /// What stands before the `[` of the section at `position`; nothing when there is no such section.
    fn header_indent(&self, position: usize) -> &str {
        match self.sections.get(position) {
            Some(section) => &section.text(&self.source)[..section.header.start - 1],
            None => "",
        }
    }
}

/// The text of one section while it changes.
struct Draft {
    text: String,
    entries: Vec<EntrySpans>,
    /// Indentation for the first key of an empty section: that of the next header, which would otherwise stand
    /// deeper than the key and so become part of its value.
    first_indent: String,
    /// Whether no other section follows in the file.
    is_last: bool,
    /// Whether a key was added already: the next one follows it.
    has_grown: bool,
    line_ending: &'static str,
}

impl Draft {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::Set { key, value } => self.set(key, value),
            Change::Remove { key } => self.remove(key),
            Change::SetNested { key, sub_key, value } => self.set_nested(key, sub_key, value),
            Change::RemoveNested { key, sub_key } => self.remove_nested(key, sub_key),
        }
        self.entries = scan::entries(&self.text);
    }

    fn set(&mut self, key: &str, value: &str) {
        match self.find(key) {
            Some(entry) => {
                let line = format!("{} = {value}", self.indented_key(&entry));
                self.replace_value(&entry, &[line]);
            }
            None => self.append(|indent| vec![format!("{indent}{key} = {value}")]),
        }
    }

    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.find(key) {
            self.replace_value(&entry, &[]);
        }
    }

    fn set_nested(&mut self, key: &str, sub_key: &str, value: &str) {
        let Some(entry) = self.find(key) else {
            return self.append(|indent| {
                vec![format!("{indent}{key} ="), format!("{indent}{NESTED_INDENT}{sub_key} = {value}")]
            });
        };
        if !entry.is_nested() {
            let indent = indent_of(&self.text, &entry);
            let block = format!("{indent}{NESTED_INDENT}{sub_key} = {value}");
            return self.replace_value(&entry, &[format!("{} =", self.indented_key(&entry)), block]);
        }
        let nested = nested_lines(&self.text, &entry);
        if let Some(line) = nested.iter().rev().find(|line| line.key == sub_key) {
            let whole = &self.text[line.range.clone()];
            let new = format!("{}{sub_key} = {value}{}", line.indent, scan::line_break(whole));
            self.text.replace_range(line.range.clone(), &new);
        } else {
            let indent = nested.first().map_or(NESTED_INDENT, |line| line.indent);
            let line = format!("{indent}{sub_key} = {value}");
            self.insert(self.place_in_block(entry.end), &[line]);
        }
    }

    fn remove_nested(&mut self, key: &str, sub_key: &str) {
        let Some(entry) = self.find(key).filter(EntrySpans::is_nested) else { return };
        let nested = nested_lines(&self.text, &entry);
        let (matching, others): (Vec<_>, Vec<_>) = nested.into_iter().partition(|line| line.key == sub_key);
        if others.is_empty() {
            return self.replace_value(&entry, &[]);
        }
        let ranges: Vec<_> = matching.into_iter().map(|line| line.range).collect();
        for range in ranges.into_iter().rev() {
            self.text.replace_range(range, "");
        }
    }

    fn find(&self, key: &str) -> Option<EntrySpans> {
        let key = key.to_lowercase();
        self.entries.iter().find(|entry| entry.key(&self.text) == key).cloned()
    }

    fn indented_key(&self, entry: &EntrySpans) -> &str {
        &self.text[entry.start..entry.key.end]
    }

    /// Puts lines in the place of an entry; comments between the lines of its old value stay.
    fn replace_value(&mut self, entry: &EntrySpans, lines: &[String]) {
        let old = &self.text[entry.start..entry.end];
        let comments: String = Lines::new(old)
            .skip(1)
            .map(|line| &old[line])
            .filter(|line| scan::is_comment(scan::trim(line)))
            .collect();
        let line_break = scan::line_break(&self.text[entry.start..entry.line_end]);
        let between = if line_break.is_empty() { self.line_ending } else { line_break };
        let mut new = lines.join(between);
        if !lines.is_empty() {
            new.push_str(line_break);
        }
        new.push_str(&comments);
        self.text.replace_range(entry.start..entry.end, &new);
    }

    /// Adds lines behind the last key, or behind the header when there is none.
    fn append(&mut self, lines: impl FnOnce(&str) -> Vec<String>) {
        let (end, indent) = match self.entries.last() {
            Some(last) => (last.end, indent_of(&self.text, last)),
            None => (Lines::new(&self.text).next().map_or(0, |line| line.end), self.first_indent.as_str()),
        };
        let lines = lines(indent);
        let at = if self.has_grown { end } else { self.place_below(end) };
        self.insert(at, &lines);
        self.has_grown = true;
    }

    /// Where AWS CLI puts what is new in a block: behind blank lines, right before what follows. A comment there belongs
    /// to what follows, and keeps its place.
    fn place_in_block(&self, end: usize) -> usize {
        let below = &self.text[end..];
        let first = Lines::new(below).find(|line| !scan::trim(&below[line.clone()]).is_empty());
        match first {
            None => self.text.len(),
            Some(line) if scan::is_comment(scan::trim(&below[line.clone()])) => end,
            Some(line) => end + line.start,
        }
    }

    /// Where AWS CLI puts what is new below the last key: behind comments that look like keys too, and in the file's
    /// last section a line further down.
    fn place_below(&self, end: usize) -> usize {
        let below = &self.text[end..];
        let commented = Lines::new(below).filter(|line| looks_like_key(&below[line.clone()])).last();
        let end = end + commented.map_or(0, |line| line.end);
        let next = Lines::new(&self.text[end..]).next();
        end + next.filter(|_| self.is_last).map_or(0, |line| line.end)
    }

    fn insert(&mut self, at: usize, lines: &[String]) {
        let mut new = String::new();
        if !scan::ends_with_line_break(&self.text[..at]) {
            new.push_str(self.line_ending);
        }
        for line in lines {
            new.push_str(line);
            new.push_str(self.line_ending);
        }
        self.text.insert_str(at, &new);
    }
}

/// A line `key = value` of a nested block, with its place in the section.
struct NestedLine<'a> {
    range: Range<usize>,
    indent: &'a str,
    key: &'a str,
}

fn nested_lines<'a>(section: &'a str, entry: &EntrySpans) -> Vec<NestedLine<'a>> {
    let block = &section[entry.line_end..entry.end];
    Lines::new(block)
        .filter_map(|line| {
            let whole = &block[line.clone()];
            let content = scan::trim(whole);
            let (key, _) = content.split_once('=').filter(|_| !scan::is_comment(content))?;
            let indent = &whole[..whole.find(content)?];
            let range = entry.line_end + line.start..entry.line_end + line.end;
            Some(NestedLine { range, indent, key: scan::trim(key) })
        })
        .collect()
}

/// Whether something stands before a `=` or `:`.
fn looks_like_key(line: &str) -> bool {
    let is_delimiter = |character: char| matches!(character, '=' | ':');
    line.chars().zip(line.chars().skip(1)).any(|(before, at)| is_delimiter(at) && !is_delimiter(before))
}

fn indent_of<'a>(section: &'a str, entry: &EntrySpans) -> &'a str {
    &section[entry.start..entry.key.start]
}

fn scan_section(text: String, line: usize) -> SectionSpans {
    let scanned = scan::scan(&text, Blocks::Text).expect("an edit writes only what was checked to read back");
    let mut section = scanned.sections.into_iter().next().expect("an edit keeps the header");
    section.text = SectionText::Edited(text);
    section.line = line;
    section
}

fn checked_header(name: &SectionName) -> Result<String, EditError> {
    // As it would be without quotes, which is how the AWS CLI shows it.
    let header = match name {
        SectionName::Plain(header) => header.clone(),
        SectionName::Profile(name) if has_line_break(name) => format!("profile {name}"),
        SectionName::SsoSession(name) if has_line_break(name) => format!("sso-session {name}"),
        SectionName::Services(name) if has_line_break(name) => format!("services {name}"),
        _ => name.to_header(),
    };
    if has_line_break(&header) { Err(EditError::LineBreakInSection { header }) } else { Ok(header) }
}

fn check_header_reads_back(name: &SectionName, header: &str) -> Result<(), EditError> {
    // Where a header ends that holds a `]` depends on who reads it.
    let read = scan::scan(&format!("[{header}]"), Blocks::Nested).ok().filter(|_| !header.contains(']'));
    let reads_back = read.is_some_and(|read| !read.sections[0].is_defaults)
        && match name {
            SectionName::Plain(_) => true,
            _ => SectionName::parse_config_header(header).as_ref() == Some(name),
        };
    if reads_back { Ok(()) } else { Err(EditError::UnreadableSection { header: header.to_owned() }) }
}

fn check_change(change: &Change) -> Result<(), EditError> {
    let (key, sub_key, value) = match change {
        Change::Set { key, value } => (key, None, Some(value)),
        Change::SetNested { key, sub_key, value } => (key, Some(sub_key), Some(value)),
        // What cannot be written is not there to be removed.
        Change::Remove { .. } | Change::RemoveNested { .. } => return Ok(()),
    };
    for key in [Some(key), sub_key].into_iter().flatten() {
        if has_line_break(key) {
            return Err(EditError::LineBreakInKey { key: key.clone() });
        }
    }
    let innermost = sub_key.unwrap_or(key);
    if value.is_some_and(|value| has_line_break(value)) {
        return Err(EditError::LineBreakInValue { key: innermost.clone() });
    }
    if !key_reads_back(key) {
        return Err(EditError::UnreadableKey { key: key.clone() });
    }
    match sub_key {
        Some(sub_key) if !sub_key_reads_back(sub_key) => {
            Err(EditError::UnreadableKey { key: sub_key.clone() })
        }
        _ => Ok(()),
    }
}

fn key_reads_back(key: &str) -> bool {
    is_plain_word(key) && !key.starts_with('[') && !key.contains(['=', ':'])
}

fn sub_key_reads_back(key: &str) -> bool {
    is_plain_word(key) && !key.contains('=')
}

fn is_plain_word(key: &str) -> bool {
    !key.is_empty() && scan::trim(key) == key && !scan::is_comment(key)
}

fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}
