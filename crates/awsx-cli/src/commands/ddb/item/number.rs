//! Numbers as DynamoDB has them: decimal, 38 digits, written as Python's `Decimal` writes them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::error::{CommandError, CommandResult};

/// A decimal number. Its digits are kept as they were written: `1.50` is not `1.5`, though equal to it.
#[derive(Clone)]
pub(in super::super) struct Number {
    negative: bool,
    /// Without zeros in front; `0` for nothing.
    digits: String,
    /// Where the point is: so many places behind the last digit.
    exponent: i64,
}

/// How many digits a number may have.
const DIGITS: usize = 38;
/// The exponents that the first digit of a number may have.
const LEAST: i64 = -128;
const MOST: i64 = 126;
/// The least exponent of a last digit.
const TINIEST: i64 = LEAST - 37;
/// Beyond this nobody can tell a difference.
const FAR: i64 = 1_000_000_000_000;

impl Number {
    /// From whole digits, as they come behind a sign.
    pub(super) fn whole(negative: bool, digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        Self { negative, digits: if digits.is_empty() { "0" } else { digits }.to_owned(), exponent: 0 }
    }

    /// Whether it is the same without what is behind its point.
    pub(in super::super) fn is_whole(&self) -> bool {
        let zeros = self.digits.len() - self.digits.trim_end_matches('0').len();
        self.is_zero() || self.exponent + i64::try_from(zeros).unwrap_or(i64::MAX) >= 0
    }

    /// Whether it is written as Python's `int` would be.
    pub(super) fn is_plainly_whole(&self) -> bool {
        self.exponent == 0 && !(self.is_zero() && self.negative)
    }

    /// The number if DynamoDB can hold it; else what Python's `decimal` says of the attempt.
    pub(super) fn checked(&self) -> CommandResult<&Self> {
        let count = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let kept = self.digits.trim_end_matches('0').len();
        let first = self.exponent + count - 1;
        let why: &[&str] = if self.is_zero() {
            if (TINIEST..=MOST).contains(&self.exponent) { &[] } else { &["Clamped"] }
        } else if first > MOST {
            &["Overflow", "Inexact", "Rounded"]
        } else if self.exponent < TINIEST {
            // Digits are lost at the end: zeros alone are no loss.
            let lost = usize::try_from(TINIEST - self.exponent).unwrap_or(usize::MAX);
            match kept.checked_sub(self.digits.len().saturating_sub(lost)) {
                Some(0) => &["Rounded"],
                _ if lost >= self.digits.len() => &["Underflow", "Inexact", "Rounded", "Clamped"],
                _ if first < LEAST => &["Underflow", "Inexact", "Rounded"],
                _ => &["Inexact", "Rounded"],
            }
        } else if kept > DIGITS {
            &["Inexact", "Rounded"]
        } else if self.digits.len() > DIGITS {
            &["Rounded"]
        } else {
            &[]
        };
        if why.is_empty() {
            return Ok(self);
        }
        let classes: Vec<String> = why.iter().map(|name| format!("<class 'decimal.{name}'>")).collect();
        Err(CommandError::general(format!("[{}]", classes.join(", ")))
            .with_hint("DynamoDB's numbers have 38 digits, and lie between 1E-128 and 9.9E+126"))
    }

    fn is_zero(&self) -> bool {
        self.digits == "0"
    }
}

impl FromStr for Number {
    type Err = CommandError;

    /// Reads what Python's `Decimal` reads, but for infinities and what is no number.
    fn from_str(text: &str) -> CommandResult<Self> {
        let wrong = || CommandError::general("[<class 'decimal.ConversionSyntax'>]");
        let text = text.trim().replace('_', "");
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent).ok_or_else(wrong)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let exponent = exponent - i64::try_from(fraction.len()).unwrap_or(FAR);
        Ok(Self { exponent, ..Self::whole(negative, &digits) })
    }
}

