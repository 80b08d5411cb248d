//! Values of DynamoDB, as AWS CLI's `ddb` has them: texts, numbers of 38 digits, bytes, lists, maps and sets.

mod attribute;
mod bytes;
mod number;
mod shown;
mod yaml;

use std::fmt;

pub(super) use self::bytes::decode as decode_base64;
pub(super) use self::number::Number;
pub(super) use self::shown::document;
pub(super) use self::yaml::read as read_yaml;

/// A value.
#[derive(Clone, PartialEq)]
pub(super) enum Item {
    Null,
    Truth(bool),
    Number(Number),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Item>),
    /// In the order written. YAML has keys of any kind; DynamoDB takes texts alone.
    Map(Vec<(Item, Item)>),
    /// None of them twice.
    Set(Vec<Item>),
    /// A moment, which YAML has and DynamoDB has not.
    Moment {
        text: String,
        is_date: bool,
    },
}

impl Item {
    /// Python's name of the type, as AWS CLI's messages have it.
    pub(super) fn python_type(&self) -> &'static str {
        match self {
            Self::Null => "<class 'NoneType'>",
            Self::Truth(_) => "<class 'bool'>",
            Self::Number(_) => "<class 'decimal.Decimal'>",
            Self::Text(_) => "<class 'str'>",
            Self::Bytes(_) => "<class 'awscli.customizations.dynamodb.types.Binary'>",
            Self::List(_) => "<class 'list'>",
            Self::Map(_) => "<class 'dict'>",
            Self::Set(_) => "<class 'set'>",
            Self::Moment { is_date: true, .. } => "<class 'datetime.date'>",
            Self::Moment { is_date: false, .. } => "<class 'datetime.datetime'>",
        }
    }

    /// The value as Python's `str` shows it.
    pub(super) fn python_text(&self) -> String {
        let shown = |item: &Self| match item {
            Self::Text(text) => awsx_output::python_repr(&text.as_str().into()),
            other => other.python_text(),
        };
        let list = |elements: &[Self]| elements.iter().map(shown).collect::<Vec<_>>().join(", ");
        match self {
            Self::Null => "None".to_owned(),
            Self::Truth(true) => "True".to_owned(),
            Self::Truth(false) => "False".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) | Self::Moment { text, .. } => text.clone(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::List(elements) => format!("[{}]", list(elements)),
            Self::Set(elements) => format!("{{{}}}", list(elements)),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}: {}", shown(key), shown(value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// As expressions have it, for whoever looks for a mistake of ours.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, elements: &[Self]| -> fmt::Result {
            for (at, element) in elements.iter().enumerate() {
                f.write_str(if at > 0 { ", " } else { "" })?;
                element.fmt(f)?;
            }
            Ok(())
        };
        match self {
            Self::Null => f.write_str("null"),
            Self::Truth(truth) => truth.fmt(f),
            Self::Number(number) => fmt::Display::fmt(number, f),
            Self::Text(text) => text.fmt(f),
            Self::Moment { text, .. } => f.write_str(text),
            Self::Bytes(bytes) => write!(f, "b{:?}", String::from_utf8_lossy(bytes)),
            Self::List(elements) => {
                f.write_str("[")?;
                list(f, elements)?;
                f.write_str("]")
            }
            Self::Set(elements) => {
                f.write_str("#{")?;
                list(f, elements)?;
                f.write_str("}")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key:?}: {value:?}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}
