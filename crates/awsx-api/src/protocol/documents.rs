//! Values that the model leaves open: documents, and JSON inside of texts.

use awsx_model::Input;

use super::text;

/// An input as JSON, without a model to go by.
pub(crate) fn json_value(input: &Input) -> serde_json::Value {
    match input {
        Input::Null | Input::File(_) => serde_json::Value::Null,
        Input::Boolean(truth) => (*truth).into(),
        Input::Integer(number) => (*number).into(),
        Input::Float(number) => json_float(*number),
        Input::Text(text) => text.as_str().into(),
        Input::Blob(bytes) => text::base64(bytes).into(),
        Input::Moment(moment) => moment.seconds.into(),
        Input::List(elements) => elements.iter().map(json_value).collect(),
        Input::Map(entries) => serde_json::Value::Object(
            entries.iter().map(|(key, value)| (key.clone(), json_value(value))).collect(),
        ),
    }
}

/// A number, or the word for it where JSON has no number.
pub(super) fn json_float(number: f64) -> serde_json::Value {
    match text::special_float(number) {
        Some(word) => word.into(),
        None => number.into(),
    }
}
