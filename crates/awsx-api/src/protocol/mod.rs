//! The protocols: an input becomes method, path, query, headers and body; an answer becomes a value or an error.
//!
//! What is written and in which order members are read follows botocore, because AWS CLI prints what botocore reads.
//! Nothing here knows a host, a signature or a network.

mod cbor;
mod documents;
mod error;
mod event_stream;
mod host_prefix;
mod json;
mod query;
mod rest;
mod site;
mod text;
mod timestamp;
mod uri;
mod values;
mod xml;

use awsx_model::{Input, Location, Operation, Protocol, Service};
use awsx_output::Map;

use crate::{Body, Timestamps, headers};

pub(crate) use error::{ErrorParts, parse_error};
pub(crate) use event_stream::{Event, EventReader, Frames, initial_response};
pub(crate) use timestamp::show_moment_text;

/// A request that has no host yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WireRequest {
    pub(crate) method: String,
    /// Percent-encoded; what stands before it comes from the endpoint.
    pub(crate) path: String,
    /// Not encoded, in order; some have no value.
    pub(crate) query: Vec<(String, Option<String>)>,
    /// In order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
    /// What stands before the endpoint's host.
    pub(crate) host_prefix: Option<String>,
}

impl WireRequest {
    fn new(method: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: "/".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::empty(),
            host_prefix: None,
        }
    }

    /// The header's value; names are compared without regard to case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        headers::find(&self.headers, name)
    }

    /// Sets a header, in place of one with the same name.
    pub(crate) fn set_header(&mut self, name: &str, value: impl Into<String>) {
        headers::set(&mut self.headers, name, value.into());
    }
}

/// The name of a document's outermost element; none where it is no document.
pub(crate) fn xml_root(body: &[u8]) -> Option<String> {
    Some(xml::Element::parse(body).ok()?.name.into_owned())
}

/// The text of a document's outermost element.
pub(crate) fn xml_text(body: &[u8]) -> Option<String> {
    Some(xml::Element::parse(body).ok()?.text.into_owned())
}

/// An answer whose body is in memory.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) headers: &'a http::HeaderMap,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    fn header(&self, name: &str) -> Option<String> {
        Some(String::from_utf8_lossy(self.headers.get(name)?.as_bytes()).into_owned())
    }
}

/// A value that cannot be sent, in botocore's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InputError(pub(crate) String);

/// An answer that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct AnswerError(pub(crate) String);

/// Writes the request of an operation.
pub(crate) fn write(
    service: &Service,
    operation: &Operation,
    input: &Input,
) -> Result<WireRequest, InputError> {
    let mut request = match service.protocol {
        Protocol::Json => json::write_request(service, operation, input),
        Protocol::RestJson | Protocol::RestXml => rest::write_request(service, operation, input)?,
        Protocol::Query | Protocol::Ec2 => query::write_request(service, operation, input),
        Protocol::Cbor => cbor::write_request(service, operation, input),
    };
    request.host_prefix = host_prefix::fill(service, operation, input)?;
    Ok(request)
}

/// An input as a value, without a model to go by.
pub(crate) fn plain_value(input: &Input) -> awsx_output::Value {
    documents::json_value(input).into()
}

/// The header that a member of the input travels in.
pub(crate) fn input_header(service: &Service, operation: &Operation, member: &str) -> Option<&'static str> {
    let structure = service.input(operation)?;
    let member = structure.member(member)?;
    (member.location == Some(Location::Header)).then_some(member.location_name.unwrap_or(member.name))
}

/// Reads the answer of an operation that succeeded. The member whose bytes or events are a stream is left out.
pub(crate) fn read(
    service: &Service,
    operation: &Operation,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let Some(output) = operation.output else { return Ok(Map::new()) };
    match service.protocol {
        Protocol::Json => json::read_answer(service, output.shape, answer, timestamps),
        Protocol::RestJson | Protocol::RestXml => {
            rest::read_answer(service, output.shape, answer, timestamps)
        }
        Protocol::Query | Protocol::Ec2 => query::read_answer(service, output, answer, timestamps),
        Protocol::Cbor => cbor::read_answer(service, output.shape, answer, timestamps),
    }
}

#[cfg(test)]
mod suite;
