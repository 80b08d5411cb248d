//! Reading an answer that came by other means than a [`Client`](crate::Client).

use awsx_model::{Operation, Service};
use awsx_output::{Map, Value};
use http::HeaderMap;
use jiff::tz::TimeZone;

use crate::protocol::{self, Answer, AnswerError, Event, EventReader, Frames};
use crate::{Timestamps, Zone};

/// Reads the body of an answer without headers, or of an error where `status` is 300 or more. Events are a list; what comes
/// behind an exception is left out. An `Err` is the reason why it cannot be read.
pub fn read_answer(
    service: &Service,
    operation: &Operation,
    status: u16,
    body: &[u8],
) -> Result<Map, String> {
    let answer = Answer { status, headers: &HeaderMap::new(), body };
    let timestamps = Timestamps::Iso8601(Zone::Of(TimeZone::UTC));
    if status >= 300 {
        return Ok(protocol::parse_error(service, &answer, &timestamps).fields);
    }
    let read = match EventReader::of(service, operation) {
        Some(reader) => read_events(service, operation, &answer, reader, &timestamps),
        None => protocol::read(service, operation, &answer, &timestamps),
    };
    read.map_err(|error| error.to_string())
}

fn read_events(
    service: &Service,
    operation: &Operation,
    answer: &Answer<'_>,
    reader: EventReader<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let mut frames = Frames::default();
    frames.add(answer.body);
    let first = if reader.begins_with_members() { frames.next()? } else { None };
    let body: &[u8] =
        if reader.begins_with_members() { protocol::initial_response(first.as_ref())? } else { &[] };
    let mut read = protocol::read(service, operation, &Answer { body, ..*answer }, timestamps)?;
    let mut events = Vec::new();
    while let Some(message) = frames.next()? {
        match reader.read(&message, timestamps)? {
            Event::Known(event) => events.push(event),
            Event::Unknown => {}
            Event::Failure { .. } => break,
        }
    }
    read.insert(reader.member, Value::List(events));
    Ok(read)
}
