//! Values by name, in the order in which the names came.

use std::collections::HashMap;

use crate::key::Key;
use crate::value::Value;

/// Up to so many entries are searched one by one, which is faster than hashing a name and needs no table.
const FEW: usize = 16;

/// A map that keeps its keys in the order they were first inserted. Equality ignores the order.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Entries,
}

#[derive(Clone, Debug)]
enum Entries {
    Few(Vec<(Key, Value)>),
    /// Boxed: a value is no larger for the rare map that is.
    Many(Box<Indexed>),
}

/// Entries, and where each key stands among them.
#[derive(Clone, Debug)]
struct Indexed {
    entries: Vec<(Key, Value)>,
    places: HashMap<Key, usize>,
}

impl Default for Entries {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty map with room for so many entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { entries: Entries::Few(Vec::with_capacity(capacity)) }
    }

    /// A map of entries whose keys are all different.
    pub(crate) fn of_distinct(entries: Vec<(Key, Value)>) -> Self {
        if entries.len() <= FEW {
            Self { entries: Entries::Few(entries) }
        } else {
            Self { entries: Entries::Many(Box::new(Indexed::new(entries))) }
        }
    }

    /// Sets `key`, keeping its place if it was there already, and returns what was there.
    pub fn insert(&mut self, key: impl Into<Key>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        if let Some(place) = self.get_mut(&key) {
            return Some(std::mem::replace(place, value));
        }
        match &mut self.entries {
            Entries::Few(entries) if entries.len() < FEW => entries.push((key, value)),
            Entries::Few(entries) => {
                let mut entries = std::mem::take(entries);
                entries.push((key, value));
                self.entries = Entries::Many(Box::new(Indexed::new(entries)));
            }
            Entries::Many(indexed) => {
                indexed.places.insert(key.clone(), indexed.entries.len());
                indexed.entries.push((key, value));
            }
        }
        None
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let at = self.place_of(key)?;
        self.entries().get(at).map(|(_, value)| value)
    }

    /// The value under `key`, to change it in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let at = self.place_of(key)?;
        let entries = match &mut self.entries {
            Entries::Few(entries) => entries,
            Entries::Many(indexed) => &mut indexed.entries,
        };
        entries.get_mut(at).map(|(_, value)| value)
    }

    /// Takes `key` out; the other keys keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.place_of(key)?;
        match &mut self.entries {
            Entries::Few(entries) => Some(entries.remove(at).1),
            Entries::Many(indexed) => {
                let mut entries = std::mem::take(&mut indexed.entries);
                let (_, value) = entries.remove(at);
                **indexed = Indexed::new(entries);
                Some(value)
            }
        }
    }

    /// Tells whether `key` is present.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place_of(key).is_some()
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Key, &Value)> {
        self.into_iter()
    }

    /// Keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Key> {
        self.entries().iter().map(|(key, _)| key)
    }

    /// Values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.entries().iter().map(|(_, value)| value)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// Keys and values sorted by key, as most formats print them.
    pub(crate) fn sorted(&self) -> Vec<(&str, &Value)> {
        let mut entries: Vec<_> = self.iter().map(|(key, value)| (key.as_str(), value)).collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries
    }

    fn entries(&self) -> &[(Key, Value)] {
        match &self.entries {
            Entries::Few(entries) => entries,
            Entries::Many(indexed) => &indexed.entries,
        }
    }

    fn place_of(&self, key: &str) -> Option<usize> {
        match &self.entries {
            Entries::Few(entries) => entries.iter().position(|(known, _)| known == key),
            Entries::Many(indexed) => indexed.places.get(key).copied(),
        }
    }
}

impl Indexed {
    fn new(entries: Vec<(Key, Value)>) -> Self {
        let places = entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
        Self { entries, places }
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<K: Into<Key>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut map = Self::with_capacity(entries.size_hint().0);
        entries.for_each(|(key, value)| {
            map.insert(key, value);
        });
        map
    }
}

impl<K: Into<Key>> Extend<(K, Value)> for Map {
    fn extend<I: IntoIterator<Item = (K, Value)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl IntoIterator for Map {
    type Item = (Key, Value);
    type IntoIter = std::vec::IntoIter<(Key, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        match self.entries {
            Entries::Few(entries) => entries.into_iter(),
            Entries::Many(indexed) => indexed.entries.into_iter(),
        }
    }
}

type Parts<'a> = fn(&'a (Key, Value)) -> (&'a Key, &'a Value);

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Key, &'a Value);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Key, Value)>, Parts<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries().iter().map(|(key, value)| (key, value))
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
    fn many_entries_behave_as_few() {
        let name = |number: usize| format!("k{number}");
        let mut map: Map = (0..FEW * 3).map(|number| (name(number), Value::from(1))).collect();
        assert_eq!(map.insert(name(5), 2), Some(1.into()));
        assert_eq!(map.remove(&name(4)), Some(1.into()));
        assert_eq!(map.insert(name(4), 3), None);
        assert_eq!(map.get(&name(5)), Some(&2.into()));
        assert_eq!(map.get(&name(4)), Some(&3.into()));
        assert_eq!(map.keys().nth(4), Some(&name(5).into()));
        assert_eq!(map.keys().last(), Some(&name(4).into()));
        assert!(!map.contains_key("k"));
        assert_eq!((map.len(), map.iter().len()), (FEW * 3, FEW * 3));
    }

    #[test]
    fn equality_ignores_the_order() {
        let map = |order: &[&str]| order.iter().map(|name| (*name, Value::from(*name))).collect::<Map>();
        assert_eq!(map(&["a", "b"]), map(&["b", "a"]));
        assert_ne!(map(&["a", "b"]), map(&["a", "c"]));
        assert_ne!(map(&["a"]), map(&["a", "b"]));
    }
}
