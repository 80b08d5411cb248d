//! The JSON protocols' bodies, and the whole of the one that sends everything to one path.

use awsx_model::{
    Input, Kind, List, Map as MapShape, Operation, Service, ShapeId, Structure, TimestampFormat,
};
use awsx_output::{Key, Map, Value};

use super::documents::{json_float, json_value};
use super::site::{Site, find, structure};
use super::timestamp::{self, Form};
use super::{Answer, AnswerError, WireRequest, text};
use crate::{Body, Timestamps};

pub(super) fn write_request(service: &Service, operation: &Operation, input: &Input) -> WireRequest {
    let mut request = WireRequest::new(operation.method);
    let target = format!("{}.{}", service.target_prefix.unwrap_or_default(), operation.wire_name);
    request.set_header("X-Amz-Target", target);
    let version = service.json_version.unwrap_or("1.0");
    request.set_header("Content-Type", format!("application/x-amz-json-{version}"));
    if service.aws_query_compatible {
        request.set_header("x-amzn-query-mode", "true");
    }
    let body = operation.input.map_or_else(
        || serde_json::Value::Object(serde_json::Map::new()),
        |used| write_value(service, &Site::whole(service, used.shape), input),
    );
    request.body = Body::Bytes(body.to_string().into_bytes());
    request
}

/// A value as JSON.
pub(super) fn write_value(service: &Service, site: &Site<'_>, input: &Input) -> serde_json::Value {
    match (&site.shape.kind, input) {
        (_, Input::Null) => serde_json::Value::Null,
        (Kind::Structure(structure), input) if structure.document => json_value(input),
        (Kind::Structure(structure), Input::Map(entries)) => {
            let members = entries.iter().filter_map(|(name, value)| {
                let member = find(structure, name)?;
                Some((member.location_name.unwrap_or(member.name), Site::member(service, member), value))
            });
            let members =
                members.map(|(name, site, value)| (name.to_owned(), write_value(service, &site, value)));
            serde_json::Value::Object(members.collect())
        }
        (Kind::List(list), Input::List(elements)) => {
            let site = Site::element(service, &list.element);
            elements.iter().map(|element| write_value(service, &site, element)).collect()
        }
        (Kind::Map(map), Input::Map(entries)) => {
            let site = Site::element(service, &map.value);
            let entries =
                entries.iter().map(|(key, value)| (key.clone(), write_value(service, &site, value)));
            serde_json::Value::Object(entries.collect())
        }
        (Kind::Timestamp(_), Input::Moment(moment)) => {
            let form = Form::of(service, site.timestamp, TimestampFormat::UnixTimestamp);
            match form.format {
                TimestampFormat::UnixTimestamp if form.milliseconds => {
                    timestamp::since_1970_in_milliseconds(*moment).into()
                }
                TimestampFormat::UnixTimestamp => moment.seconds.into(),
                _ => timestamp::write(*moment, form).into(),
            }
        }
        (_, Input::Float(number)) => json_float(*number),
        (_, Input::Blob(bytes)) => text::base64(bytes).into(),
        (_, other) => json_value(other),
    }
}

pub(super) fn read_answer(
    service: &Service,
    output: ShapeId,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let Some(structure) = structure(service, output) else { return Ok(Map::new()) };
    if structure.members.is_empty() {
        return Ok(Map::new());
    }
    let reader = Reader { service, timestamps, converts: false };
    reader.members(structure, &parse_answer(answer.body)?)
}

/// What a service answered. botocore takes what is no JSON for a message, and shows nothing.
pub(super) fn parse_answer(body: &[u8]) -> Result<serde_json::Value, AnswerError> {
    if body.is_empty() {
        return Ok(serde_json::Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| {
        AnswerError(format!(
            "Unable to parse response ({error}), invalid JSON received. Further retries may succeed"
        ))
    })
}

/// JSON, or an object with the text as its message: what answers may be that never came from the service.
pub(super) fn parse(body: &[u8]) -> serde_json::Value {
    if body.is_empty() {
        return serde_json::Value::Object(serde_json::Map::new());
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| serde_json::json!({ "message": String::from_utf8_lossy(body) }))
}

/// Reads JSON by the model.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) service: &'a Service,
    pub(super) timestamps: &'a Timestamps,
    /// Makes numbers and truths of what the model says are such, as botocore does for one of the two JSON protocols.
    pub(super) converts: bool,
}

