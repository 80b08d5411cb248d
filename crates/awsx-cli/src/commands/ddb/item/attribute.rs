//! DynamoDB's typed attributes: `{"S": "a"}`.

use awsx_output::{Map, Value};
use awsx_params::{Given, Parameters};

use super::shown::{BYTES, NUMBER, SET};
use super::{Item, Number, decode_base64};
use crate::error::{CommandError, CommandResult};

impl Item {
    /// The item as a parameter: typed attributes by name. What is no map stays what it is, for the check of the parameters.
    pub(in super::super) fn to_attributes(&self, path: &str) -> CommandResult<Given> {
        match self {
            Self::Map(entries) => attributes(entries, path),
            Self::Null => Ok(Given::None),
            Self::Truth(truth) => Ok((*truth).into()),
            Self::Number(number) => {
                let text = number.to_string();
                let whole = text.parse().map(Given::Integer);
                Ok(whole.unwrap_or_else(|_| Given::Float(text.parse().unwrap_or(f64::NAN))))
            }
            Self::Text(text) | Self::Moment { text, .. } => Ok(text.as_str().into()),
            Self::Bytes(bytes) => Ok(Given::Bytes(bytes.clone())),
            Self::List(elements) | Self::Set(elements) => {
                let elements = elements.iter().map(|element| element.to_attributes(path));
                Ok(elements.collect::<CommandResult<Vec<_>>>()?.into())
            }
        }
    }

    /// The value as a typed attribute. `path` leads to it among the parameters.
    pub(in super::super) fn to_attribute(&self, path: &str) -> CommandResult<Given> {
        let typed = |kind: &str, value: Given| Ok(Given::from([(kind, value)]));
        match self {
            Self::Null => typed("NULL", true.into()),
            Self::Truth(truth) => typed("BOOL", (*truth).into()),
            Self::Number(number) => typed("N", number.checked()?.to_string().into()),
            Self::Text(text) => typed("S", text.as_str().into()),
            Self::Bytes(bytes) => typed("B", Given::Bytes(bytes.clone())),
            Self::List(elements) => {
                let elements = elements.iter().enumerate();
                let elements = elements.map(|(at, element)| element.to_attribute(&format!("{path}.L[{at}]")));
                typed("L", elements.collect::<CommandResult<Vec<_>>>()?.into())
            }
            Self::Map(entries) => typed("M", attributes(entries, &format!("{path}.M"))?),
            Self::Set(elements) => self.set(elements),
            Self::Moment { .. } => Err(self.unsupported()),
        }
    }

    fn set(&self, elements: &[Self]) -> CommandResult<Given> {
        let all = |kind: &str, element: fn(&Self) -> Option<CommandResult<Given>>| {
            let elements: Option<CommandResult<Vec<_>>> = elements.iter().map(element).collect();
            elements.map(|elements| Ok(Given::from([(kind, elements?.into())])))
        };
        let number = |element: &Self| match element {
            Self::Number(number) => Some(number.checked().map(|number| number.to_string().into())),
            // Python's truths are numbers.
            Self::Truth(truth) => Some(Ok(if *truth { "1" } else { "0" }.into())),
            _ => None,
        };
        let text = |element: &Self| match element {
            Self::Text(text) => Some(Ok(text.as_str().into())),
            _ => None,
        };
        let bytes = |element: &Self| match element {
            Self::Bytes(bytes) => Some(Ok(Given::Bytes(bytes.clone()))),
            _ => None,
        };
        all("NS", number)
            .or_else(|| all("SS", text))
            .or_else(|| all("BS", bytes))
            .unwrap_or_else(|| Err(self.unsupported()))
    }

    fn unsupported(&self) -> CommandError {
        let (kind, text) = (self.python_type(), self.python_text());
        CommandError::general(format!("Unsupported type \"{kind}\" for value \"{text}\""))
    }

    /// The item that a service's answer holds.
    pub(in super::super) fn of_attributes(answer: &Value) -> CommandResult<Self> {
        let attributes = answer.as_map().into_iter().flat_map(Map::iter);
        let entries = attributes
            .map(|(name, attribute)| Ok((Self::Text(name.to_string()), Self::of_attribute(attribute)?)));
        Ok(Self::Map(entries.collect::<CommandResult<_>>()?))
    }

