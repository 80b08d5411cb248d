//! Puts pages together.

use awsx_output::{Map, Number, QueryError, Value};

use super::path::Path;

/// Adds a page's results to those of the pages before: lists are joined, texts too, numbers are added up, and of anything else the
/// first is kept.
pub(crate) fn gather(result: &mut Map, page: &mut Map, results: &[Path]) -> Result<(), QueryError> {
    for path in results {
        let found = path.take(page)?;
        if found != Value::Null {
            let known = path.take(result)?;
            path.set(result, joined(known, found));
        }
    }
    Ok(())
}

fn joined(known: Value, found: Value) -> Value {
    match (known, found) {
        (Value::Null, found) => found,
        (Value::List(known), found @ Value::List(_)) if known.is_empty() => found,
        (Value::List(mut known), Value::List(found)) => {
            known.extend(found);
            Value::List(known)
        }
        (Value::String(known), Value::String(found)) => Value::String(known + &found),
        (Value::Number(Number::Int(known)), Value::Number(Number::Int(found))) => (known + found).into(),
        (Value::Number(known), Value::Number(found)) => (known.as_f64() + found.as_f64()).into(),
        (known, _) => known,
    }
}

/// Lays one map over another: maps in it entry by entry, anything else as a whole.
pub(crate) fn merge(result: &mut Map, other: Map) {
    for (key, value) in other {
        match (result.get_mut(&key), value) {
            (Some(Value::Map(known)), Value::Map(value)) => merge(known, value),
            (_, value) => {
                result.insert(key, value);
            }
        }
    }
}
