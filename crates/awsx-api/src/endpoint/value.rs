//! Values that endpoint rules work with.

use std::fmt;

use awsx_model::{ContextValue, Step, Text};

/// A value that endpoint rules work with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Unset,
    /// A switch.
    Boolean(bool),
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Several.
    List(Vec<Value>),
    /// Several with names.
    Record(Vec<(Text, Value)>),
}

impl Value {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, where it is a list.
    pub fn elements(&self) -> &[Value] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// What has this name, where it is a record.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Record(entries) => entries.iter().find(|(known, _)| *known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(crate) fn step(&self, step: Step) -> Option<&Value> {
        match step {
            Step::Name(name) => self.attribute(name),
            Step::Index(at) => self.elements().get(at as usize),
        }
    }

    /// Whether a condition with this value holds.
    pub(crate) fn holds(&self) -> bool {
        !matches!(self, Self::Unset | Self::Boolean(false))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<String>> for Value {
    fn from(values: Vec<String>) -> Self {
        Self::List(values.into_iter().map(Self::Text).collect())
    }
}

impl From<&ContextValue> for Value {
    fn from(value: &ContextValue) -> Self {
        match value {
            ContextValue::Boolean(value) => Self::Boolean(*value),
            ContextValue::Text(value) => Self::from(*value),
            ContextValue::List(values) => Self::List(values.iter().map(|value| Self::from(*value)).collect()),
        }
    }
}

/// As in a template.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => Ok(()),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
            Self::List(values) => values.iter().enumerate().try_for_each(|(at, value)| {
                if at > 0 { write!(f, ", {value}") } else { write!(f, "{value}") }
            }),
            Self::Record(entries) => f.debug_map().entries(entries.iter().map(|(k, v)| (k, v))).finish(),
        }
    }
}
