//! Items from YAML, with its tags for bytes and sets. Numbers keep every digit.

use std::collections::HashMap;

use awsx_output::YamlKind;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::{Item, Number, decode_base64};
use crate::error::{CommandError, CommandResult};

/// How deep an item may nest: DynamoDB takes far less.
const DEPTH: usize = 200;
/// How many parts aliases may add: some, not all that a few lines can ask for.
const ALIASED: usize = 100_000;

/// Reads the one document of a text.
pub(in super::super) fn read(text: &str) -> CommandResult<Item> {
    let mut reader = Reader { parser: Parser::new_from_str(text), anchors: HashMap::new(), left: ALIASED };
    let document = loop {
        match reader.next()? {
            Event::StreamStart | Event::DocumentStart(_) => {}
            Event::StreamEnd => return Ok(Item::Null),
            first => break reader.node(first, 0)?,
        }
    };
    loop {
        match reader.next()? {
            Event::StreamEnd => return Ok(document),
            Event::DocumentStart(_) => {
                return Err(CommandError::general("expected a single document in the stream"));
            }
            _ => {}
        }
    }
}

/// Reads events one by one.
struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// What aliases stand for.
    anchors: HashMap<usize, Item>,
    /// How many parts aliases may still add.
    left: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> CommandResult<Event<'t>> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            // What was read comes first, then what is wrong, as libyaml tells it.
            Some(Err(error)) => Err(CommandError::general(format!(
                "{}\n  in line {}, column {}",
                error.info().replacen(", ", "\n", 1),
                error.marker().line(),
                error.marker().col() + 1
            ))),
            None => Err(CommandError::general("the items end too early")),
        }
    }

    fn node(&mut self, first: Event<'t>, depth: usize) -> CommandResult<Item> {
        if depth > DEPTH {
            return Err(CommandError::general(format!("the items nest deeper than {DEPTH} levels")));
        }
        let (item, anchor) = match first {
            Event::Scalar(text, style, anchor, tag) => (scalar(&text, style, tag.as_deref())?, anchor),
            Event::SequenceStart(anchor, tag) => {
                let mut elements = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        element => elements.push(self.node(element, depth + 1)?),
                    }
                }
                (list(elements, tag.as_deref())?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                let entries = self.entries(depth)?;
                (map(entries, tag.as_deref())?, anchor)
            }
            Event::Alias(anchor) => {
                let unknown = || CommandError::general("an alias names no anchor before it");
                let item = self.anchors.get(&anchor).ok_or_else(unknown)?;
                let too_large = || CommandError::general("aliases make the items too large");
                self.left = self.left.checked_sub(count(item)).ok_or_else(too_large)?;
                return Ok(item.clone());
            }
            _ => return Err(CommandError::general("a value is missing among the items")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, item.clone());
        }
        Ok(item)
    }

    /// The entries of a map up to its end; those that `<<` brings come first, and give way to the map's own.
    fn entries(&mut self, depth: usize) -> CommandResult<Vec<(Item, Item)>> {
        let mut merged: Vec<(Item, Item)> = Vec::new();
        let mut own: Vec<(Item, Item)> = Vec::new();
        loop {
            let first = self.next()?;
            if first == Event::MappingEnd {
                break;
            }
            let is_merge = matches!(&first, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.node(first, depth + 1)?;
            let value = self.next()?;
            let value = self.node(value, depth + 1)?;
            match value {
                Item::Map(more) if is_merge => merge(&mut merged, more),
                Item::List(maps) if is_merge => {
                    for map in maps {
                        if let Item::Map(more) = map {
                            merge(&mut merged, more);
                        }
                    }
                }
                value => {
                    if own.iter().any(|(there, _)| *there == key) {
                        let key = key.python_text();
                        return Err(CommandError::general(format!(
                            "while constructing a mapping\nfound duplicate key \"{key}\""
                        )));
                    }
                    own.push((key, value));
                }
            }
        }
        merged.retain(|(key, _)| !own.iter().any(|(there, _)| there == key));
        merged.extend(own);
        Ok(merged)
    }
}

fn merge(entries: &mut Vec<(Item, Item)>, more: Vec<(Item, Item)>) {
    for (key, value) in more {
        if !entries.iter().any(|(there, _)| *there == key) {
            entries.push((key, value));
        }
    }
}

fn count(item: &Item) -> usize {
    1 + match item {
        Item::List(elements) | Item::Set(elements) => elements.iter().map(count).sum(),
        Item::Map(entries) => entries.iter().map(|(key, value)| count(key) + count(value)).sum(),
        _ => 0,
    }
}

/// What a tag of YAML's own says, in short or in full (`!<tag:yaml.org,2002:str>`); an error for others.
fn suffix(tag: Option<&Tag>) -> CommandResult<Option<&str>> {
    match tag {
        None => Ok(None),
        Some(tag) if tag.is_yaml_core_schema() => Ok(Some(tag.suffix.as_str())),
        // To AWS CLI's reader a lone `!` says nothing.
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Ok(None),
        Some(tag) => match tag.suffix.strip_prefix("tag:yaml.org,2002:") {
            Some(name) if tag.handle.is_empty() => Ok(Some(name)),
            _ => Err(unknown_tag(&format!("{}{}", tag.handle, tag.suffix))),
        },
    }
}

