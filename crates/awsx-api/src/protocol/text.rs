//! Scalars as text, as Python writes them.

use awsx_model::Input;
use awsx_output::python_float;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::timestamp::{self, Form};

/// A scalar as it stands in queries, headers, paths and XML. Lists and structures have none.
pub(super) fn scalar(input: &Input, form: Form) -> Option<String> {
    match input {
        Input::Text(text) => Some(text.clone()),
        Input::Boolean(truth) => Some(if *truth { "true" } else { "false" }.to_owned()),
        Input::Integer(number) => Some(number.to_string()),
        Input::Float(number) => Some(float(*number)),
        Input::Blob(bytes) => Some(base64(bytes)),
        Input::Moment(moment) => Some(timestamp::write(*moment, form)),
        Input::Null | Input::File(_) | Input::List(_) | Input::Map(_) => None,
    }
}

/// A number with a fraction, or the words that all protocols have for the rest.
pub(super) fn float(number: f64) -> String {
    special_float(number).map_or_else(|| python_float(number), str::to_owned)
}

/// The word for a number that has no digits.
pub(super) fn special_float(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number.is_infinite() {
        Some(if number > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        None
    }
}

/// Reads what [`float`] writes.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    // Rust knows `NaN`, `Infinity` and `inf` too, in any case, as Python does.
    text.trim().parse().ok()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
