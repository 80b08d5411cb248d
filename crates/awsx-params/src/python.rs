//! Python's `int()` and `float()`, whose reading of texts and errors AWS CLI passes on.

use awsx_output::{Value, python_repr};

use crate::{Given, ParamsError};

/// `int(text)`.
///
/// # Errors
///
/// In Python's words, where the text is no whole number.
pub fn int(text: &str) -> Result<i128, ParamsError> {
    read_int(text).ok_or_else(|| {
        ParamsError::Python(format!("invalid literal for int() with base 10: {}", quoted(text)))
    })
}

/// `float(text)`.
pub(crate) fn float(text: &str) -> Result<f64, ParamsError> {
    read_float(text)
        .ok_or_else(|| ParamsError::Python(format!("could not convert string to float: {}", quoted(text))))
}

/// `int(value)`, for what shorthand may hold where a number is asked for.
pub(crate) fn int_of(given: &Given) -> Result<i128, ParamsError> {
    match given {
        Given::Text(text) => int(text),
        Given::Integer(number) => Ok(*number),
        other => Err(ParamsError::Python(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            type_name(other)
        ))),
    }
}

/// `float(value)`, likewise.
pub(crate) fn float_of(given: &Given) -> Result<f64, ParamsError> {
    match given {
        Given::Text(text) => float(text),
        Given::Float(number) => Ok(*number),
        other => Err(ParamsError::Python(format!(
            "float() argument must be a string or a real number, not '{}'",
            type_name(other)
        ))),
    }
}

/// `int(float(value))`; none where Python would raise an error.
pub fn whole_part(given: &Given) -> Option<i128> {
    match given {
        Given::Integer(number) => Some(*number),
        Given::Float(number) => truncated(*number),
        Given::Text(text) => truncated(read_float(text)?),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is beyond 128 bits is the nearest number that is not"
)]
fn truncated(number: f64) -> Option<i128> {
    number.is_finite().then_some(number as i128)
}

/// The bare name of the value's type, for instance `list`.
pub(crate) fn type_name(given: &Given) -> &'static str {
    let shown = given.python_type();
    shown.trim_start_matches("<class '").trim_end_matches("'>")
}

/// The text between quotes, as `repr()` shows it.
pub(crate) fn quoted(text: &str) -> String {
    python_repr(&Value::from(text))
}

fn read_int(text: &str) -> Option<i128> {
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let digits = without_underscores(digits)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i128 = digits.parse().ok()?;
    Some(if negative { -number } else { number })
}

fn read_float(text: &str) -> Option<f64> {
    let text = without_underscores(text.trim())?;
    let known = text.to_ascii_lowercase();
    let word = known.trim_start_matches(['+', '-']);
    // Rust reads these too, and nothing else that is not a number.
    let is_word = matches!(word, "inf" | "infinity" | "nan");
    let looks_numeric = word.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_word || looks_numeric { known.parse().ok() } else { None }
}

/// Single underscores between digits part them.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        if *byte == b'_' && !(digit(at.checked_sub(1)) && digit(Some(at + 1))) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_as_python_reads_them() {
        for (text, number) in [("7", 7), (" -7 ", -7), ("+1_000", 1000), ("007", 7)] {
            assert_eq!(int(text), Ok(number), "{text}");
        }
        for text in ["", "abc", "1.0", "1__0", "_1", "0x10", "--1"] {
            assert!(int(text).is_err(), "{text}");
        }
        assert_eq!(int("it's").unwrap_err().to_string(), "invalid literal for int() with base 10: \"it's\"");
    }

    #[test]
    fn fractions_are_read_as_python_reads_them() {
        for (text, number) in [("1", 1.0), (".5", 0.5), ("1e3", 1000.0), ("-1.", -1.0), (" 2.5 ", 2.5)] {
            assert_eq!(float(text), Ok(number), "{text}");
        }
        assert!(float("nan").unwrap().is_nan());
        assert_eq!(float("-Infinity"), Ok(f64::NEG_INFINITY));
        assert_eq!(float("x").unwrap_err().to_string(), "could not convert string to float: 'x'");
        assert!(float("").is_err());
    }

    #[test]
    fn lists_are_no_numbers() {
        let list = Given::List(Vec::new());
        assert_eq!(
            int_of(&list).unwrap_err().to_string(),
            "int() argument must be a string, a bytes-like object or a real number, not 'list'"
        );
        assert_eq!(
            float_of(&list).unwrap_err().to_string(),
            "float() argument must be a string or a real number, not 'list'"
        );
    }
}
