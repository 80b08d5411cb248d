//! JSON as Python's `json.dump(indent=4, ensure_ascii=False)` writes it. The empty map prints nothing.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::map::Map;
use crate::python::{json_number, write_json_string};
use crate::value::Value;

const INDENT: &str = "    ";

/// From this size on a piece of a document is written.
const PIECE: usize = 64 << 10;

/// Items of lists at the top of a document that is not whole yet, as the text they are to be in it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    lists: HashMap<String, Vec<String>>,
}

impl Kept {
    pub(super) fn add(&mut self, list: &str, items: &[Value]) {
        if items.is_empty() {
            return;
        }
        let pieces = self.lists.entry(list.to_owned()).or_default();
        let mut piece = String::new();
        for (position, item) in items.iter().enumerate() {
            start_line(&mut piece, position > 0 || !pieces.is_empty(), 2);
            append(&mut piece, item, 2);
        }
        piece.shrink_to_fit();
        pieces.push(piece);
    }
}

/// Writes a result with the items that were kept of its lists.
pub(super) fn write(out: &mut impl Write, value: &Value, kept: &Kept) -> io::Result<()> {
    let mut document = String::new();
    match value {
        Value::Map(map) if map.is_empty() => return Ok(()),
        // Top and lists in it by hand, so that the text is never there as a whole.
        Value::Map(map) => {
            for (position, (key, value)) in map.iter().enumerate() {
                document.push_str(if position > 0 { "" } else { "{" });
                start_line(&mut document, position > 0, 1);
                write_json_string(&mut document, key);
                document.push_str(": ");
                match (value, kept.lists.get(key.as_str())) {
                    (_, Some(pieces)) => write_pieces(out, &mut document, pieces)?,
                    (Value::List(items), None) if !items.is_empty() => write_list(out, &mut document, items)?,
                    (other, None) => append(&mut document, other, 1),
                }
            }
            document.push_str("\n}");
        }
        other => append(&mut document, other, 0),
    }
    document.push('\n');
    out.write_all(document.as_bytes())
}

fn write_pieces(out: &mut impl Write, document: &mut String, pieces: &[String]) -> io::Result<()> {
    document.push('[');
    out.write_all(document.as_bytes())?;
    document.clear();
    for piece in pieces {
        out.write_all(piece.as_bytes())?;
    }
    start_line(document, false, 1);
    document.push(']');
    Ok(())
}

fn write_list(out: &mut impl Write, document: &mut String, items: &[Value]) -> io::Result<()> {
    document.push('[');
    for (position, item) in items.iter().enumerate() {
        start_line(document, position > 0, 2);
        append(document, item, 2);
        if document.len() >= PIECE {
            out.write_all(document.as_bytes())?;
            document.clear();
        }
    }
    start_line(document, false, 1);
    document.push(']');
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
        write(&mut out, value, &Kept::default()).unwrap();
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
    fn items_that_were_kept_stand_where_they_would_have_stood() {
        let result = |users: Vec<Value>, groups: Vec<Value>| {
            Value::map([("Users", users.into()), ("n", 1.into()), ("Groups", groups.into())])
        };
        let user = |name: &str| Value::map([("Name", name.into()), ("Tags", vec!["t".into()].into())]);
        let mut kept = Kept::default();
        kept.add("Users", &[user("a"), user("b")]);
        kept.add("Groups", &[]);
        kept.add("Users", &[user("c")]);
        let mut out = Vec::new();
        write(&mut out, &result(Vec::new(), Vec::new()), &kept).unwrap();
        let whole = result(vec![user("a"), user("b"), user("c")], Vec::new());
        assert_eq!(String::from_utf8(out).unwrap(), print(&whole));
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