    /// The value of a typed attribute in a service's answer.
    pub(in super::super) fn of_attribute(answer: &Value) -> CommandResult<Self> {
        let Some((kind, value)) = answer.as_map().and_then(|typed| typed.iter().next()) else {
            return Err(CommandError::general(
                "Value must be a nonempty dictionary whose key is a valid dynamodb type.",
            ));
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let number = |value: &Value| text(value).parse::<Number>().map(Self::Number);
        let bytes =
            |value: &Value| decode_base64(&text(value)).map(Self::Bytes).map_err(CommandError::general);
        let elements = || value.as_list().unwrap_or_default().iter();
        Ok(match kind.as_str() {
            "NULL" => Self::Null,
            "BOOL" => Self::Truth(*value == Value::Bool(true)),
            "N" => number(value)?,
            "S" => Self::Text(text(value)),
            "B" => bytes(value)?,
            "NS" => Self::Set(elements().map(number).collect::<CommandResult<_>>()?),
            "SS" => Self::Set(elements().map(|element| Self::Text(text(element))).collect()),
            "BS" => Self::Set(elements().map(bytes).collect::<CommandResult<_>>()?),
            "L" => Self::List(elements().map(Self::of_attribute).collect::<CommandResult<_>>()?),
            "M" => Self::of_attributes(value)?,
            other => {
                return Err(CommandError::general(format!("Dynamodb type {other} is not supported")));
            }
        })
    }

    /// The value for queries and for the screen. What only YAML has stands in a map with a mark.
    pub(in super::super) fn to_value(&self) -> Value {
        let marked = |mark: &str, value: Value| Value::map([(mark, value)]);
        match self {
            Self::Null => Value::Null,
            Self::Truth(truth) => (*truth).into(),
            Self::Number(number) => {
                let text = number.to_string();
                plain_number(&text).unwrap_or_else(|| marked(NUMBER, text.into()))
            }
            Self::Text(text) | Self::Moment { text, .. } => text.into(),
            Self::Bytes(bytes) => marked(BYTES, aws_smithy_types::base64::encode(bytes).into()),
            Self::List(elements) => elements.iter().map(Self::to_value).collect(),
            Self::Set(elements) => marked(SET, elements.iter().map(Self::to_value).collect()),
            Self::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.python_text(), value.to_value()));
                Value::Map(entries.collect())
            }
        }
    }
}

/// The number, if what queries make of it is written the same.
fn plain_number(text: &str) -> Option<Value> {
    if let Some(whole) = text.parse::<i128>().ok().filter(|whole| whole.to_string() == text) {
        return Some(whole.into());
    }
    let float = text.parse::<f64>().ok().filter(|float| awsx_output::python_float(*float) == text)?;
    // `1.0` is a whole number to AWS CLI's `ddb`.
    (float.fract() != 0.0).then(|| float.into())
}

fn attributes(entries: &[(Item, Item)], path: &str) -> CommandResult<Given> {
    let mut attributes = Parameters::new();
    for (key, value) in entries {
        let Item::Text(name) = key else {
            let kind = match key {
                Item::Number(number) if number.is_plainly_whole() => "<class 'int'>",
                other => other.python_type(),
            };
            let key = key.python_text();
            return Err(CommandError::usage(format!(
                "Parameter validation failed:\nInvalid type for parameter {path} (key: {key}), value: {key}, type: \
                 {kind}, valid types: <class 'str'>"
            )));
        };
        attributes.insert(name.clone(), value.to_attribute(&format!("{path}.{name}"))?);
    }
    Ok(Given::Map(attributes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn there_and_back(attribute: serde_json::Value) -> Item {
        let attribute = Value::from(attribute);
        let item = Item::of_attribute(&attribute).unwrap();
        assert_eq!(item.to_attribute("x").unwrap().as_value(), attribute);
        item
    }

    #[test]
    fn every_type_goes_there_and_back() {
        for (attribute, shown) in [
            (json!({"NULL": true}), "null"),
            (json!({"BOOL": false}), "false"),
            (json!({"N": "1.50"}), "1.50"),
            (json!({"S": "a"}), "\"a\""),
            (json!({"NS": ["1", "2"]}), "#{1, 2}"),
            (json!({"SS": ["a"]}), "#{\"a\"}"),
            (json!({"L": [{"S": "a"}, {"L": []}]}), "[\"a\", []]"),
            (json!({"M": {"a": {"N": "1E+3"}}}), "{\"a\": 1E+3}"),
        ] {
            assert_eq!(format!("{:?}", there_and_back(attribute)), shown);
        }
        let bytes = Item::of_attribute(&json!({"B": "aGk="}).into()).unwrap();
        assert_eq!(bytes.to_attribute("x").unwrap(), Given::from([("B", Given::Bytes(b"hi".to_vec()))]));
    }

    #[test]
    fn numbers_that_queries_would_change_are_marked() {
        let value = |text: &str| Item::Number(text.parse().unwrap()).to_value();
        assert_eq!(value("12"), 12.into());
        assert_eq!(value("-0.5"), (-0.5).into());
        for text in ["1.50", "1E+3", "1.0", "-0", "1.2345678901234567890123"] {
            assert_eq!(value(text), Value::map([(NUMBER, text.into())]), "{text}");
        }
    }

    #[test]
    fn what_dynamodb_has_no_type_for_is_told() {
        let date = Item::Moment { text: "2020-01-01".into(), is_date: true };
        assert_eq!(
            date.to_attribute("x").unwrap_err().message,
            "Unsupported type \"<class 'datetime.date'>\" for value \"2020-01-01\""
        );
        let mixed = Item::Set(vec![Item::Text("a".into()), Item::Null]);
        assert_eq!(
            mixed.to_attribute("x").unwrap_err().message,
            "Unsupported type \"<class 'set'>\" for value \"{'a', None}\""
        );
        let one = || Item::Number("1".parse().unwrap());
        let inner = Item::Map(vec![(one(), one())]);
        let item = Item::Map(vec![(Item::Text("m".into()), inner)]);
        assert_eq!(
            item.to_attributes("Item").unwrap_err().message,
            "Parameter validation failed:\nInvalid type for parameter Item.m.M (key: 1), value: 1, type: <class 'int'>, \
             valid types: <class 'str'>"
        );
    }
}
