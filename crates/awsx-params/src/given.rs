//! A value as the user gave it: what Python would have made of it, before it is held against the model.
//!
//! AWS CLI checks and reports values by their Python types, so those are kept until the checks are done.

use std::path::PathBuf;

use awsx_output::{Number, Value, python_str};
use indexmap::IndexMap;

/// Parameters by the model's names of their members.
pub type Parameters = IndexMap<String, Given>;

/// A value as the user gave it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// `None`: JSON's `null`.
    None,
    /// A `bool`.
    Boolean(bool),
    /// An `int`.
    Integer(i128),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Text(String),
    /// `bytes`, from `fileb://` or decoded.
    Bytes(Vec<u8>),
    /// An open file, for streaming blobs.
    File(PathBuf),
    /// A `list`.
    List(Vec<Given>),
    /// A `dict`.
    Map(IndexMap<String, Given>),
}

impl Given {
    /// The value of a member or entry.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.get(name),
            _ => None,
        }
    }

    /// Python's name of the type, as `str(type(value))` shows it.
    pub fn python_type(&self) -> &'static str {
        match self {
            Self::None => "<class 'NoneType'>",
            Self::Boolean(_) => "<class 'bool'>",
            Self::Integer(_) => "<class 'int'>",
            Self::Float(_) => "<class 'float'>",
            Self::Text(_) => "<class 'str'>",
            Self::Bytes(_) => "<class 'bytes'>",
            Self::File(_) => "<class '_io.BufferedReader'>",
            Self::List(_) => "<class 'list'>",
            Self::Map(_) => "<class 'dict'>",
        }
    }

    /// The value as `str(value)` shows it.
    pub fn python_text(&self) -> String {
        python_str(&self.as_value())
    }

    /// The value as something to print. Bytes and files become texts.
    pub fn as_value(&self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Boolean(truth) => (*truth).into(),
            Self::Integer(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
            Self::File(path) => path.to_string_lossy().into_owned().into(),
            Self::List(elements) => elements.iter().map(Self::as_value).collect(),
            Self::Map(entries) => {
                Value::Map(entries.iter().map(|(key, value)| (key.clone(), value.as_value())).collect())
            }
        }
    }
}

impl From<&Value> for Given {
    /// What a service answered, to be sent back.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::None,
            Value::Bool(truth) => Self::Boolean(*truth),
            Value::Number(Number::Int(number)) => Self::Integer(*number),
            Value::Number(Number::Float(number)) => Self::Float(*number),
            Value::String(text) => Self::Text(text.clone()),
            Value::List(elements) => Self::List(elements.iter().map(Self::from).collect()),
            Value::Map(entries) => {
                Self::Map(entries.iter().map(|(name, value)| (name.to_string(), Self::from(value))).collect())
            }
        }
    }
}

impl From<&str> for Given {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Given {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<i128> for Given {
    fn from(number: i128) -> Self {
        Self::Integer(number)
    }
}

impl<K: Into<String>, const N: usize> From<[(K, Given); N]> for Given {
    fn from(entries: [(K, Given); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl From<Vec<Given>> for Given {
    fn from(elements: Vec<Given>) -> Self {
        Self::List(elements)
    }
}
