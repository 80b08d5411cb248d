//! A result as formats see it: a value, but for long lists at its top, whose elements lie on shelves.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;

use crate::map::Map;
use crate::shelf::Shelf;
use crate::value::Value;

/// A result.
#[derive(Clone)]
pub(super) enum Document<'a> {
    Map(Entries<'a>),
    /// Anything but a map.
    Other(Part<'a>),
}

/// The entries of a map, in order.
#[derive(Clone)]
pub(super) struct Entries<'a> {
    /// The map without what lies on shelves.
    map: &'a Value,
    pub(super) parts: Vec<(&'a str, Part<'a>)>,
}

/// A value in a result, or a list whose elements lie on a shelf.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Value(&'a Value),
    List(&'a Shelf),
}

/// The elements of a list, which may be walked over more than once.
#[derive(Clone, Copy)]
pub(super) enum Elements<'a> {
    Values(&'a [Value]),
    Shelf(&'a Shelf),
}

/// The list without elements.
pub(super) static NO_ELEMENTS: Value = Value::List(Vec::new());

impl<'a> Document<'a> {
    pub(super) fn of(value: &'a Value) -> Self {
        Self::with_shelves(value, |_| None)
    }

    pub(super) fn list(packed: &'a Shelf) -> Self {
        Self::Other(Part::of(packed))
    }

    /// A result some of whose lists lie on shelves, by their names.
    pub(super) fn with_shelves(value: &'a Value, shelf: impl Fn(&str) -> Option<&'a Shelf>) -> Self {
        match value {
            Value::Map(map) => {
                let part = |key: &str, value| shelf(key).map_or(Part::Value(value), Part::of);
                let parts = map.iter().map(|(key, value)| (key.as_str(), part(key, value)));
                Self::Map(Entries { map: value, parts: parts.collect() })
            }
            other => Self::Other(Part::Value(other)),
        }
    }

    /// All of it as a value, which takes the memory that shelves are there to spare.
    pub(super) fn to_value(&self) -> io::Result<Cow<'a, Value>> {
        match self {
            Self::Map(Entries { map, parts }) => {
                if parts.iter().all(|(_, part)| matches!(part, Part::Value(_))) {
                    return Ok(Cow::Borrowed(map));
                }
                let entries = parts.iter().map(|(key, part)| Ok((*key, part.to_value()?.into_owned())));
                Ok(Cow::Owned(Value::Map(entries.collect::<io::Result<_>>()?)))
            }
            Self::Other(part) => part.to_value(),
        }
    }
}

impl<'a> Part<'a> {
    fn of(packed: &'a Shelf) -> Self {
        if packed.is_empty() { Self::Value(&NO_ELEMENTS) } else { Self::List(packed) }
    }

    /// The elements, if this is a list.
    pub(super) fn elements(self) -> Option<Elements<'a>> {
        match self {
            Self::Value(value) => value.as_list().map(Elements::Values),
            Self::List(packed) => Some(Elements::Shelf(packed)),
        }
    }

    /// The value, if this is no list.
    pub(super) fn not_list(self) -> Option<&'a Value> {
        match self {
            Self::Value(Value::List(_)) | Self::List(_) => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value, if it is neither a list nor a map.
    pub(super) fn scalar(self) -> Option<&'a Value> {
        self.not_list().filter(|value| value.is_scalar())
    }

    fn to_value(self) -> io::Result<Cow<'a, Value>> {
        match self {
            Self::Value(value) => Ok(Cow::Borrowed(value)),
            Self::List(packed) => Ok(Cow::Owned(Value::List(packed.unpack()?))),
        }
    }
}

impl<'a> Elements<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Shelf(packed) => packed.len(),
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Shows every element, in order.
    pub(super) fn each(self, mut show: impl FnMut(&Value) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Values(values) => values.iter().try_for_each(show),
            Self::Shelf(packed) => packed.each(&mut show),
        }
    }

    /// How many elements are maps.
    pub(super) fn maps(self) -> usize {
        match self {
            Self::Values(values) => values.iter().filter(|value| value.as_map().is_some()).count(),
            Self::Shelf(packed) => packed.maps(),
        }
    }

    /// The names that stand for a scalar in one of the maps, and those that stand for a list or map in one, sorted.
    pub(super) fn names(self) -> (Vec<&'a str>, Vec<&'a str>) {
        let (mut scalars, mut nested) = (BTreeSet::new(), BTreeSet::new());
        match self {
            Self::Values(values) => {
                for (key, value) in values.iter().filter_map(Value::as_map).flat_map(Map::iter) {
                    let names = if value.is_scalar() { &mut scalars } else { &mut nested };
                    names.insert(key.as_str());
                }
            }
            Self::Shelf(packed) => {
                for (key, column) in packed.columns() {
                    scalars.extend(column.has_scalars.then_some(key.as_str()));
                    nested.extend(column.has_nested.then_some(key.as_str()));
                }
            }
        }
        (scalars.into_iter().collect(), nested.into_iter().collect())
    }
}
