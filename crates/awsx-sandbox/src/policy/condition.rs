//! Conditions: an operator, a key of the request's context, and values of which one has to fit.

use std::cmp::Ordering;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Context;
use super::pattern::{matches, texts};

#[derive(Debug)]
pub(super) struct Condition {
    test: Test,
    /// Of `StringNotEquals` and its like, which also hold where the key is missing
    negated: bool,
    /// Of `…IfExists`: holds where the key is missing
    optional: bool,
    key: String,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Test {
    Equal,
    EqualInAnyCase,
    Like,
    Bool,
    Numeric(Comparison),
    Date(Comparison),
    Null,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equals,
    LessThan,
    LessThanEquals,
    GreaterThan,
    GreaterThanEquals,
}

impl Condition {
    /// Reads a `Condition` element: `{operator: {key: value or values}}`.
    pub(super) fn parse_all(value: &Value) -> Result<Vec<Self>, String> {
        let broken = || "Syntax error at Condition.".to_owned();
        let mut conditions = Vec::new();
        for (operator, keys) in value.as_object().ok_or_else(broken)? {
            let (name, optional) =
                operator.strip_suffix("IfExists").map_or((operator.as_str(), false), |name| (name, true));
            let (test, negated) =
                parse_operator(name).ok_or_else(|| format!("Invalid Condition type : {operator}."))?;
            for (key, values) in keys.as_object().ok_or_else(broken)? {
                let values = texts(values).ok_or_else(broken)?;
                conditions.push(Self { test, negated, optional, key: key.clone(), values });
            }
        }
        Ok(conditions)
    }

    pub(super) fn holds(&self, context: &Context) -> bool {
        let actual = context.find(&self.key);
        if let Test::Null = self.test {
            let wanted = if actual.is_none() { "true" } else { "false" };
            return self.values.iter().any(|value| value == wanted);
        }
        let Some(actual) = actual else { return self.negated || self.optional };
        let fits =
            |value: &String| context.fill_in(value).is_some_and(|value| self.test.fits(actual, &value));
        self.values.iter().any(fits) != self.negated
    }
}

fn parse_operator(name: &str) -> Option<(Test, bool)> {
    Some(match name {
        "StringEquals" => (Test::Equal, false),
        "StringNotEquals" => (Test::Equal, true),
        "StringEqualsIgnoreCase" => (Test::EqualInAnyCase, false),
        "StringNotEqualsIgnoreCase" => (Test::EqualInAnyCase, true),
        "StringLike" | "ArnLike" | "ArnEquals" => (Test::Like, false),
        "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => (Test::Like, true),
        "Bool" => (Test::Bool, false),
        "Null" => (Test::Null, false),
        "NumericNotEquals" => (Test::Numeric(Comparison::Equals), true),
        "DateNotEquals" => (Test::Date(Comparison::Equals), true),
        name => match (name.strip_prefix("Numeric"), name.strip_prefix("Date")) {
            (Some(comparison), _) => (Test::Numeric(parse_comparison(comparison)?), false),
            (_, Some(comparison)) => (Test::Date(parse_comparison(comparison)?), false),
            (None, None) => return None,
        },
    })
}

fn parse_comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "Equals" => Comparison::Equals,
        "LessThan" => Comparison::LessThan,
        "LessThanEquals" => Comparison::LessThanEquals,
        "GreaterThan" => Comparison::GreaterThan,
        "GreaterThanEquals" => Comparison::GreaterThanEquals,
        _ => return None,
    })
}

impl Test {
    fn fits(self, actual: &str, value: &str) -> bool {
        match self {
            Self::Equal => actual == value,
            Self::EqualInAnyCase | Self::Bool => actual.eq_ignore_ascii_case(value),
            Self::Like => matches(value, actual),
            Self::Numeric(comparison) => match (actual.parse::<f64>(), value.parse::<f64>()) {
                (Ok(actual), Ok(value)) => comparison.holds(actual.partial_cmp(&value)),
                _ => false,
            },
            Self::Date(comparison) => match (parse_date(actual), parse_date(value)) {
                (Some(actual), Some(value)) => comparison.holds(Some(actual.cmp(&value))),
                _ => false,
            },
            Self::Null => unreachable!("asks whether the key is there, not for its value"),
        }
    }
}

impl Comparison {
    fn holds(self, order: Option<Ordering>) -> bool {
        order.is_some_and(|order| match self {
            Self::Equals => order.is_eq(),
            Self::LessThan => order.is_lt(),
            Self::LessThanEquals => order.is_le(),
            Self::GreaterThan => order.is_gt(),
            Self::GreaterThanEquals => order.is_ge(),
        })
    }
}

fn parse_date(text: &str) -> Option<OffsetDateTime> {
    match text.parse() {
        Ok(seconds) => OffsetDateTime::from_unix_timestamp(seconds).ok(),
        Err(_) => OffsetDateTime::parse(text, &Rfc3339).ok(),
    }
}
