//! JSON laid out as Python's `json.dumps` does it, for files we share with the AWS CLI and for the hashes that name them.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// The arguments of `json.dumps` that the AWS CLI uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonLayout {
    /// `json.dumps(value)`.
    Plain,
    /// `json.dumps(value, sort_keys=True)`.
    Sorted,
    /// `json.dumps(value, sort_keys=True, separators=(",", ":"))`.
    SortedCompact,
}

/// Writes a value as Python would: in one line, in ASCII.
pub fn python_json(value: &Value, layout: JsonLayout) -> String {
    let json = match layout {
        JsonLayout::Plain => to_python_json(value, Separators::Spaced),
        JsonLayout::Sorted => to_python_json(&sorted(value), Separators::Spaced),
        JsonLayout::SortedCompact => to_python_json(&sorted(value), Separators::Compact),
    };
    json.expect("a JSON value has a JSON form")
}

#[derive(Clone, Copy)]
pub(super) enum Separators {
    Spaced,
    Compact,
}

pub(super) fn to_python_json<T: Serialize + ?Sized>(
    value: &T,
    separators: Separators,
) -> Result<String, serde_json::Error> {
    let mut json = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut json, PythonFormatter { separators }))?;
    Ok(String::from_utf8(json).expect("the formatter writes ASCII"))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut members: Vec<_> =
                object.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            // By code point in both languages: that is the order of UTF-8's bytes.
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        scalar => scalar.clone(),
    }
}

struct PythonFormatter {
    separators: Separators,
}

impl PythonFormatter {
    fn separate<W: Write + ?Sized>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        match self.separators {
            _ if first => Ok(()),
            Separators::Spaced => writer.write_all(b", "),
            Separators::Compact => writer.write_all(b","),
        }
    }
}

impl Formatter for PythonFormatter {
    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.separators {
            Separators::Spaced => writer.write_all(b": "),
            Separators::Compact => writer.write_all(b":"),
        }
    }

    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if matches!(character, ' '..='~') {
                write!(writer, "{character}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(python_float(value).as_bytes())
    }
}

/// Python's `repr` of a float: the shortest digits, with an exponent from 1e16 up and below 1e-4.
fn python_float(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').expect("`{:e}` writes an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a whole exponent");
    if (-4..16).contains(&exponent) {
        format!("{value:?}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn layouts_are_pythons() {
        let value = json!({"b": [1, null, true, "x"], "a": {"d": {}, "c": []}});
        assert_eq!(
            python_json(&value, JsonLayout::Plain),
            r#"{"b": [1, null, true, "x"], "a": {"d": {}, "c": []}}"#
        );
        assert_eq!(
            python_json(&value, JsonLayout::Sorted),
            r#"{"a": {"c": [], "d": {}}, "b": [1, null, true, "x"]}"#
        );
        assert_eq!(
            python_json(&value, JsonLayout::SortedCompact),
            r#"{"a":{"c":[],"d":{}},"b":[1,null,true,"x"]}"#
        );
    }

    #[test]
    fn everything_but_printable_ascii_is_escaped() {
        let value = json!("\"\\/\u{8}\u{c}\n\r\t\u{1f}\u{7f}é中😀");
        assert_eq!(
            python_json(&value, JsonLayout::Plain),
            r#""\"\\/\b\f\n\r\t\u001f\u007f\u00e9\u4e2d\ud83d\ude00""#
        );
    }

    #[test]
    fn floats_are_written_as_python_writes_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e-5, "1.5e-05"),
            (1e-4, "0.0001"),
            (1e100, "1e+100"),
        ] {
            assert_eq!(python_float(value), text);
        }
    }
}
