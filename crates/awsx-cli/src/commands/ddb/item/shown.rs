//! Results of `ddb` on the screen: YAML with numbers as DynamoDB has them, bytes and sets.
//!
//! Queries know JSON's kinds of values, so the others pass them in maps with one entry, whose name no attribute has.

use std::borrow::Cow;

use awsx_output::{Format, Value, YamlKind, YamlNode, YamlView, python_float, yaml_result};

use super::Number;
use crate::output;

pub(super) const NUMBER: &str = "\u{fdd0}number";
pub(super) const BYTES: &str = "\u{fdd0}bytes";
pub(super) const SET: &str = "\u{fdd0}set";

/// A result as a document.
pub(in super::super) fn document(result: &Value) -> String {
    match Shown::of(result) {
        Shown::Plain { text, .. } if matches!(result, Value::Map(_)) => format!("{text}\n"),
        Shown::Plain { .. } | Shown::Text(_) => output::render(Format::Yaml, "", result),
        Shown::Map(entries) if entries.is_empty() => String::new(),
        tree => yaml_result(&tree),
    }
}

/// A part of a result.
enum Shown {
    Plain { text: String, number: Option<Number> },
    Text(String),
    Bytes(String),
    List(Vec<Shown>),
    Set(Vec<Shown>),
    Map(Vec<(String, Shown)>),
}

impl Shown {
    fn of(value: &Value) -> Self {
        let plain = |text: &str| Self::Plain { text: text.to_owned(), number: None };
        let number = |text: String| Self::Plain { number: text.parse().ok(), text };
        match value {
            Value::Null => plain("null"),
            Value::Bool(truth) => plain(if *truth { "true" } else { "false" }),
            Value::Number(awsx_output::Number::Int(whole)) => plain(&whole.to_string()),
            Value::Number(awsx_output::Number::Float(float)) => plain(&python_float(*float)),
            Value::String(text) => Self::Text(text.clone()),
            Value::List(elements) => Self::List(elements.iter().map(Self::of).collect()),
            Value::Map(map) => {
                let only = map.iter().next().filter(|_| map.len() == 1);
                match only.map(|(mark, inner)| (mark.as_str(), inner)) {
                    Some((NUMBER, Value::String(text))) => number(text.clone()),
                    Some((BYTES, Value::String(text))) => Self::Bytes(text.clone()),
                    Some((SET, Value::List(elements))) => Self::set(elements),
                    _ => {
                        Self::Map(map.iter().map(|(key, value)| (key.to_string(), Self::of(value))).collect())
                    }
                }
            }
        }
    }

    /// Numbers and texts in their order; bytes as they came.
    fn set(elements: &[Value]) -> Self {
        let mut elements: Vec<Self> = elements.iter().map(Self::of).collect();
        elements.sort_by(|left, right| match (left, right) {
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (left, right) => left.number().cmp(&right.number()),
        });
        Self::Set(elements)
    }

    fn number(&self) -> Option<Number> {
        match self {
            Self::Plain { text, number } => number.clone().or_else(|| text.parse().ok()),
            _ => None,
        }
    }
}

impl YamlNode for Shown {
    fn view(&self, sorted: bool) -> YamlView<'_, Self> {
        match self {
            // AWS CLI calls it whole by its worth; where it does not look like that, a tag has to tell.
            Self::Plain { text, number: Some(number) }
                if number.is_whole() && YamlKind::of(text) != YamlKind::Int =>
            {
                YamlView::Tagged { tag: "!!int", text: Cow::Borrowed(text), quoted: false }
            }
            Self::Plain { text, .. } => YamlView::Plain(Cow::Borrowed(text)),
            Self::Text(text) => YamlView::Text(text),
            Self::Bytes(text) => {
                YamlView::Tagged { tag: "!!binary", text: Cow::Borrowed(text), quoted: true }
            }
            Self::List(elements) => YamlView::List(elements),
            Self::Set(elements) => YamlView::Set(elements),
            Self::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.as_str(), value)).collect();
                if sorted {
                    entries.sort_by_key(|(key, _)| *key);
                }
                YamlView::Map(entries)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Item;
    use super::*;

    fn shown(attribute: serde_json::Value) -> String {
        document(&Item::of_attribute(&attribute.into()).unwrap().to_value())
    }

    #[test]
    fn items_are_shown_as_aws_cli_shows_them() {
        let attributes = json!({"M": {
            "b": {"B": "aGk="}, "e": {"N": "1E+3"}, "d": {"N": "1.50"}, "one": {"N": "1.0"}, "n": {"N": "12"},
            "ns": {"NS": ["10", "9", "1.5"]}, "ss": {"SS": ["b", "a"]}, "z": {"NULL": true},
        }});
        assert_eq!(
            shown(attributes),
            "b: !!binary \"aGk=\"\nd: 1.50\ne: !!int 1E+3\nn: 12\nns: !!set\n  1.5: null\n  9: null\n  10: \
             null\none: !!int 1.0\nss: !!set\n  a: null\n  b: null\nz: null\n"
        );
    }

    #[test]
    fn single_values_stand_as_json_but_for_what_json_has_not() {
        assert_eq!(shown(json!({"S": "a"})), "\"a\"\n");
        assert_eq!(shown(json!({"N": "12"})), "12\n");
        assert_eq!(shown(json!({"N": "1E+3"})), "1E+3\n");
        assert_eq!(shown(json!({"B": "aGk="})), "!!binary \"aGk=\"\n");
        assert_eq!(shown(json!({"M": {}})), "");
        assert_eq!(shown(json!({"L": []})), "[]\n");
    }
}
