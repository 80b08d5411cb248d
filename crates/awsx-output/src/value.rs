//! The data every command prints: JSON's kinds of values with keys in the order they were put in.
//!
//! Two things set it apart from `serde_json::Value`: whole numbers of any practical size stay whole, and numbers may
//! be NaN or infinite, because services send such values and AWS CLI prints them.

use indexmap::IndexMap;

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
    pub fn map<K: Into<String>, const N: usize>(pairs: [(K, Value); N]) -> Self {
        Self::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
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

/// A map that keeps its keys in the order they were first inserted. Equality ignores the order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: IndexMap<String, Value>,
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `key`, keeping its place if it was there already, and returns what was there.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.entries.insert(key.into(), value.into())
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// The value under `key`, to change it in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.get_mut(key)
    }

    /// Takes `key` out; the other keys keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.entries.shift_remove(key)
    }

    /// Tells whether `key` is present.
    pub fn contains_key(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &Value)> {
        self.entries.iter()
    }

    /// Keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &String> {
        self.entries.keys()
    }

    /// Values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.entries.values()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values sorted by key, as most formats print them.
    pub(crate) fn sorted(&self) -> Vec<(&str, &Value)> {
        let mut entries: Vec<_> = self.iter().map(|(key, value)| (key.as_str(), value)).collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().map(|(key, value)| (key.into(), value)).collect() }
    }
}

impl Extend<(String, Value)> for Map {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, entries: I) {
        self.entries.extend(entries);
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = indexmap::map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a String, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
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
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_their_first_place() {
        let mut map = Map::new();
        map.insert("b", 1);
        map.insert("a", 2);
        map.insert("b", 3);
        assert_eq!(map.keys().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(map.get("b"), Some(&Value::from(3)));
        assert_eq!(map.remove("b"), Some(Value::from(3)));
        assert_eq!(map.len(), 1);
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
