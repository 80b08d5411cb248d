//! JMESPath's functions: one table row each, then the functions themselves in the same order.
//!
//! Arithmetic is Python's: whole numbers stay whole until a fractional one joins them.

#![expect(clippy::unnecessary_wraps, reason = "all functions have the type that their table asks for")]

use std::cmp::Ordering;

use indexmap::IndexMap;

use super::ast::NodeId;
use super::error::QueryError;
use super::eval::{Evaluator, order};
use super::item::{Item, Kind};
use crate::python::{compact_json, python_str};
use crate::value::Number;

type Outcome<'a> = Result<Item<'a>, QueryError>;
type Types = &'static [&'static str];

struct Function {
    name: &'static str,
    /// What each argument may be; empty for anything.
    parameters: &'static [Types],
    /// Whether the last parameter may be repeated.
    variadic: bool,
    run: for<'a> fn(Evaluator<'a>, Vec<Item<'a>>) -> Outcome<'a>,
}

const ANY: Types = &[];
const ARRAY: Types = &["array"];
const ARRAY_OR_STRING: Types = &["array", "string"];
const MEASURABLE: Types = &["string", "array", "object"];
const NUMBER: Types = &["number"];
const NUMBERS: Types = &["array-number"];
const NUMBERS_OR_STRINGS: Types = &["array-number", "array-string"];
const OBJECT: Types = &["object"];
const REFERENCE: Types = &["expref"];
const STRING: Types = &["string"];
const STRINGS: Types = &["array-string"];
const STRINGS_OR_NUMBERS: Types = &["array-string", "array-number"];

const FUNCTIONS: [Function; 26] = [
    Function { name: "abs", parameters: &[NUMBER], variadic: false, run: abs },
    Function { name: "avg", parameters: &[NUMBERS], variadic: false, run: avg },
    Function { name: "ceil", parameters: &[NUMBER], variadic: false, run: ceil },
    Function { name: "contains", parameters: &[ARRAY_OR_STRING, ANY], variadic: false, run: contains },
    Function { name: "ends_with", parameters: &[STRING, STRING], variadic: false, run: ends_with },
    Function { name: "floor", parameters: &[NUMBER], variadic: false, run: floor },
    Function { name: "join", parameters: &[STRING, STRINGS], variadic: false, run: join },
    Function { name: "keys", parameters: &[OBJECT], variadic: false, run: keys },
    Function { name: "length", parameters: &[MEASURABLE], variadic: false, run: length },
    Function { name: "map", parameters: &[REFERENCE, ARRAY], variadic: false, run: map },
    Function { name: "max", parameters: &[NUMBERS_OR_STRINGS], variadic: false, run: max },
    Function { name: "max_by", parameters: &[ARRAY, REFERENCE], variadic: false, run: max_by },
    Function { name: "merge", parameters: &[OBJECT], variadic: true, run: merge },
    Function { name: "min", parameters: &[NUMBERS_OR_STRINGS], variadic: false, run: min },
    Function { name: "min_by", parameters: &[ARRAY, REFERENCE], variadic: false, run: min_by },
    Function { name: "not_null", parameters: &[ANY], variadic: true, run: not_null },
    Function { name: "reverse", parameters: &[ARRAY_OR_STRING], variadic: false, run: reverse },
    Function { name: "sort", parameters: &[STRINGS_OR_NUMBERS], variadic: false, run: sort },
    Function { name: "sort_by", parameters: &[ARRAY, REFERENCE], variadic: false, run: sort_by },
    Function { name: "starts_with", parameters: &[STRING, STRING], variadic: false, run: starts_with },
    Function { name: "sum", parameters: &[NUMBERS], variadic: false, run: sum },
    Function { name: "to_array", parameters: &[ANY], variadic: false, run: to_array },
    Function { name: "to_number", parameters: &[ANY], variadic: false, run: to_number },
    Function { name: "to_string", parameters: &[ANY], variadic: false, run: to_string },
    Function { name: "type", parameters: &[ANY], variadic: false, run: type_name },
    Function { name: "values", parameters: &[OBJECT], variadic: false, run: values },
];

