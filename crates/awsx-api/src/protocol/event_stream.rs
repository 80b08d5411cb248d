//! Streams of events: frames with headers and a payload, one for each event.

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::event_stream::{HeaderValue, Message};
use awsx_model::{EventRole, Kind, Member, Protocol, Service, Structure};
use awsx_output::{Map, Value};
use bytes::Bytes;

use super::site::{Site, find};
use super::xml::{self, Element};
use super::{Answer, AnswerError, cbor, json, text, timestamp};
use crate::Timestamps;

/// The member that is a stream of events.
pub(super) fn member<'m>(service: &Service, structure: &'m Structure) -> Option<&'m Member> {
    let is_stream = |member: &&Member| matches!(&service.shape(member.shape).kind, Kind::Structure(target) if target.event_stream);
    structure.members.iter().find(is_stream)
}

/// Reads a whole stream whose first event is the answer's other members.
pub(super) fn read_rpc(
    service: &Service,
    structure: &Structure,
    stream: &Member,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let mut messages = messages(answer.body)?.into_iter();
    let first = messages.next().filter(|message| header(message, ":event-type") == Some("initial-response"));
    let Some(first) = first else {
        return Err(AnswerError("First event was not of type initial-response".to_owned()));
    };
    let mut read = body(service, structure, first.payload(), timestamps)?;
    let Kind::Structure(events) = &service.shape(stream.shape).kind else { return Ok(read) };
    let each = messages.map(|message| event(service, events, &message, timestamps));
    read.insert(stream.name, each.collect::<Result<Vec<_>, _>>()?);
    Ok(read)
}

/// Reads a whole stream.
pub(super) fn read_all(
    service: &Service,
    events: &Structure,
    body: &[u8],
    timestamps: &Timestamps,
) -> Result<Value, AnswerError> {
    let each = messages(body)?.into_iter();
    let each = each.filter(|message| header(message, ":event-type") != Some("initial-response"));
    each.map(|message| event(service, events, &message, timestamps))
        .collect::<Result<_, _>>()
        .map(Value::List)
}

fn messages(body: &[u8]) -> Result<Vec<Message>, AnswerError> {
    let mut decoder = MessageFrameDecoder::new();
    let mut left = Bytes::copy_from_slice(body);
    let mut messages = Vec::new();
    loop {
        match decoder.decode_frame(&mut left) {
            Ok(DecodedFrame::Complete(message)) => messages.push(message),
            Ok(DecodedFrame::Incomplete) => return Ok(messages),
            Err(error) => {
                return Err(AnswerError(format!(
                    "Unable to parse response: malformed event stream: {error}"
                )));
            }
        }
    }
}

/// One event: a map with its type as the only key.
fn event(
    service: &Service,
    events: &Structure,
    message: &Message,
    timestamps: &Timestamps,
) -> Result<Value, AnswerError> {
    if matches!(header(message, ":message-type"), Some("error" | "exception")) {
        return Err(failure(message));
    }
    let name = header(message, ":event-type").unwrap_or_default();
    let Some(member) = find(events, name) else { return Ok(Value::Map(Map::new())) };
    let Kind::Structure(structure) = &service.shape(member.shape).kind else {
        return Ok(Value::Map(Map::new()));
    };
    let mut read = Map::new();
    for field in structure.members.iter().filter(|field| field.event == Some(EventRole::Header)) {
        let found = message.headers().iter().find(|header| header.name().as_str() == field.name);
        read.extend(found.map(|header| (field.name.to_owned(), header_value(header.value(), timestamps))));
    }
    match structure.members.iter().find(|field| field.event == Some(EventRole::Payload)) {
        Some(field) => {
            let value = payload(service, &Site::member(service, field), message.payload(), timestamps)?;
            read.insert(field.name, value);
        }
        None => read.extend(body(service, structure, message.payload(), timestamps)?),
    }
    Ok(Value::map([(name, Value::Map(read))]))
}

fn payload(
    service: &Service,
    site: &Site<'_>,
    bytes: &[u8],
    timestamps: &Timestamps,
) -> Result<Value, AnswerError> {
    match &site.shape.kind {
        Kind::Blob(_) => Ok(text::base64(bytes).into()),
        Kind::String { .. } => Ok(String::from_utf8_lossy(bytes).into_owned().into()),
        Kind::Structure(structure) => body(service, structure, bytes, timestamps).map(Value::Map),
        _ => json::Reader { service, timestamps, converts: false }.value(site, &json::parse(bytes)),
    }
}

fn body(
    service: &Service,
    structure: &Structure,
    bytes: &[u8],
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    match service.protocol {
        Protocol::RestXml | Protocol::Query | Protocol::Ec2 => {
            let root = if bytes.is_empty() { Element::default() } else { Element::parse(bytes)? };
            xml::Reader { service, timestamps }.members(structure, &root)
        }
        Protocol::Cbor => cbor::members(service, structure, &cbor::parse(bytes, timestamps)?),
        Protocol::Json | Protocol::RestJson => {
            json::Reader { service, timestamps, converts: false }.members(structure, &json::parse(bytes))
        }
    }
}

fn failure(message: &Message) -> AnswerError {
    let code =
        header(message, ":exception-type").or_else(|| header(message, ":error-code")).unwrap_or_default();
    let said = header(message, ":error-message").map(str::to_owned);
    let said = said.or_else(|| {
        let body = json::parse(message.payload());
        let found = body.get("message").or_else(|| body.get("Message"))?;
        Some(found.as_str()?.to_owned())
    });
    AnswerError(format!("An error occurred ({code}) in the event stream: {}", said.unwrap_or_default()))
}

fn header<'m>(message: &'m Message, name: &str) -> Option<&'m str> {
    let found = message.headers().iter().find(|header| header.name().as_str() == name)?;
    found.value().as_string().ok().map(aws_smithy_types::str_bytes::StrBytes::as_str)
}

fn header_value(value: &HeaderValue, timestamps: &Timestamps) -> Value {
    match value {
        HeaderValue::Bool(truth) => (*truth).into(),
        HeaderValue::Byte(number) => i32::from(*number).into(),
        HeaderValue::Int16(number) => i32::from(*number).into(),
        HeaderValue::Int32(number) => (*number).into(),
        HeaderValue::Int64(number) => (*number).into(),
        HeaderValue::ByteArray(bytes) => text::base64(bytes).into(),
        HeaderValue::String(text) => text.as_str().into(),
        HeaderValue::Timestamp(at) => timestamp::show_number(at.as_secs_f64().into(), timestamps),
        HeaderValue::Uuid(number) => uuid::Uuid::from_u128(*number).to_string().into(),
        _ => Value::Null,
    }
}
