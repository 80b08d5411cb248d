//! Reading answers: members from status, headers and body.

use awsx_model::{Kind, Location, Member, Protocol, Service, ShapeId, Structure};
use awsx_output::{Map, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Timestamps;
use crate::protocol::site::Site;
use crate::protocol::values::{self, Manners};
use crate::protocol::xml::{self, Element};
use crate::protocol::{Answer, AnswerError, json};

pub(in crate::protocol) fn read_answer(
    service: &Service,
    output: ShapeId,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    service
        .structure(output)
        .map_or_else(|| Ok(Map::new()), |found| read_members(service, found, answer, timestamps))
}

/// The same for a structure that is no operation's output: an error.
pub(in crate::protocol) fn read_members(
    service: &Service,
    structure: &Structure,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let reader = AnswerReader { service, answer, timestamps };
    let mut read = reader.outside_body(structure)?;
    match structure.payload() {
        Some(member) => reader.payload(member, &mut read)?,
        None => read.extend(reader.body(structure)?),
    }
    Ok(read)
}

struct AnswerReader<'a> {
    service: &'a Service,
    answer: &'a Answer<'a>,
    timestamps: &'a Timestamps,
}

impl AnswerReader<'_> {
    /// Members from status and headers; AWS CLI prints them first.
    fn outside_body(&self, structure: &Structure) -> Result<Map, AnswerError> {
        let mut read = Map::new();
        for member in &structure.members {
            let site = Site::member(self.service, member);
            let name = member.location_name.unwrap_or(member.name);
            match member.location {
                Some(Location::StatusCode) => {
                    read.insert(member.name, u32::from(self.answer.status));
                }
                Some(Location::Headers) => {
                    read.insert(member.name, self.headers_with(site.name.unwrap_or_default()));
                }
                Some(Location::Header) => {
                    if let Some(text) = self.answer.header(name) {
                        read.insert(member.name, self.header(&site, &text)?);
                    }
                }
                _ => {}
            }
        }
        Ok(read)
    }

    fn headers_with(&self, prefix: &str) -> Map {
        let mut found = Map::new();
        for (name, value) in self.answer.headers {
            let starts =
                name.as_str().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
            if starts {
                found.insert(
                    &name.as_str()[prefix.len()..],
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                );
            }
        }
        found
    }

    fn header(&self, site: &Site<'_>, text: &str) -> Result<Value, AnswerError> {
        match &site.shape.kind {
            _ if site.json_value => {
                let decoded = STANDARD
                    .decode(text)
                    .ok()
                    .and_then(|json| serde_json::from_slice::<serde_json::Value>(&json).ok());
                decoded.map(Into::into).ok_or_else(|| {
                    AnswerError(format!("Unable to parse response: header `{text}` is no JSON"))
                })
            }
            Kind::List(list) => {
                let element = Site::element(self.service, &list.element);
                let split: Vec<&str> = match element.shape.kind {
                    // The date of HTTP has a comma of its own.
                    Kind::Timestamp(_) if text.contains(" GMT") => {
                        text.split_inclusive(" GMT").map(|date| date.trim_start_matches([',', ' '])).collect()
                    }
                    _ => text.split(',').map(str::trim).collect(),
                };
                split
                    .into_iter()
                    .map(|text| self.header(&element, text))
                    .collect::<Result<_, _>>()
                    .map(Value::List)
            }
            Kind::Boolean => Ok(text.eq_ignore_ascii_case("true").into()),
            kind => xml::scalar(kind, text, self.timestamps),
        }
    }

    fn payload(&self, member: &Member, read: &mut Map) -> Result<(), AnswerError> {
        let site = Site::member(self.service, member);
        match &site.shape.kind {
            Kind::Structure(events) if events.event_stream => {}
            _ if member.streaming => {}
            Kind::String { .. } | Kind::Blob(_) => {
                read.insert(member.name, String::from_utf8_lossy(self.answer.body).into_owned());
            }
            Kind::Structure(structure) if !structure.document => {
                read.insert(member.name, self.body(structure)?);
            }
            _ if self.service.protocol == Protocol::RestXml => {
                if !self.answer.body.is_empty() {
                    let root = Element::parse(self.answer.body)?;
                    read.insert(
                        member.name,
                        xml::Reader { service: self.service, timestamps: self.timestamps }.value(
                            &site,
                            &root,
                            std::slice::from_ref(&root),
                        )?,
                    );
                }
            }
            _ => {
                let value = self.json_reader().value(&site, json::parse_answer(self.answer.body)?)?;
                read.insert(member.name, value);
            }
        }
        Ok(())
    }

    fn body(&self, structure: &Structure) -> Result<Map, AnswerError> {
        // What stands in a request's URL stands in an answer's body.
        let is_header = |member: &Member| {
            matches!(member.location, Some(Location::Header | Location::Headers | Location::StatusCode))
        };
        if structure.members.iter().all(is_header) {
            return Ok(Map::new());
        }
        if self.service.protocol == Protocol::RestXml {
            let root = if self.answer.body.is_empty() {
                Element::default()
            } else {
                Element::parse(self.answer.body)?
            };
            return xml::Reader { service: self.service, timestamps: self.timestamps }
                .members(structure, &root);
        }
        let in_body = |read: Map| {
            let elsewhere = structure.members.iter().filter(|member| member.location.is_some());
            elsewhere.fold(read, |mut read, member| {
                read.remove(member.name);
                read
            })
        };
        self.json_reader().members(structure, json::parse_answer(self.answer.body)?).map(in_body)
    }

    fn json_reader(&self) -> values::Reader<'_> {
        values::Reader { service: self.service, timestamps: self.timestamps, manners: Manners::RestJson }
    }
}
