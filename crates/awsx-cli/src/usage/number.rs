//! Whole numbers as options take them: what Python's `int()` reads, with the error that AWS CLI passes on.

use std::fmt;

/// What is no number, or none that the option can take.
#[derive(Debug)]
pub(crate) struct NumberMistake(String);

impl fmt::Display for NumberMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NumberMistake {}

/// Reads a number for clap, within what `T` holds.
pub(crate) fn number<T: TryFrom<i128>>(text: &str) -> Result<T, NumberMistake> {
    let number = awsx_params::int(text).map_err(|error| NumberMistake(error.to_string()))?;
    T::try_from(number).map_err(|_| NumberMistake(format!("the number {text} is out of range")))
}
