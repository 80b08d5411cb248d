//! The data every command prints: JSON's kinds of values with keys in the order they were put in.
//!
//! Two things set it apart from `serde_json::Value`: whole numbers of any practical size stay whole, and numbers may
//! be NaN or infinite, because services send such values and AWS CLI prints them.

use crate::key::Key;
use crate::map::Map;

/// How deep a value may nest: far beyond what any service sends, and shallow enough for every stack.
pub(crate) const NESTING_LIMIT: usize = 256;

/// Any value a command can print.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value; printed `null` or `None`.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole or fractional number.
    Number(Number),
    /// A text.
    String(String),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name.
    Map(Map),
}

impl Value {
    /// Builds a map from pairs, nulls included.
    pub fn map<K: Into<Key>, const N: usize>(pairs: [(K, Value); N]) -> Self {
        Self::Map(pairs.into_iter().collect())
    }

    /// Tells whether this is the empty map, the one result no format prints.
    pub fn is_empty_result(&self) -> bool {
        matches!(self, Self::Map(map) if map.is_empty())
    }

    /// The text, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The entries, if this is a map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value under `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    pub(crate) fn is_scalar(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Map(_))
    }

    /// Tells whether lists and maps nest deeper than `limit`; looks no deeper than that itself.
    pub(crate) fn nests_deeper_than(&self, limit: usize) -> bool {
        if self.is_scalar() {
            return false;
        }
        if limit == 0 {
            return true;
        }
        match self {
            Self::List(elements) => elements.iter().any(|element| element.nests_deeper_than(limit - 1)),
            Self::Map(map) => map.values().any(|element| element.nests_deeper_than(limit - 1)),
            _ => false,
        }
    }
}

/// A number as Python has it: `int` or `float`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(i128),
    /// Any other number, NaN and the infinities included.
    Float(f64),
}

impl Number {
    /// The nearest floating-point number.
    #[expect(clippy::cast_precision_loss, reason = "rounding to the nearest is what is asked for")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

macro_rules! from_whole_number {
    ($($whole:ty),*) => {$(
        impl From<$whole> for Number {
            fn from(number: $whole) -> Self {
                Self::Int(number.into())
            }
        }

        impl From<$whole> for Value {
            fn from(number: $whole) -> Self {
                Self::Number(number.into())
            }
        }
    )*};
}

from_whole_number!(i32, i64, i128, u16, u32, u64);

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::String(text.clone())
    }
}

impl From<Vec<Value>> for Value {
    fn from(elements: Vec<Value>) -> Self {
        Self::List(elements)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Self {
        Self::List(elements.into_iter().collect())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Bool(truth),
            serde_json::Value::Number(number) => Self::Number(number.into()),
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(elements) => elements.into_iter().map(Self::from).collect(),
            serde_json::Value::Object(object) => {
                Self::Map(object.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
        }
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        match number.as_i128() {
            Some(whole) => Self::Int(whole),
            None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Values of every kind, nested a little.
    pub(crate) fn any_value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            prop::num::f64::NORMAL.prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        scalar.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 1..6)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn json_numbers_keep_their_kind() {
        let json = serde_json::json!([1, -1, 18_446_744_073_709_551_615_u64, 1.0]);
        let expected = vec![1.into(), (-1).into(), u64::MAX.into(), 1.0.into()];
        assert_eq!(Value::from(json), Value::List(expected));
    }

    #[test]
    fn absent_options_are_null() {
        assert_eq!(Value::from(None::<&str>), Value::Null);
        assert_eq!(Value::from(Some("x")), Value::from("x"));
    }

    #[test]
    fn nesting_is_counted_in_lists_and_maps() {
        let two_levels = Value::map([("a", Value::List(vec![1.into()]))]);
        assert!(two_levels.nests_deeper_than(1));
        assert!(!two_levels.nests_deeper_than(2));
        assert!(!Value::Null.nests_deeper_than(0));
    }
}
