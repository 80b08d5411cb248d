//! Structures for operations, and texts in what they answer.

use awsx_model::Input;
use awsx_output::Value;

/// A structure of these members.
pub(super) fn members<'n>(members: impl IntoIterator<Item = (&'n str, Input)>) -> Input {
    Input::Map(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The text of this name, empty where there is none.
pub(super) fn text_at<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The list of this name, empty where there is none.
pub(super) fn list_at<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_list).unwrap_or_default()
}
