//! What Python prints for a value: AWS CLI's formats and JMESPath's error texts are Python's `str` and `json.dumps`.

use std::borrow::Cow;
use std::fmt::Write;

use crate::value::{Number, Value};

/// Formats a float as Python's `repr` does: the shortest digits that read back, an exponent below 1e-4 and from 1e16.
pub fn python_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` always writes an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a decimal exponent");
    if (-4..16).contains(&exponent) {
        let fixed = format!("{number}");
        return if fixed.contains('.') { fixed } else { fixed + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// Formats a number as `json.dumps` does, which differs from `repr` for what JSON has no words for.
pub(crate) fn json_number(number: Number) -> String {
    match number {
        Number::Int(whole) => whole.to_string(),
        Number::Float(float) if float.is_nan() => "NaN".to_owned(),
        Number::Float(float) if float.is_infinite() => {
            if float > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
        }
        Number::Float(float) => python_float(float),
    }
}

/// The name of a value's type, as `type(value).__name__` has it.
pub fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(Number::Int(_)) => "int",
        Value::Number(Number::Float(_)) => "float",
        Value::String(_) => "str",
        Value::List(_) => "list",
        Value::Map(_) => "dict",
    }
}

/// Formats a value as `repr` does.
pub fn python_repr(value: &Value) -> String {
    let mut text = String::new();
    write_repr(&mut text, value);
    text
}

/// Formats a value as `str` does.
pub fn python_str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => python_repr(other),
    }
}

/// The same without a copy of what is a text already.
pub(crate) fn python_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(python_repr(other)),
    }
}

fn write_repr(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(Number::Int(whole)) => append(out, format_args!("{whole}")),
        Value::Number(Number::Float(float)) => out.push_str(&python_float(*float)),
        Value::String(text) => write_string_repr(out, text),
        Value::List(elements) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                write_repr(out, element);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (position, (key, element)) in map.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                write_string_repr(out, key);
                out.push_str(": ");
                write_repr(out, element);
            }
            out.push('}');
        }
    }
}

fn write_string_repr(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            hidden if !is_printable(hidden) => match u32::from(hidden) {
                code @ ..=0xff => append(out, format_args!("\\x{code:02x}")),
                code @ ..=0xffff => append(out, format_args!("\\u{code:04x}")),
                code => append(out, format_args!("\\U{code:08x}")),
            },
            _ => {
                if character == quote {
                    out.push('\\');
                }
                out.push(character);
            }
        }
    }
    out.push(quote);
}

/// Tells whether `repr` shows the character itself: not blanks other than the space, controls or format characters.
fn is_printable(character: char) -> bool {
    let formats = matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    let private = matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    character == ' ' || !(character.is_control() || character.is_whitespace() || formats || private)
}

/// Appends a JSON string with only `"`, `\` and the characters below U+0020 escaped (`ensure_ascii=False`).
pub(crate) fn write_json_string(out: &mut String, text: &str) {
    out.push('"');
    let mut written = 0;
    // Every escaped character is one byte, so bytes can be scanned and whole runs copied.
    for (position, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[written..position]);
        write_json_escape(out, byte.into());
        written = position + 1;
    }
    out.push_str(&text[written..]);
    out.push('"');
}

/// Formats a value as `json.dumps` does: everything outside printable ASCII is escaped.
pub fn python_json(value: &Value) -> String {
    let mut out = String::new();
    write_ascii_json(&mut out, value, [", ", ": "]);
    out
}

/// Formats a value as `json.dumps(value, separators=(',', ':'))`.
pub(crate) fn compact_json(value: &Value) -> String {
    let mut out = String::new();
    write_ascii_json(&mut out, value, [",", ":"]);
    out
}

/// Formats a value as `json.dumps(value, indent=indent, ensure_ascii=ascii)`.
pub fn python_json_indented(value: &Value, indent: usize, ascii: bool) -> String {
    let mut out = String::new();
    write_indented_json(&mut out, value, &Indented { indent, ascii }, 0);
    out
}

struct Indented {
    indent: usize,
    ascii: bool,
}

impl Indented {
    fn start_line(&self, out: &mut String, level: usize) {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', self.indent * level));
    }

