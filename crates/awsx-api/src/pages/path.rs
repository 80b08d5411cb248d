//! Members of an answer, by the expressions of a paginator.

use std::borrow::Cow;

use awsx_model::Text;
use awsx_output::{Map, Number, Query, QueryError, Value};

/// An expression of a paginator. All but a few are names with dots between them, and these need no copy of what they find.
#[derive(Debug, Clone)]
pub(crate) enum Path {
    Names(Vec<Text>),
    Query { text: Text, query: Query },
}

impl Path {
    pub(crate) fn parse(text: Text) -> Result<Self, QueryError> {
        let names: Vec<_> = text.split('.').collect();
        let is_name = |name: &&str| {
            !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if names.iter().all(is_name) {
            Ok(Self::Names(names))
        } else {
            Ok(Self::Query { text, query: Query::parse(text)? })
        }
    }

    /// The name at the top of an answer, if it is all there is.
    pub(crate) fn only_name(&self) -> Option<Text> {
        match self {
            Self::Names(names) => match names[..] {
                [name] => Some(name),
                _ => None,
            },
            Self::Query { .. } => None,
        }
    }

    /// The name at the top of a map under which a value is put.
    pub(crate) fn first_name(&self) -> Text {
        match self {
            Self::Names(names) => names.first().expect("splitting a text gives one part at least"),
            Self::Query { text, .. } => text,
        }
    }

    /// What is there; null where nothing is.
    pub(crate) fn find<'v>(&self, value: &'v Value) -> Result<Cow<'v, Value>, QueryError> {
        match (self, value) {
            (Self::Names(_), Value::Map(map)) => self.find_in(map),
            (Self::Names(_), _) => Ok(Cow::Owned(Value::Null)),
            (Self::Query { query, .. }, value) => query.search(value).map(Cow::Owned),
        }
    }

    pub(crate) fn find_in<'v>(&self, map: &'v Map) -> Result<Cow<'v, Value>, QueryError> {
        match self {
            Self::Names(names) => {
                let (first, rest) = names.split_first().expect("splitting a text gives one part at least");
                let found = rest.iter().try_fold(map.get(first), |value, name| Some(value?.get(name)));
                Ok(found.flatten().map_or(Cow::Owned(Value::Null), Cow::Borrowed))
            }
            Self::Query { query, .. } => query.search(&Value::Map(map.clone())).map(Cow::Owned),
        }
    }

    /// Takes what is there out of a map; the name keeps its place, with null.
    pub(crate) fn take(&self, map: &mut Map) -> Result<Value, QueryError> {
        match self {
            Self::Names(names) => Ok(place_of(map, names).map(std::mem::take).unwrap_or_default()),
            Self::Query { .. } => self.find_in(map).map(Cow::into_owned),
        }
    }

    /// Puts a value there, with the maps on the way to it. An expression that is no names is put under its own text, as
    /// there is no one place for it.
    pub(crate) fn set(&self, map: &mut Map, value: Value) {
        let names = match self {
            Self::Names(names) => names.as_slice(),
            Self::Query { text, .. } => std::slice::from_ref(text),
        };
        let (last, way) = names.split_last().expect("splitting a text gives one part at least");
        let mut place = map;
        for name in way {
            if !matches!(place.get(name), Some(Value::Map(_))) {
                place.insert(*name, Value::Map(Map::new()));
            }
            let Some(Value::Map(inner)) = place.get_mut(name) else { return };
            place = inner;
        }
        place.insert(*last, value);
    }
}

fn place_of<'m>(map: &'m mut Map, names: &[Text]) -> Option<&'m mut Value> {
    let (first, rest) = names.split_first()?;
    rest.iter().try_fold(map.get_mut(first)?, |place, name| match place {
        Value::Map(map) => map.get_mut(name),
        _ => None,
    })
}

/// How many items a value has.
pub(crate) fn length(value: &Value) -> i64 {
    let length = match value {
        Value::List(elements) => elements.len(),
        Value::Map(map) => map.len(),
        Value::String(text) => text.chars().count(),
        _ => 0,
    };
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Its items from this one on.
pub(crate) fn without_start(value: &Value, start: i64) -> Value {
    let start = place(length(value), start);
    match value {
        Value::List(elements) => Value::List(elements.iter().skip(start).cloned().collect()),
        Value::String(text) => Value::String(text.chars().skip(start).collect()),
        _ => Value::Null,
    }
}

/// Its items up to this one.
pub(crate) fn cut(value: Cow<'_, Value>, end: i64) -> Value {
    let end = place(length(&value), end);
    match value.into_owned() {
        Value::List(mut elements) => {
            elements.truncate(end);
            Value::List(elements)
        }
        Value::String(text) => Value::String(text.chars().take(end).collect()),
        Value::Null => Value::List(Vec::new()),
        other => other,
    }
}

/// What stays of a result beside the first one on a page that a call before has had.
pub(crate) fn emptied(value: &Value) -> Value {
    match value {
        Value::List(_) => Value::List(Vec::new()),
        Value::String(_) => Value::String(String::new()),
        // Counts of what the service looked at stay what they are.
        Value::Number(_) | Value::Bool(_) => value.clone(),
        Value::Null | Value::Map(_) => Value::Null,
    }
}

/// A place counted from the start, or from the end if it is negative.
fn place(length: i64, at: i64) -> usize {
    let at = if at < 0 { length.saturating_add(at) } else { at };
    usize::try_from(at.clamp(0, length)).unwrap_or(usize::MAX)
}

/// Whether Python takes a value for true.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(Number::Int(number)) => *number != 0,
        Value::Number(Number::Float(number)) => *number != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::List(elements) => !elements.is_empty(),
        Value::Map(map) => !map.is_empty(),
    }
}
