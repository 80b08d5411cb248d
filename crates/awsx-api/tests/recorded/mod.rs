//! What recordings have as JSON, inputs and answers: read by the model, and compared by what they say.
//!
//! `cargo xtask requests` and `cargo xtask protocols` read different recordings; what they write differently, each tells by
//! a function for scalars.

use awsx_model::{Input, Kind, Service, ShapeId};
use serde_json::Value;

/// A recording's JSON as an input, by the model. `scalar` reads blobs, moments and whatever else is written specially.
pub(crate) fn input(
    service: &Service,
    shape: ShapeId,
    value: &Value,
    scalar: &dyn Fn(&Kind, &Value) -> Option<Input>,
) -> Input {
    let inner = |shape, value| input(service, shape, value, scalar);
    match (&service.shape(shape).kind, value) {
        (_, Value::Null) => Input::Null,
        (Kind::Structure(structure), Value::Object(entries)) if !structure.document => {
            let members = entries.iter().filter_map(|(name, value)| {
                let member = structure.members.iter().find(|member| member.name == name)?;
                Some((name.clone(), inner(member.shape, value)))
            });
            Input::Map(members.collect())
        }
        (Kind::List(list), Value::Array(elements)) => {
            Input::List(elements.iter().map(|value| inner(list.element.shape, value)).collect())
        }
        (Kind::Map(map), Value::Object(entries)) => Input::Map(
            entries.iter().map(|(key, value)| (key.clone(), inner(map.value.shape, value))).collect(),
        ),
        (kind, value) => scalar(kind, value).unwrap_or_else(|| free(value)),
    }
}

/// Without a model to go by.
fn free(value: &Value) -> Input {
    match value {
        Value::Null => Input::Null,
        Value::Bool(truth) => Input::Boolean(*truth),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Input::Float(number.as_f64().expect("a number")), Input::Integer)
        }
        Value::String(text) => Input::Text(text.clone()),
        Value::Array(elements) => Input::List(elements.iter().map(free).collect()),
        Value::Object(entries) => {
            Input::Map(entries.iter().map(|(key, value)| (key.clone(), free(value))).collect())
        }
    }
}

/// Whether both say the same: numbers by value, entries in any order. `scalar` finds what else is alike.
pub(crate) fn alike(ours: &Value, theirs: &Value, scalar: &dyn Fn(&Value, &Value) -> bool) -> bool {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && theirs
                    .iter()
                    .all(|(key, value)| ours.get(key).is_some_and(|found| alike(found, value, scalar)))
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs, scalar))
        }
        (Value::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap_or(f64::NAN), theirs.as_f64().unwrap_or(f64::NAN));
            (ours - theirs).abs() < 1e-6
        }
        _ => ours == theirs || scalar(ours, theirs),
    }
}

/// One pair of a query: `a` and `a=` are one.
pub(crate) fn plain_pair(pair: &str) -> &str {
    pair.strip_suffix('=').unwrap_or(pair)
}