pub(super) fn call<'a>(evaluator: Evaluator<'a>, name: &str, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let function = FUNCTIONS
        .iter()
        .find(|function| function.name == name)
        .ok_or_else(|| QueryError::UnknownFunction { name: name.to_owned() })?;
    function.check(&arguments)?;
    (function.run)(evaluator, arguments)
}

impl Function {
    fn check(&self, arguments: &[Item<'_>]) -> Result<(), QueryError> {
        let (expected, received) = (self.parameters.len(), arguments.len());
        if received < expected || (received > expected && !self.variadic) {
            return Err(QueryError::Arity {
                function: self.name,
                expected,
                or_more: self.variadic,
                received,
            });
        }
        let last = self.parameters.last().copied().unwrap_or(ANY);
        let parameters = self.parameters.iter().copied().chain(std::iter::repeat(last));
        arguments
            .iter()
            .zip(parameters)
            .try_for_each(|(argument, types)| self.check_argument(argument, types))
    }

    fn check_argument(&self, argument: &Item<'_>, types: Types) -> Result<(), QueryError> {
        let kind = argument.kind();
        // `array-number` is an array of numbers.
        let array_of: Vec<&str> = types.iter().filter_map(|name| name.strip_prefix("array-")).collect();
        let accepted =
            types.is_empty() || types.contains(&kind.name()) || (kind == Kind::Array && !array_of.is_empty());
        if !accepted {
            return Err(self.type_error(argument, types, kind.name()));
        }
        if array_of.is_empty() {
            return Ok(());
        }
        let elements = argument.clone().into_elements().unwrap_or_default();
        // All elements are of one type; where there is a choice, of the first one's.
        let Some(wanted) = elements.first().map(|first| first.kind().name()) else {
            return Ok(());
        };
        let wanted = if array_of.contains(&wanted) { wanted } else { array_of[0] };
        match elements.iter().find(|element| element.kind().name() != wanted) {
            Some(odd) => Err(self.type_error(odd, types, odd.kind().python_name())),
            None => Ok(()),
        }
    }

    fn type_error(&self, value: &Item<'_>, expected: Types, received: &'static str) -> QueryError {
        type_error(self.name, value, expected, received)
    }
}

fn type_error(
    function: &'static str,
    value: &Item<'_>,
    expected: Types,
    received: &'static str,
) -> QueryError {
    QueryError::Type { function, value: python_str(&value.to_value()), expected, received }
}

fn take<const N: usize>(arguments: Vec<Item<'_>>) -> [Item<'_>; N] {
    arguments.try_into().expect("the number of arguments was checked")
}

fn take_number(arguments: Vec<Item<'_>>) -> Number {
    let [number] = take(arguments);
    number.as_number().expect("the argument's type was checked")
}

fn take_elements(arguments: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let [list] = take(arguments);
    elements(list)
}

fn elements(list: Item<'_>) -> Vec<Item<'_>> {
    list.into_elements().expect("the argument's type was checked")
}

fn entries(map: Item<'_>) -> Vec<(&str, Item<'_>)> {
    map.into_entries().expect("the argument's type was checked")
}

fn text<'i>(item: &'i Item<'_>) -> &'i str {
    item.as_str().expect("the argument's type was checked")
}

fn reference(item: &Item<'_>) -> NodeId {
    match item {
        Item::Reference(expression) => *expression,
        _ => unreachable!("the argument's type was checked"),
    }
}

fn abs<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    Ok(Item::scalar(match take_number(arguments) {
        Number::Int(whole) => Number::Int(whole.saturating_abs()),
        Number::Float(float) => Number::Float(float.abs()),
    }))
}

#[expect(clippy::cast_precision_loss, reason = "no list is long enough to lose any")]
fn avg<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let numbers = take_elements(arguments);
    if numbers.is_empty() {
        return Ok(Item::NULL);
    }
    Ok(Item::scalar(total(&numbers).as_f64() / numbers.len() as f64))
}

fn ceil<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    to_whole(take_number(arguments), f64::ceil)
}