impl Reader<'_> {
    /// The members that came, in the model's order.
    pub(super) fn members(
        &self,
        structure: &Structure,
        value: &serde_json::Value,
    ) -> Result<Map, AnswerError> {
        let mut read = Map::new();
        for member in &structure.members {
            let name = member.location_name.unwrap_or(member.name);
            if let Some(found) = value.get(name).filter(|found| !found.is_null()) {
                read.insert(
                    Key::lasting(member.name),
                    self.value(&Site::member(self.service, member), found)?,
                );
            }
        }
        Ok(read)
    }

    pub(super) fn value(&self, site: &Site<'_>, value: &serde_json::Value) -> Result<Value, AnswerError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        match &site.shape.kind {
            Kind::Structure(structure) if structure.document => Ok(value.clone().into()),
            Kind::Structure(structure) => self.structure(site, structure, value),
            Kind::List(list) => self.list(list, value),
            Kind::Map(map) => self.map(map, value),
            Kind::Timestamp(_) => Ok(self.timestamp(value)),
            Kind::Boolean | Kind::Integer | Kind::Long | Kind::Float | Kind::Double if self.converts => {
                convert(&site.shape.kind, value)
            }
            _ => Ok(value.clone().into()),
        }
    }

    fn structure(
        &self,
        site: &Site<'_>,
        structure: &Structure,
        value: &serde_json::Value,
    ) -> Result<Value, AnswerError> {
        if structure.union
            && let Some(unknown) = unknown_union_member(site, structure, value)?
        {
            return Ok(unknown);
        }
        self.members(structure, value).map(Value::Map)
    }

    fn list(&self, list: &List, value: &serde_json::Value) -> Result<Value, AnswerError> {
        let site = Site::element(self.service, &list.element);
        let elements = value.as_array().map(Vec::as_slice).unwrap_or_default();
        elements.iter().map(|element| self.value(&site, element)).collect::<Result<_, _>>().map(Value::List)
    }

    fn map(&self, map: &MapShape, value: &serde_json::Value) -> Result<Value, AnswerError> {
        let site = Site::element(self.service, &map.value);
        let mut read = Map::new();
        for (key, value) in value.as_object().into_iter().flatten() {
            read.insert(key.clone(), self.value(&site, value)?);
        }
        Ok(Value::Map(read))
    }

    fn timestamp(&self, value: &serde_json::Value) -> Value {
        match value {
            serde_json::Value::String(text) => timestamp::show_moment_text(text, self.timestamps),
            serde_json::Value::Number(number) => {
                timestamp::show_number(number.clone().into(), self.timestamps)
            }
            other => other.clone().into(),
        }
    }
}

/// What stands for a member of a union that this model does not know yet.
fn unknown_union_member(
    site: &Site<'_>,
    structure: &Structure,
    value: &serde_json::Value,
) -> Result<Option<Value>, AnswerError> {
    let set =
        value.as_object().into_iter().flatten().filter(|(key, value)| *key != "__type" && !value.is_null());
    let set: Vec<_> = set.map(|(key, _)| key.as_str()).collect();
    let [tag] = set[..] else { return Err(not_one_member(site)) };
    let known = structure.members.iter().any(|member| member.location_name.unwrap_or(member.name) == tag);
    Ok((!known).then(|| unknown_member(tag)))
}

pub(super) fn not_one_member(site: &Site<'_>) -> AnswerError {
    AnswerError(format!(
        "Invalid service response: {} must have one and only one member set.",
        site.shape.name
    ))
}

pub(super) fn unknown_member(tag: &str) -> Value {
    Value::map([("SDK_UNKNOWN_MEMBER", Value::map([("name", tag.into())]))])
}

fn convert(kind: &Kind, value: &serde_json::Value) -> Result<Value, AnswerError> {
    let unreadable = || AnswerError(format!("Unable to parse response: {value} is not what the model says"));
    Ok(match (kind, value) {
        (Kind::Boolean, serde_json::Value::String(text)) => text.eq_ignore_ascii_case("true").into(),
        (Kind::Integer | Kind::Long, serde_json::Value::String(text)) => {
            text.trim().parse::<i128>().map_err(|_| unreadable())?.into()
        }
        #[expect(clippy::cast_possible_truncation, reason = "Python's int() cuts too")]
        (Kind::Integer | Kind::Long, serde_json::Value::Number(number)) if number.is_f64() => {
            (number.as_f64().unwrap_or_default() as i64).into()
        }
        (Kind::Float | Kind::Double, serde_json::Value::String(text)) => {
            text::parse_float(text).ok_or_else(unreadable)?.into()
        }
        (Kind::Float | Kind::Double, serde_json::Value::Number(number)) => {
            number.as_f64().ok_or_else(unreadable)?.into()
        }
        (_, other) => other.clone().into(),
    })
}