fn exponent_of(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = digits.parse::<i64>().map_or(FAR, |number| number.min(FAR));
    Some(if text.starts_with('-') { -exponent } else { exponent })
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { digits, exponent, .. } = self;
        f.write_str(if self.negative { "-" } else { "" })?;
        let count = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let first = exponent + count - 1;
        if *exponent > 0 || first < -6 {
            let (leading, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            return write!(f, "{leading}{point}{rest}E{first:+}");
        }
        match usize::try_from(count + exponent) {
            _ if *exponent == 0 => f.write_str(digits),
            Ok(whole) if whole > 0 => write!(f, "{}.{}", &digits[..whole], &digits[whole..]),
            _ => {
                let zeros = usize::try_from(-(count + exponent)).unwrap_or_default();
                write!(f, "0.{}{digits}", "0".repeat(zeros))
            }
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    /// By what they are worth.
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.is_zero(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = |number: &Self| {
            let first = number.exponent + i64::try_from(number.digits.len()).unwrap_or(i64::MAX);
            (first, number.digits.trim_end_matches('0').to_owned())
        };
        match (sign(self), sign(other)) {
            (0, 0) => Ordering::Equal,
            (1, 1) => size(self).cmp(&size(other)),
            (-1, -1) => size(other).cmp(&size(self)),
            (left, right) => left.cmp(&right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (text, written) in [
            ("0", "0"),
            ("-0", "-0"),
            ("007", "7"),
            ("+1_000", "1000"),
            ("1.50", "1.50"),
            (".5", "0.5"),
            ("1.", "1"),
            ("1e3", "1E+3"),
            ("12345.678e3", "12345678"),
            ("100e-2", "1.00"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1E-7"),
            ("1.5e-10", "1.5E-10"),
            ("-12e5", "-1.2E+6"),
        ] {
            assert_eq!(number(text).to_string(), written, "{text}");
        }
        for text in ["", "-", "1e", "1e+", "0x10", ".inf", "1.2.3", "."] {
            let mistake = text.parse::<Number>().err().map(|error| error.message);
            assert_eq!(mistake.as_deref(), Some("[<class 'decimal.ConversionSyntax'>]"), "{text}");
        }
    }

    #[test]
    fn what_dynamodb_cannot_hold_is_refused_as_python_refuses_it() {
        let names = |text: &str| match number(text).checked() {
            Ok(_) => String::new(),
            Err(error) => error.message.replace("<class 'decimal.", "").replace("'>", ""),
        };
        let ones = |count| "1".repeat(count);
        for fine in [ones(38), "9e126".into(), "1e-165".into(), "0e126".into(), "0".into()] {
            assert_eq!(names(&fine), "", "{fine}");
        }
        assert_eq!(names(&ones(39)), "[Inexact, Rounded]");
        assert_eq!(names(&(ones(38) + "0")), "[Rounded]");
        assert_eq!(names("1e127"), "[Overflow, Inexact, Rounded]");
        assert_eq!(names("1e99999999999999999999"), "[Overflow, Inexact, Rounded]");
        assert_eq!(names("1e-166"), "[Underflow, Inexact, Rounded, Clamped]");
        assert_eq!(names("0e200"), "[Clamped]");
    }

    #[test]
    fn numbers_are_compared_by_their_worth() {
        let mut numbers = ["2", "-1", "1.5", "10", "0", "-0.5", "1e-3", "-20"].map(number);
        numbers.sort();
        let sorted: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        assert_eq!(sorted, ["-20", "-1", "-0.5", "0", "0.001", "1.5", "2", "10"]);
        assert!(
            number("1.0") == number("1") && number("1e2") == number("100") && number("-0") == number("0")
        );
    }

    #[test]
    fn whole_numbers_are_known() {
        for (text, whole) in [("1", true), ("1.00", true), ("1e3", true), ("0e-9", true), ("1.5", false)] {
            assert_eq!(number(text).is_whole(), whole, "{text}");
        }
    }
}