    fn string(&self, out: &mut String, text: &str) {
        if self.ascii { write_ascii_json_string(out, text) } else { write_json_string(out, text) }
    }
}

fn write_indented_json(out: &mut String, value: &Value, style: &Indented, level: usize) {
    match value {
        Value::String(text) => style.string(out, text),
        Value::List(elements) if !elements.is_empty() => {
            for (position, element) in elements.iter().enumerate() {
                out.push(if position > 0 { ',' } else { '[' });
                style.start_line(out, level + 1);
                write_indented_json(out, element, style, level + 1);
            }
            style.start_line(out, level);
            out.push(']');
        }
        Value::Map(map) if !map.is_empty() => {
            for (position, (key, element)) in map.iter().enumerate() {
                out.push(if position > 0 { ',' } else { '{' });
                style.start_line(out, level + 1);
                style.string(out, key);
                out.push_str(": ");
                write_indented_json(out, element, style, level + 1);
            }
            style.start_line(out, level);
            out.push('}');
        }
        other => write_ascii_json(out, other, [", ", ": "]),
    }
}

/// `separators` stand between elements, and behind keys.
fn write_ascii_json(out: &mut String, value: &Value, separators: [&str; 2]) {
    let [between, behind_key] = separators;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => append(out, format_args!("{truth}")),
        Value::Number(number) => out.push_str(&json_number(*number)),
        Value::String(text) => write_ascii_json_string(out, text),
        Value::List(elements) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                out.push_str(if position > 0 { between } else { "" });
                write_ascii_json(out, element, separators);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (position, (key, element)) in map.iter().enumerate() {
                out.push_str(if position > 0 { between } else { "" });
                write_ascii_json_string(out, key);
                out.push_str(behind_key);
                write_ascii_json(out, element, separators);
            }
            out.push('}');
        }
    }
}

fn write_ascii_json_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => write_json_escape(out, character),
            ' '..='~' => out.push(character),
            _ => write_json_escape(out, character),
        }
    }
    out.push('"');
}

fn write_json_escape(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        other => {
            for unit in other.encode_utf16(&mut [0; 2]) {
                append(out, format_args!("\\u{unit:04x}"));
            }
        }
    }
}

fn append(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_as_python_does_it() {
        let value = Value::map([
            ("é", Value::List(vec![1_i64.into(), Value::Null])),
            ("empty", Value::List(Vec::new())),
            ("none", Value::Map(crate::Map::new())),
        ]);
        assert_eq!(
            python_json_indented(&value, 2, true),
            "{\n  \"\\u00e9\": [\n    1,\n    null\n  ],\n  \"empty\": [],\n  \"none\": {}\n}"
        );
        assert!(python_json_indented(&value, 4, false).starts_with("{\n    \"é\": ["));
    }

    #[test]
    fn floats_read_as_in_python() {
        let cases = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (1e16, "1e+16"),
            (1e300, "1e+300"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ];
        for (number, expected) in cases {
            assert_eq!(python_float(number), expected);
        }
    }

    #[test]
    fn json_has_its_own_words_for_what_is_no_number() {
        assert_eq!(json_number(f64::NAN.into()), "NaN");
        assert_eq!(json_number(f64::NEG_INFINITY.into()), "-Infinity");
    }

    #[test]
    fn containers_show_their_strings_quoted() {
        let value =
            Value::map([("it's", Value::List(vec![Value::Null, true.into(), "a\n\"'".into(), 1.5.into()]))]);
        assert_eq!(python_str(&value), r#"{"it's": [None, True, 'a\n"\'', 1.5]}"#);
        assert_eq!(python_str(&"plain".into()), "plain");
    }

    #[test]
    fn compact_json_is_ascii() {
        let value = Value::map([("é", "\u{7f}😀/\u{1}".into())]);
        assert_eq!(compact_json(&value), r#"{"\u00e9":"\u007f\ud83d\ude00/\u0001"}"#);
        let list = Value::List(vec![1.into(), Value::map([("a", 1.5.into()), ("b", f64::NAN.into())])]);
        assert_eq!(python_json(&list), r#"[1, {"a": 1.5, "b": NaN}]"#);
    }
}