fn contains<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject, wanted] = take(arguments);
    let found = match (subject.as_str(), wanted.as_str()) {
        (Some(subject), Some(wanted)) => subject.contains(wanted),
        (Some(_), None) => return Err(QueryError::NotInText { received: wanted.kind().python_name() }),
        (None, _) => elements(subject).iter().any(|element| element.python_equals(&wanted)),
    };
    Ok(Item::scalar(found))
}

fn ends_with<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject, suffix] = take(arguments);
    Ok(Item::scalar(text(&subject).ends_with(text(&suffix))))
}

fn floor<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    to_whole(take_number(arguments), f64::floor)
}

fn join<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [separator, list] = take(arguments);
    let parts = elements(list);
    let parts: Vec<&str> = parts.iter().map(text).collect();
    Ok(Item::scalar(parts.join(text(&separator))))
}

fn keys<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [map] = take(arguments);
    Ok(Item::List(entries(map).into_iter().map(|(key, _)| Item::scalar(key)).collect()))
}

fn length<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject] = take(arguments);
    let length = match subject.kind() {
        Kind::String => text(&subject).chars().count(),
        Kind::Array => elements(subject).len(),
        _ => entries(subject).len(),
    };
    Ok(Item::scalar(i128::try_from(length).expect("lengths are small")))
}

fn map<'a>(evaluator: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [expression, list] = take(arguments);
    keys_by(evaluator, &expression, &elements(list)).map(Item::List)
}

fn max<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let list = take_elements(arguments);
    let position = outermost(&list, Ordering::Greater, ">")?;
    Ok(pick(list, position))
}

fn max_by<'a>(evaluator: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    outermost_by(evaluator, arguments, "max_by", Ordering::Greater, ">")
}

fn merge<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let merged: IndexMap<_, _> = arguments.into_iter().flat_map(entries).collect();
    Ok(Item::Map(merged.into_iter().collect()))
}

fn min<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let list = take_elements(arguments);
    let position = outermost(&list, Ordering::Less, "<")?;
    Ok(pick(list, position))
}

fn min_by<'a>(evaluator: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    outermost_by(evaluator, arguments, "min_by", Ordering::Less, "<")
}

fn not_null<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    Ok(arguments.into_iter().find(|argument| !argument.is_null()).unwrap_or(Item::NULL))
}

fn reverse<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject] = take(arguments);
    if let Some(text) = subject.as_str() {
        return Ok(Item::scalar(text.chars().rev().collect::<String>()));
    }
    let mut list = elements(subject);
    list.reverse();
    Ok(Item::List(list))
}

fn sort<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let mut list = take_elements(arguments);
    list.sort_by(order_of_one_type);
    Ok(Item::List(list))
}

fn sort_by<'a>(evaluator: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [list, expression] = take(arguments);
    let list = elements(list);
    let Some(first) = list.first() else {
        return Ok(Item::List(list));
    };
    let keys = keys_by(evaluator, &expression, &list)?;
    let wanted: Types = match keys[0].kind() {
        Kind::Number { .. } => NUMBER,
        Kind::String => STRING,
        // Python names the element here, not its key.
        other => return Err(type_error("sort_by", first, &["string", "number"], other.name())),
    };
    check_keys("sort_by", &keys, wanted)?;
    let mut keyed: Vec<_> = keys.into_iter().zip(list).collect();
    keyed.sort_by(|(left, _), (right, _)| order_of_one_type(left, right));
    Ok(Item::List(keyed.into_iter().map(|(_, element)| element).collect()))
}

fn starts_with<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject, prefix] = take(arguments);
    Ok(Item::scalar(text(&subject).starts_with(text(&prefix))))
}

fn sum<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    Ok(Item::scalar(total(&take_elements(arguments))))
}

fn to_array<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject] = take(arguments);
    Ok(if subject.kind() == Kind::Array { subject } else { Item::List(vec![subject]) })
}

fn to_number<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject] = take(arguments);
    let number = subject.as_number().or_else(|| parse_number(subject.as_str()?));
    Ok(number.map_or(Item::NULL, Item::scalar))
}

