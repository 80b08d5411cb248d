//! Reading by the model what came as values: JSON and CBOR, which tell lists, maps and numbers apart by themselves.

use awsx_model::{Kind, List, Map as MapShape, Member, Service, Structure};
use awsx_output::{Key, Map, Number, Value};

use super::site::Site;
use super::{AnswerError, text, timestamp};
use crate::Timestamps;

/// Reads values by the model.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) service: &'a Service,
    pub(super) timestamps: &'a Timestamps,
    pub(super) manners: Manners,
}

/// What botocore does in one of the protocols alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manners {
    Json,
    /// Makes numbers and truths of what the model says are such.
    RestJson,
    /// Moments are known by their tags, members by the model's own names.
    Cbor,
}

impl Reader<'_> {
    /// The members that came, in the model's order.
    pub(super) fn members(&self, structure: &Structure, value: Value) -> Result<Map, AnswerError> {
        let Value::Map(mut came) = value else { return Ok(Map::new()) };
        let mut read = Map::with_capacity(came.len().min(structure.members.len()));
        for member in &structure.members {
            let found = came.get_mut(self.name_of(member)).map(std::mem::take);
            if let Some(found) = found.filter(|found| *found != Value::Null) {
                read.insert(
                    Key::lasting(member.name),
                    self.value(&Site::member(self.service, member), found)?,
                );
            }
        }
        Ok(read)
    }

    fn name_of(&self, member: &Member) -> &'static str {
        match self.manners {
            Manners::Cbor => member.name,
            Manners::Json | Manners::RestJson => member.location_name.unwrap_or(member.name),
        }
    }

    pub(super) fn value(&self, site: &Site<'_>, value: Value) -> Result<Value, AnswerError> {
        if value == Value::Null {
            return Ok(value);
        }
        match &site.shape.kind {
            Kind::Structure(structure) if structure.document => Ok(value),
            Kind::Structure(structure) => self.structure(site, structure, value),
            Kind::List(list) => self.list(list, value),
            Kind::Map(map) => self.map(map, value),
            Kind::Timestamp(_) if self.manners != Manners::Cbor => Ok(match value {
                Value::String(text) => timestamp::show_moment_text(&text, self.timestamps),
                Value::Number(number) => timestamp::show_number(number, self.timestamps),
                other => other,
            }),
            kind if self.manners == Manners::RestJson => convert(kind, value),
            _ => Ok(value),
        }
    }

    fn structure(&self, site: &Site<'_>, structure: &Structure, value: Value) -> Result<Value, AnswerError> {
        if structure.union {
            let tag = only_member(site, &value)?;
            let known = structure.members.iter().any(|member| self.name_of(member) == tag);
            if !known && self.manners != Manners::Cbor {
                return Ok(unknown_member(tag));
            }
        }
        self.members(structure, value).map(Value::Map)
    }

    fn list(&self, list: &List, value: Value) -> Result<Value, AnswerError> {
        let Value::List(elements) = value else { return Ok(Value::List(Vec::new())) };
        let site = Site::element(self.service, &list.element);
        elements
            .into_iter()
            .map(|element| self.value(&site, element))
            .collect::<Result<_, _>>()
            .map(Value::List)
    }

    fn map(&self, map: &MapShape, value: Value) -> Result<Value, AnswerError> {
        let Value::Map(entries) = value else { return Ok(Value::Map(Map::new())) };
        let site = Site::element(self.service, &map.value);
        let entries = entries.into_iter().map(|(key, value)| Ok((key, self.value(&site, value)?)));
        entries.collect::<Result<_, _>>().map(Value::Map)
    }
}

/// The name of the one member of a union that is set.
fn only_member<'v>(site: &Site<'_>, value: &'v Value) -> Result<&'v str, AnswerError> {
    let entries = value.as_map().into_iter().flat_map(Map::iter);
    let mut set = entries.filter(|(key, value)| *key != "__type" && **value != Value::Null);
    match (set.next(), set.next()) {
        (Some((tag, _)), None) => Ok(tag),
        _ => Err(not_one_member(site)),
    }
}

pub(super) fn not_one_member(site: &Site<'_>) -> AnswerError {
    AnswerError(format!(
        "Invalid service response: {} must have one and only one member set.",
        site.shape.name
    ))
}

/// What stands for a member of a union that this model does not know yet.
pub(super) fn unknown_member(tag: &str) -> Value {
    Value::map([("SDK_UNKNOWN_MEMBER", Value::map([("name", tag.into())]))])
}

fn convert(kind: &Kind, value: Value) -> Result<Value, AnswerError> {
    let unreadable =
        |text: &str| AnswerError(format!("Unable to parse response: `{text}` is not what the model says"));
    Ok(match (kind, value) {
        (Kind::Boolean, Value::String(text)) => text.eq_ignore_ascii_case("true").into(),
        (Kind::Integer | Kind::Long, Value::String(text)) => {
            text.trim().parse::<i128>().map_err(|_| unreadable(&text))?.into()
        }
        #[expect(clippy::cast_possible_truncation, reason = "Python's int() cuts too")]
        (Kind::Integer | Kind::Long, Value::Number(Number::Float(number))) => (number as i64).into(),
        (Kind::Float | Kind::Double, Value::String(text)) => {
            text::parse_float(&text).ok_or_else(|| unreadable(&text))?.into()
        }
        (Kind::Float | Kind::Double, Value::Number(number)) => number.as_f64().into(),
        (_, other) => other,
    })
}
