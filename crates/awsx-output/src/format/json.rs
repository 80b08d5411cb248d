//! JSON as Python's `json.dump(indent=4, ensure_ascii=False)` writes it. The empty map prints nothing.

use std::io::{self, Write};

use super::document::{Document, NO_ELEMENTS, Part};
use crate::map::Map;
use crate::python::{json_number, write_json_string};
use crate::value::Value;

const INDENT: &str = "    ";

/// From this size on a piece of a document is written.
const PIECE: usize = 64 << 10;

/// Writes a result. The empty map prints nothing.
pub(super) fn write(out: &mut impl Write, result: &Document<'_>) -> io::Result<()> {
    let mut text = String::new();
    match result {
        Document::Map(entries) if entries.parts.is_empty() => return Ok(()),
        // The top and lists in it by hand, so that the text is never there as a whole.
        Document::Map(entries) => {
            for (position, (key, part)) in entries.parts.iter().enumerate() {
                text.push_str(if position > 0 { "" } else { "{" });
                start_line(&mut text, position > 0, 1);
                write_json_string(&mut text, key);
                text.push_str(": ");
                write_part(out, &mut text, *part, 1)?;
            }
            text.push_str("\n}");
        }
        Document::Other(part) => write_part(out, &mut text, *part, 0)?,
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}

/// Writes most of a part, and leaves the end in `text`.
fn write_part(out: &mut impl Write, text: &mut String, part: Part<'_>, level: usize) -> io::Result<()> {
    let Some(elements) = part.elements().filter(|elements| !elements.is_empty()) else {
        append(text, part.not_list().unwrap_or(&NO_ELEMENTS), level);
        return Ok(());
    };
    text.push('[');
    let mut is_first = true;
    elements.each(|element| {
        start_line(text, !is_first, level + 1);
        append(text, element, level + 1);
        is_first = false;
        if text.len() >= PIECE {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
        Ok(())
    })?;
    start_line(text, false, level);
    text.push(']');
    Ok(())
}

/// The value on one line, without blanks.
pub(super) fn append_compact(line: &mut String, value: &Value) {
    match value {
        Value::List(elements) => {
            line.push('[');
            for (position, element) in elements.iter().enumerate() {
                if position > 0 {
                    line.push(',');
                }
                append_compact(line, element);
            }
            line.push(']');
        }
        Value::Map(map) => {
            line.push('{');
            for (position, (key, value)) in map.iter().enumerate() {
                if position > 0 {
                    line.push(',');
                }
                write_json_string(line, key);
                line.push(':');
                append_compact(line, value);
            }
            line.push('}');
        }
        scalar => append(line, scalar, 0),
    }
}

fn append(document: &mut String, value: &Value, level: usize) {
    match value {
        Value::Null => document.push_str("null"),
        Value::Bool(true) => document.push_str("true"),
        Value::Bool(false) => document.push_str("false"),
        Value::Number(number) => document.push_str(&json_number(*number)),
        Value::String(text) => write_json_string(document, text),
        Value::List(elements) => append_list(document, elements, level),
        Value::Map(map) => append_map(document, map, level),
    }
}

fn append_list(document: &mut String, elements: &[Value], level: usize) {
    if elements.is_empty() {
        return document.push_str("[]");
    }
    document.push('[');
    for (position, element) in elements.iter().enumerate() {
        start_line(document, position > 0, level + 1);
        append(document, element, level + 1);
    }
    start_line(document, false, level);
    document.push(']');
}

fn append_map(document: &mut String, map: &Map, level: usize) {
    if map.is_empty() {
        return document.push_str("{}");
    }
    document.push('{');
    for (position, (key, value)) in map.iter().enumerate() {
        start_line(document, position > 0, level + 1);
        write_json_string(document, key);
        document.push_str(": ");
        append(document, value, level + 1);
    }
    start_line(document, false, level);
    document.push('}');
}

fn start_line(document: &mut String, after_comma: bool, level: usize) {
    document.push_str(if after_comma { ",\n" } else { "\n" });
    for _ in 0..level {
        document.push_str(INDENT);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::Number;
    use crate::value::tests::any_value;

    fn print(value: &Value) -> String {
        let mut out = Vec::new();
        write(&mut out, &Document::of(value)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn keys_keep_their_order_and_empty_containers_stay_on_their_line() {
        let value = Value::map([
            ("b", vec![1.into(), 1.5e-7.into(), Value::Null].into()),
            ("a", Value::map([("empty", vec![].into()), ("none", Map::new().into())])),
            ("big", Value::from(10_i128.pow(30))),
        ]);
        insta::assert_snapshot!(print(&value), @r#"
        {
            "b": [
                1,
                1.5e-07,
                null
            ],
            "a": {
                "empty": [],
                "none": {}
            },
            "big": 1000000000000000000000000000000
        }
        "#);
    }

    #[test]
    fn only_the_empty_map_prints_nothing() {
        assert_eq!(print(&Map::new().into()), "");
        assert_eq!(print(&vec![].into()), "[]\n");
        assert_eq!(print(&Value::Null), "null\n");
        assert_eq!(print(&"".into()), "\"\"\n");
        assert_eq!(print(&true.into()), "true\n");
    }

    #[test]
    fn a_document_longer_than_a_piece_is_whole() {
        let list: Vec<Value> = (0..100_000_u32).map(Value::from).collect();
        let printed = print(&Value::map([("a", list.clone().into()), ("b", 1.into())]));
        let read: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(Value::from(read["a"].clone()), list.into());
    }

    #[test]
    fn strings_escape_what_json_requires_and_no_more() {
        let text = "\u{0}\u{7}\u{8}\t\n\u{c}\r\u{1f}\"\\/\u{7f}\u{80}é\u{2028}😀";
        let expected = "\"\\u0000\\u0007\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\u{7f}\u{80}é\u{2028}😀\"\n";
        assert_eq!(print(&text.into()), expected);
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(value in any_value()) {
            let json: serde_json::Value = serde_json::from_str(&print(&value)).unwrap();
            prop_assert!(alike(&Value::from(json), &value));
        }
    }

    /// Equality that minds key order and allows for `serde_json`'s last-digit rounding of floats.
    fn alike(left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(Number::Float(left)), Value::Number(Number::Float(right))) => {
                (left - right).abs() <= left.abs() * 1e-15
            }
            (Value::List(left), Value::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
            }
            (Value::Map(left), Value::Map(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| left.0 == right.0 && alike(left.1, right.1))
            }
            (left, right) => left == right,
        }
    }
}
