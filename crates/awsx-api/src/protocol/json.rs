//! The JSON protocols' bodies, and the whole of the one that sends everything to one path.

use awsx_model::{Input, Kind, Operation, Service, ShapeId, TimestampFormat};
use awsx_output::{Map, Value};

use super::documents::{json_float, json_value};
use super::site::Site;
use super::timestamp::{self, Form};
use super::values::{self, Manners};
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
                let member = structure.member(name)?;
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
    let Some(structure) = service.structure(output) else { return Ok(Map::new()) };
    if structure.members.is_empty() {
        return Ok(Map::new());
    }
    reader(service, timestamps).members(structure, parse_answer(answer.body)?)
}

/// Reads values of this protocol.
pub(super) fn reader<'a>(service: &'a Service, timestamps: &'a Timestamps) -> values::Reader<'a> {
    values::Reader { service, timestamps, manners: Manners::Json }
}

/// What a service answered. botocore takes what is no JSON for a message, and shows nothing.
pub(super) fn parse_answer(body: &[u8]) -> Result<Value, AnswerError> {
    if body.is_empty() {
        return Ok(Value::Map(Map::new()));
    }
    serde_json::from_slice::<serde_json::Value>(body).map(Value::from).map_err(|error| {
        AnswerError(format!(
            "Unable to parse response ({error}), invalid JSON received. Further retries may succeed"
        ))
    })
}

/// JSON, or a map with the text as its message: what answers may be that never came from the service.
pub(super) fn parse(body: &[u8]) -> Value {
    parse_answer(body)
        .unwrap_or_else(|_| Value::map([("message", String::from_utf8_lossy(body).into_owned().into())]))
}
