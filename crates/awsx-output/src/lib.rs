//! Ordered values, JMESPath and AWS CLI's output formats.
//!
//! A command turns its result into a [`Value`] and hands it to a [`Formatter`], which applies the `--query`
//! expression and writes one of AWS CLI's formats, byte for byte. This crate knows no AWS operation and touches
//! neither network, terminal, environment nor files: what it needs of them (width, colour) arrives in a [`Style`].

mod format;
mod key;
mod map;
mod python;
mod query;
mod shelf;
mod value;

pub use format::{
    Format, Formatter, OutputError, Style, UnknownFormat, YamlKind, YamlNode, YamlView, yaml_document,
    yaml_result, yaml_template,
};
pub use key::Key;
pub use map::Map;
pub use python::{python_float, python_json, python_json_indented, python_repr, python_str, python_type};
pub use query::{Query, QueryError};
pub use value::{Number, Value};
