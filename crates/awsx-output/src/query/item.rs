//! What an expression evaluates to on the way: mostly references into the input, so that selecting copies nothing.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::ast::NodeId;
use crate::map::Map;
use crate::value::{Number, Value};

#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    /// A part of the input or of the expression.
    Borrowed(&'a Value),
    /// A scalar that was computed.
    Scalar(Value),
    List(Vec<Item<'a>>),
    /// Keys are unique.
    Map(Vec<(&'a str, Item<'a>)>),
    /// `&expression`, to be evaluated by a function.
    Reference(NodeId),
}

/// JMESPath's types, and Python's names for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Number { whole: bool },
    String,
    Array,
    Object,
    Reference,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number { .. } => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Reference => "expref",
        }
    }

    pub(super) fn python_name(self) -> &'static str {
        match self {
            Self::Null => "NoneType",
            Self::Boolean => "bool",
            Self::Number { whole: true } => "int",
            Self::Number { whole: false } => "float",
            Self::String => "str",
            Self::Array => "list",
            Self::Object => "dict",
            Self::Reference => "_Expression",
        }
    }
}

impl<'a> Item<'a> {
    pub(super) const NULL: Self = Self::Scalar(Value::Null);

    pub(super) fn scalar(value: impl Into<Value>) -> Self {
        Self::Scalar(value.into())
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Borrowed(value) => kind_of(value),
            Self::Scalar(value) => kind_of(value),
            Self::List(_) => Kind::Array,
            Self::Map(_) => Kind::Object,
            Self::Reference(_) => Kind::Reference,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// False are null, `false`, and whatever is empty; zero is not.
    pub(super) fn is_false(&self) -> bool {
        match self {
            Self::Borrowed(value) => is_false(value),
            Self::Scalar(value) => is_false(value),
            Self::List(elements) => elements.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Reference(_) => false,
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Borrowed(value) => value.as_str(),
            Self::Scalar(value) => value.as_str(),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<Number> {
        match self {
            Self::Borrowed(Value::Number(number)) | Self::Scalar(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The value under `name`, null if there is none.
    pub(super) fn field(&self, name: &str) -> Self {
        match self {
            Self::Borrowed(value) => value.get(name).map_or(Self::NULL, Self::Borrowed),
            Self::Map(entries) => {
                entries.iter().find(|(key, _)| *key == name).map_or(Self::NULL, |(_, value)| value.clone())
            }
            _ => Self::NULL,
        }
    }

    /// The element at `position`, counted from the end if negative; null if there is none.
    pub(super) fn element(&self, position: i64) -> Self {
        match self {
            Self::Borrowed(Value::List(elements)) => wrap_index(position, elements.len())
                .map_or(Self::NULL, |index| Self::Borrowed(&elements[index])),
            Self::List(elements) => {
                wrap_index(position, elements.len()).map_or(Self::NULL, |index| elements[index].clone())
            }
            _ => Self::NULL,
        }
    }

    /// The number of elements, if this is a list.
    pub(super) fn list_length(&self) -> Option<usize> {
        match self {
            Self::Borrowed(value) => value.as_list().map(<[_]>::len),
            Self::List(elements) => Some(elements.len()),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    pub(super) fn into_elements(self) -> Option<Vec<Self>> {
        match self {
            Self::Borrowed(Value::List(elements)) => Some(elements.iter().map(Self::Borrowed).collect()),
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Keys and values, if this is a map.
    pub(super) fn into_entries(self) -> Option<Vec<(&'a str, Self)>> {
        match self {
            Self::Borrowed(Value::Map(map)) => {
                Some(map.iter().map(|(key, value)| (key.as_str(), Self::Borrowed(value))).collect())
            }
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn to_value(&self) -> Cow<'_, Value> {
        match self {
            Self::Borrowed(value) => Cow::Borrowed(value),
            Self::Scalar(value) => Cow::Borrowed(value),
            other => Cow::Owned(other.clone().into_value()),
        }
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Borrowed(value) => value.clone(),
            Self::Scalar(value) => value,
            Self::List(elements) => elements.into_iter().map(Self::into_value).collect(),
            Self::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key, value.into_value())).collect::<Map>())
            }
            // An expression is no data; Python's CLI fails to print it.
            Self::Reference(_) => Value::Null,
        }
    }

    /// Equality as the `==` of an expression has it: that of Python, but 0 and 1 are not `false` and `true`.
    pub(super) fn equals(&self, other: &Self) -> bool {
        let mixed = |left: &Self, right: &Self| left.kind() == Kind::Boolean && right.as_number().is_some();
        !mixed(self, other) && !mixed(other, self) && self.python_equals(other)
    }

    /// Equality as Python has it, where `False == 0` and `True == 1`.
    pub(super) fn python_equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Reference(left), Self::Reference(right)) => left == right,
            (Self::Reference(_), _) | (_, Self::Reference(_)) => false,
            _ => equal(&self.to_value(), &other.to_value()),
        }
    }
}

/// Orders numbers exactly, whole ones against fractional ones too. NaN comes last, so that sorting always ends well.
pub(super) fn compare_numbers(left: Number, right: Number) -> Ordering {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => left.cmp(&right),
        (Number::Float(left), Number::Float(right)) => {
            left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
        }
        (Number::Int(left), Number::Float(right)) => compare_whole(left, right),
        (Number::Float(left), Number::Int(right)) => compare_whole(right, left).reverse(),
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "bounds are checked first")]
fn compare_whole(whole: i128, float: f64) -> Ordering {
    if float.is_nan() || float >= i128::MAX as f64 {
        return Ordering::Less;
    }
    if float < i128::MIN as f64 {
        return Ordering::Greater;
    }
    whole.cmp(&(float.floor() as i128)).then(if float.fract() == 0.0 {
        Ordering::Equal
    } else {
        Ordering::Less
    })
}

fn equal(left: &Value, right: &Value) -> bool {
    if let (Some(left), Some(right)) = (as_python_number(left), as_python_number(right)) {
        let nan = |number| matches!(number, Number::Float(float) if float.is_nan());
        return !nan(left) && !nan(right) && compare_numbers(left, right) == Ordering::Equal;
    }
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => false,
    }
}

fn as_python_number(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(truth) => Some(Number::Int((*truth).into())),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn is_false(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::List(elements) => elements.is_empty(),
        Value::Map(map) => map.is_empty(),
    }
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) => Kind::Number { whole: matches!(number, Number::Int(_)) },
        Value::String(_) => Kind::String,
        Value::List(_) => Kind::Array,
        Value::Map(_) => Kind::Object,
    }
}

fn wrap_index(position: i64, length: usize) -> Option<usize> {
    let from_end = position < 0;
    let distance = usize::try_from(position.unsigned_abs()).ok()?;
    let index = if from_end { length.checked_sub(distance)? } else { distance };
    (index < length).then_some(index)
}
