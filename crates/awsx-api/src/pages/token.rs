//! Tokens with which another call goes on: JSON of the service's own tokens and how much of the page was had, in Base64.
//!
//! They are passed between AWS CLI, boto3 and awsx, so every byte is Python's.

use awsx_model::{Input, Kind, Moment, Service, ShapeId, Text};
use awsx_output::{Map, Number, Value, python_json, python_str, python_type};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::PagesError;

/// How many items of the page are behind the reader.
pub(crate) const TRUNCATE_AMOUNT: &str = "boto_truncate_amount";
/// Which values boto3 has in Base64 because they are bytes. awsx has them that way always.
const ENCODED_KEYS: &str = "boto_encoded_keys";

/// Where a token says to start.
#[derive(Debug, PartialEq)]
pub(crate) struct Start {
    /// The service's tokens by the members of the input that take them.
    pub(crate) token: Map,
    /// How many items of the first page were had.
    pub(crate) skip: i64,
}

/// A token as people see it.
pub(crate) fn write(token: &Map) -> String {
    STANDARD.encode(python_json(&Value::Map(token.clone())))
}

/// Reads a token. What is none is taken for the service's own, perhaps with a number behind it as older versions of AWS CLI
/// wrote it.
pub(crate) fn read(text: &str, input_tokens: &[Text]) -> Result<Start, PagesError> {
    match read_json(text) {
        Some(mut token) => {
            token.remove(ENCODED_KEYS);
            let skip = match token.remove(TRUNCATE_AMOUNT) {
                None => 0,
                Some(Value::Number(Number::Int(skip))) => i64::try_from(skip).unwrap_or(i64::MAX),
                Some(_) => return Err(PagesError::StartingToken(text.to_owned())),
            };
            Ok(Start { token, skip })
        }
        None => read_deprecated(text, input_tokens),
    }
}

fn read_json(text: &str) -> Option<Map> {
    // As Python's `b64decode`: what is not of the alphabet is passed over.
    let is_known = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let known: Vec<u8> = text.bytes().filter(is_known).collect();
    let json: Json = serde_json::from_slice(&STANDARD.decode(known).ok()?).ok()?;
    match json.into() {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

/// `token`, `token___items` or `token___token___items`.
fn read_deprecated(text: &str, input_tokens: &[Text]) -> Result<Start, PagesError> {
    let mut parts: Vec<&str> = text.split("___").collect();
    let mut skip = 0;
    if parts.len() == input_tokens.len() + 1 {
        match parts.last().and_then(|last| last.trim().parse().ok()) {
            Some(items) => {
                skip = items;
                parts.pop();
            }
            None => parts = vec![text],
        }
    }
    if parts.len() > input_tokens.len() {
        return Err(PagesError::StartingToken(text.to_owned()));
    }
    let value = |at: usize| match parts.get(at) {
        None | Some(&"None") => Value::Null,
        Some(part) => Value::from(*part),
    };
    let token = input_tokens.iter().enumerate().map(|(at, name)| (*name, value(at))).collect();
    Ok(Start { token, skip })
}

/// A token of an answer as the input takes it; none if it does not fit.
pub(crate) fn to_input(value: &Value, service: &Service, shape: ShapeId) -> Option<Input> {
    match (value, &service.shape(shape).kind) {
        (Value::String(text), Kind::String { .. }) => Some(Input::Text(text.clone())),
        (Value::Number(Number::Int(number)), Kind::String { .. }) => Some(Input::Text(number.to_string())),
        (Value::String(text), Kind::Blob(_)) => STANDARD.decode(text).ok().map(Input::Blob),
        (Value::String(text), Kind::Integer | Kind::Long) => text.parse().ok().map(Input::Integer),
        (Value::Number(Number::Int(number)), Kind::Integer | Kind::Long) => {
            i64::try_from(*number).ok().map(Input::Integer)
        }
        (Value::Number(number), Kind::Float | Kind::Double) => Some(Input::Float(number.as_f64())),
        (Value::Number(Number::Int(number)), Kind::Timestamp(_)) => {
            let seconds = i64::try_from(*number).ok()?;
            Some(Input::Moment(Moment { seconds, nanoseconds: 0 }))
        }
        (Value::Bool(truth), Kind::Boolean) => Some(Input::Boolean(*truth)),
        (Value::List(elements), Kind::List(list)) => {
            let elements = elements.iter().map(|element| to_input(element, service, list.element.shape));
            elements.collect::<Option<_>>().map(Input::List)
        }
        (Value::Map(entries), Kind::Map(map)) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Some((key.to_string(), to_input(value, service, map.value.shape)?)));
            entries.collect::<Option<_>>().map(Input::Map)
        }
        (Value::Map(entries), Kind::Structure(structure)) => {
            let entries = entries.iter().map(|(key, value)| {
                let member = structure.member(key)?;
                Some((key.to_string(), to_input(value, service, member.shape)?))
            });
            entries.collect::<Option<_>>().map(Input::Map)
        }
        _ => None,
    }
}

/// What botocore says of a value of the wrong type.
pub(crate) fn misfit(name: &str, value: &Value, kind: &Kind) -> String {
    let (is, wanted) = (python_type(value), kind.python_types());
    let value = python_str(value);
    format!("Invalid type for parameter {name}, value: {value}, type: <class '{is}'>, valid types: {wanted}")
}
