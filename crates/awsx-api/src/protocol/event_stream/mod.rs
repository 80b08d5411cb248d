//! Streams of events: messages with headers and a payload, one for each event.

mod frames;

use aws_smithy_types::event_stream::{HeaderValue, Message};
use awsx_model::{EventRole, Kind, Member, Operation, Protocol, Service, Structure, Text};
use awsx_output::{Map, Value};

pub(crate) use self::frames::Frames;
use super::site::Site;
use super::xml::{self, Element};
use super::{AnswerError, cbor, json, text, timestamp};
use crate::Timestamps;

/// Reads the events of one operation's answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventReader<'m> {
    /// The member of the output that the events are.
    pub(crate) member: Text,
    service: &'m Service,
    events: &'m Structure,
}

/// What a message is.
#[derive(Debug)]
pub(crate) enum Event {
    /// A map with the event's type as its only key.
    Known(Value),
    /// Of a type that the model does not have. botocore passes over it.
    Unknown,
    /// The service broke off with this error.
    Failure { code: String, message: String },
}

impl<'m> EventReader<'m> {
    /// A reader for an operation whose answer has a stream of events.
    pub(crate) fn of(service: &'m Service, operation: &Operation) -> Option<Self> {
        let found = member(service, service.output(operation)?)?;
        let events = service.structure(found.shape)?;
        Some(Self { member: found.name, service, events })
    }

    /// Whether the answer's other members come as its first event.
    pub(crate) fn begins_with_members(&self) -> bool {
        matches!(self.service.protocol, Protocol::Json | Protocol::Cbor)
    }

    /// Reads a message.
    pub(crate) fn read(&self, message: &Message, timestamps: &Timestamps) -> Result<Event, AnswerError> {
        if matches!(header(message, ":message-type"), Some("error" | "exception")) {
            return self.failure(message, timestamps);
        }
        let name = header(message, ":event-type").unwrap_or_default();
        let Some(member) = self.events.member(name) else { return Ok(Event::Unknown) };
        let Some(structure) = self.service.structure(member.shape) else { return Ok(Event::Unknown) };
        let read = event(self.service, structure, message, timestamps)?;
        Ok(Event::Known(Value::map([(name, Value::Map(read))])))
    }

    /// An exception that the model has carries its message as a member, all others as a header.
    fn failure(&self, message: &Message, timestamps: &Timestamps) -> Result<Event, AnswerError> {
        let text = |name| header(message, name).unwrap_or_default().to_owned();
        let modelled = header(message, ":exception-type").and_then(|name| self.events.member(name));
        let Some(structure) = modelled.and_then(|member| self.service.structure(member.shape)) else {
            return Ok(Event::Failure { code: text(":error-code"), message: text(":error-message") });
        };
        let members = body(self.service, structure, message.payload(), timestamps)?;
        let said = members.get("Message").or_else(|| members.get("message")).and_then(Value::as_str);
        Ok(Event::Failure { code: text(":exception-type"), message: said.unwrap_or_default().to_owned() })
    }
}

/// The payload of a message that has the answer's other members.
pub(crate) fn initial_response(message: Option<&Message>) -> Result<&[u8], AnswerError> {
    let first = message.filter(|message| header(message, ":event-type") == Some("initial-response"));
    first
        .map(|message| &message.payload()[..])
        .ok_or_else(|| AnswerError("First event was not of type initial-response".to_owned()))
}

/// The member that is a stream of events.
pub(super) fn member<'m>(service: &Service, structure: &'m Structure) -> Option<&'m Member> {
    let is_stream = |member: &&Member| matches!(&service.shape(member.shape).kind, Kind::Structure(target) if target.event_stream);
    structure.members.iter().find(is_stream)
}

/// The members of an event: some are headers, and one may be the whole payload.
fn event(
    service: &Service,
    structure: &Structure,
    message: &Message,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
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
    Ok(read)
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
        _ => json::reader(service, timestamps).value(site, json::parse_answer(bytes)?),
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
        Protocol::Cbor => {
            cbor::reader(service, timestamps).members(structure, cbor::parse(bytes, timestamps)?)
        }
        Protocol::Json | Protocol::RestJson => {
            json::reader(service, timestamps).members(structure, json::parse_answer(bytes)?)
        }
    }
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