fn to_string<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject] = take(arguments);
    Ok(if subject.kind() == Kind::String { subject } else { Item::scalar(compact_json(&subject.to_value())) })
}

fn type_name<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [subject] = take(arguments);
    Ok(match subject.kind() {
        Kind::Reference => Item::NULL,
        kind => Item::scalar(kind.name()),
    })
}

fn values<'a>(_: Evaluator<'a>, arguments: Vec<Item<'a>>) -> Outcome<'a> {
    let [map] = take(arguments);
    Ok(Item::List(entries(map).into_iter().map(|(_, value)| value).collect()))
}

fn total(numbers: &[Item<'_>]) -> Number {
    numbers.iter().filter_map(Item::as_number).fold(Number::Int(0), |total, number| match (total, number) {
        (Number::Int(left), Number::Int(right)) if left.checked_add(right).is_some() => {
            Number::Int(left + right)
        }
        (left, right) => Number::Float(left.as_f64() + right.as_f64()),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "only what fits is converted"
)]
fn to_whole<'a>(number: Number, round: fn(f64) -> f64) -> Outcome<'a> {
    let Number::Float(float) = number else {
        return Ok(Item::scalar(number));
    };
    if !float.is_finite() {
        return Err(QueryError::NoWholeNumber { nan: float.is_nan() });
    }
    let rounded = round(float);
    let fits = rounded.abs() < i128::MAX as f64;
    Ok(Item::scalar(if fits { Number::Int(rounded as i128) } else { Number::Float(rounded) }))
}

/// Evaluates `&expression` on every element.
fn keys_by<'a>(
    evaluator: Evaluator<'a>,
    expression: &Item<'a>,
    list: &[Item<'a>],
) -> Result<Vec<Item<'a>>, QueryError> {
    list.iter().map(|element| evaluator.evaluate(reference(expression), element)).collect()
}

fn check_keys(function: &'static str, keys: &[Item<'_>], types: Types) -> Result<(), QueryError> {
    match keys.iter().find(|key| !types.contains(&key.kind().name())) {
        Some(odd) => Err(type_error(function, odd, types, odd.kind().name())),
        None => Ok(()),
    }
}

fn outermost_by<'a>(
    evaluator: Evaluator<'a>,
    arguments: Vec<Item<'a>>,
    function: &'static str,
    wanted: Ordering,
    operator: &'static str,
) -> Outcome<'a> {
    let [list, expression] = take(arguments);
    let list = elements(list);
    let keys = keys_by(evaluator, &expression, &list)?;
    // As in Python, whichever comes first is the error: a key of no use, or two that do not compare.
    let usable =
        keys.iter().take_while(|key| matches!(key.kind(), Kind::Number { .. } | Kind::String)).count();
    let position = outermost(&keys[..usable], wanted, operator)?;
    check_keys(function, &keys, &["number", "string"])?;
    Ok(pick(list, position))
}

/// The position of the first smallest or first largest key.
fn outermost(keys: &[Item<'_>], wanted: Ordering, operator: &'static str) -> Result<usize, QueryError> {
    let mut best = 0;
    for position in 1..keys.len() {
        if order(&keys[position], &keys[best], operator)? == wanted {
            best = position;
        }
    }
    Ok(best)
}

fn pick(mut list: Vec<Item<'_>>, position: usize) -> Item<'_> {
    if list.is_empty() { Item::NULL } else { list.swap_remove(position) }
}

fn order_of_one_type(left: &Item<'_>, right: &Item<'_>) -> Ordering {
    order(left, right, "<").expect("the elements' types were checked to be one")
}

/// Reads a number as Python's `int` and, failing that, `float` do: blanks around it and `_` between digits are fine.
fn parse_number(text: &str) -> Option<Number> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let between_digits = |position: usize| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        digit(position.checked_sub(1)) && digit(Some(position + 1))
    };
    if !text.match_indices('_').all(|(position, _)| between_digits(position)) {
        return None;
    }
    let plain = text.replace('_', "");
    plain.parse().map(Number::Int).or_else(|_| plain.parse().map(Number::Float)).ok()
}