fn unknown_tag(tag: &str) -> CommandError {
    CommandError::general(format!("could not determine a constructor for the tag '{tag}'"))
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> CommandResult<Item> {
    let kind = match suffix(tag)? {
        None if style == ScalarStyle::Plain => YamlKind::of(text),
        None | Some("str") => YamlKind::Text,
        Some("null") => YamlKind::Null,
        Some("bool") => YamlKind::Truth,
        Some("int") => YamlKind::Int,
        Some("float") => YamlKind::Float,
        Some("timestamp") => YamlKind::Moment,
        Some("binary") => return decode_base64(text).map(Item::Bytes).map_err(CommandError::general),
        Some(other) => return Err(unknown_tag(&format!("tag:yaml.org,2002:{other}"))),
    };
    Ok(match kind {
        YamlKind::Null => Item::Null,
        YamlKind::Truth => Item::Truth(matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "on")),
        YamlKind::Int => Item::Number(whole(text)?),
        YamlKind::Float => Item::Number(text.parse()?),
        YamlKind::Moment => moment(text),
        YamlKind::Text | YamlKind::Key => Item::Text(text.to_owned()),
    })
}

fn whole(text: &str) -> CommandResult<Number> {
    let wrong = || CommandError::general(format!("invalid literal for int() with base 10: '{text}'"));
    let digits = text.replace('_', "");
    let (negative, digits) = match digits.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let number = u128::from_str_radix(digits, base).map_err(|_| wrong())?;
            return Ok(Number::whole(negative, &number.to_string()));
        }
    }
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    // Python's `int` knows no `-0`.
    Ok(Number::whole(negative && digits.bytes().any(|digit| digit != b'0'), digits))
}

/// The text is as Python shows it, as far as that is easy.
fn moment(text: &str) -> Item {
    let is_date = text.len() == 10;
    let text =
        if is_date { text.to_owned() } else { text.replacen(['T', 't'], " ", 1).replace('Z', "+00:00") };
    Item::Moment { text, is_date }
}

fn list(elements: Vec<Item>, tag: Option<&Tag>) -> CommandResult<Item> {
    match suffix(tag)? {
        None | Some("seq") => Ok(Item::List(elements)),
        Some("omap") => {
            let entries = elements.into_iter().flat_map(|element| match element {
                Item::Map(entries) => entries,
                _ => Vec::new(),
            });
            Ok(Item::Map(entries.collect()))
        }
        Some(other) => Err(unknown_tag(&format!("tag:yaml.org,2002:{other}"))),
    }
}

fn map(entries: Vec<(Item, Item)>, tag: Option<&Tag>) -> CommandResult<Item> {
    match suffix(tag)? {
        None | Some("map") => Ok(Item::Map(entries)),
        Some("set") => Ok(Item::Set(entries.into_iter().map(|(key, _)| key).collect())),
        Some(other) => Err(unknown_tag(&format!("tag:yaml.org,2002:{other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match read(text) {
            Ok(item) => format!("{item:?}"),
            Err(error) => format!("error: {}", error.message),
        }
    }

    #[test]
    fn scalars_are_what_yaml_says_they_are() {
        assert_eq!(
            shown(
                "[12, -0, 010, 0x1F, -0b11, 1_000, 1.50, 1e3, yes, true, ~, '', null, \"5\", !!str 5, ! 5, !<tag:yaml.org,2002:str> 5, !!int '13', 2020-01-01, \
                 123456789012345678901234567890]"
            ),
            "[12, 0, 10, 31, -3, 1000, 1.50, 1E+3, \"yes\", true, null, \"\", null, \"5\", \"5\", 5, \"5\", 13, 2020-01-01, \
             123456789012345678901234567890]"
        );
        assert_eq!(shown(""), "null");
        assert_eq!(shown("!!binary aGk="), "b\"hi\"");
    }

    #[test]
    fn maps_lists_and_sets_nest() {
        assert_eq!(
            shown("- a: !!set {x, y}\n  1: &l [1]\n  c: *l\n- <<: {a: 1, b: 2}\n  b: 3\n"),
            "[{\"a\": #{\"x\", \"y\"}, 1: [1], \"c\": [1]}, {\"a\": 1, \"b\": 3}]"
        );
        assert_eq!(shown("!!omap [a: 1, b: 2]"), "{\"a\": 1, \"b\": 2}");
    }

    #[test]
    fn what_is_no_item_is_told() {
        assert!(shown("{a").starts_with("error: while parsing a flow mapping\n"), "{}", shown("{a"));
        assert_eq!(shown("!x a"), "error: could not determine a constructor for the tag '!x'");
        assert_eq!(shown("--- a\n--- b\n"), "error: expected a single document in the stream");
        assert!(shown("{a: 1, a: 2}").contains("found duplicate key \"a\""));
        assert!(shown("!!float a").contains("ConversionSyntax"));
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d \
                    [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n";
        assert_eq!(shown(bomb), "error: aliases make the items too large");
        assert!(shown(&"[".repeat(300)).starts_with("error: "));
    }
}
