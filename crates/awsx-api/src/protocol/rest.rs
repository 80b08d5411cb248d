//! The protocols with paths of their own: members in path, query, headers and body, the body in JSON or XML.

use awsx_model::{
    Input, Kind, Location, Member, Moment, Operation, Protocol, Service, ShapeId, Structure, TimestampFormat,
};
use awsx_output::{Map, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::documents::json_value;
use super::site::{Site, payload, structure};
use super::timestamp::Form;
use super::values::{self, Manners};
use super::xml::{self, Element};
use super::{Answer, AnswerError, InputError, WireRequest, json, text, uri};
use crate::{Body, Timestamps};

pub(super) fn write_request(
    service: &Service,
    operation: &Operation,
    input: &Input,
) -> Result<WireRequest, InputError> {
    let mut request = WireRequest::new(operation.method);
    let (path, query) = uri::split_query(operation.request_uri);
    request.query = query;
    let Some(shape) = operation.input else {
        path.clone_into(&mut request.path);
        return Ok(request);
    };
    let no_members = Structure::default();
    let structure = structure(service, shape.shape).unwrap_or(&no_members);
    let fixed = request.query.len();
    let mut writer = RequestWriter { service, structure, input, request, fixed };
    writer.path(path)?;
    writer.query();
    writer.headers();
    writer.body(operation);
    Ok(writer.request)
}

struct RequestWriter<'a> {
    service: &'a Service,
    structure: &'a Structure,
    input: &'a Input,
    request: WireRequest,
    /// How much of the query the model fixes.
    fixed: usize,
}

impl<'a> RequestWriter<'a> {
    /// The members at a location that the input has, in the input's order.
    fn given(&self, location: Option<Location>) -> Vec<(&'a Member, Site<'a>, &'a Input)> {
        let Input::Map(entries) = self.input else { return Vec::new() };
        let given = entries.iter().filter(|(_, value)| !matches!(value, Input::Null));
        let given = given.filter_map(|(name, value)| Some((super::site::find(self.structure, name)?, value)));
        let here = given.filter(|(member, _)| member.location == location);
        here.map(|(member, value)| (member, Site::member(self.service, member), value)).collect()
    }

    fn path(&mut self, template: &str) -> Result<(), InputError> {
        let labels: Vec<_> = self
            .given(Some(Location::Uri))
            .into_iter()
            .filter_map(|(member, site, value)| {
                Some((site.name.unwrap_or(member.name), self.scalar(&site, value, TimestampFormat::Iso8601)?))
            })
            .collect();
        if let Some((name, _)) = labels.iter().find(|(_, value)| value.is_empty()) {
            return Err(InputError(format!(
                "Parameter validation failed:\nInvalid length for parameter {name}, value: 0, valid min length: 1"
            )));
        }
        let value_of =
            |label: &str| labels.iter().find(|(name, _)| *name == label).map(|(_, value)| value.clone());
        self.request.path = uri::fill(template, value_of);
        Ok(())
    }

    fn query(&mut self) {
        for (member, site, value) in self.given(Some(Location::QueryString)) {
            let name = site.name.unwrap_or(member.name);
            match (&site.shape.kind, value) {
                (Kind::Map(map), Input::Map(entries)) => {
                    let element = Site::element(self.service, &map.value);
                    for (key, value) in entries {
                        self.query_values(key, &element, value);
                    }
                }
                _ => self.query_values(name, &site, value),
            }
        }
    }

    /// A list is a name with each of its values. A name that was there before, from a map, gives way.
    fn query_values(&mut self, name: &str, site: &Site<'_>, value: &Input) {
        let text = |site: &Site<'_>, value| self.scalar(site, value, TimestampFormat::Iso8601);
        let texts: Vec<String> = match (&site.shape.kind, value) {
            (Kind::List(list), Input::List(values)) => {
                let element = Site::element(self.service, &list.element);
                values.iter().filter_map(|value| text(&element, value)).collect()
            }
            _ => text(site, value).into_iter().collect(),
        };
        let mut at = 0;
        self.request.query.retain(|(key, _)| {
            at += 1;
            at <= self.fixed || key != name
        });
        self.request.query.extend(texts.into_iter().map(|text| (name.to_owned(), Some(text))));
    }

    fn headers(&mut self) {
        for (member, site, value) in self.given(Some(Location::Header)) {
            if matches!(value, Input::List(values) if values.is_empty()) {
                continue;
            }
            if let Some(text) = self.header_value(&site, value) {
                self.request.set_header(site.name.unwrap_or(member.name), text);
            }
        }
        for (_, site, value) in self.given(Some(Location::Headers)) {
            let Input::Map(entries) = value else { continue };
            for (key, value) in entries {
                let name = format!("{}{key}", site.name.unwrap_or_default());
                self.request.set_header(&name, value.as_text().unwrap_or_default());
            }
        }
    }

    fn header_value(&self, site: &Site<'_>, value: &Input) -> Option<String> {
        match (&site.shape.kind, value) {
            (_, value) if site.json_value => {
                // Given as text, it is JSON already.
                let json = match value {
                    Input::Text(text) => serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into()),
                    other => json_value(other),
                };
                Some(STANDARD.encode(json.to_string()))
            }
            (Kind::List(list), Input::List(values)) => {
                let element = Site::element(self.service, &list.element);
                let is_text = matches!(element.shape.kind, Kind::String { .. });
                let texts = values.iter().filter_map(|value| self.header_value(&element, value));
                let texts = texts.map(|text| if is_text { quote_list_entry(&text) } else { text });
                Some(texts.collect::<Vec<_>>().join(","))
            }
            // Headers have no fractions of a second.
            (_, Input::Moment(moment)) => {
                let whole = Input::Moment(Moment { nanoseconds: 0, ..*moment });
                self.scalar(site, &whole, TimestampFormat::Rfc822)
            }
            _ => self.scalar(site, value, TimestampFormat::Rfc822),
        }
    }

    fn scalar(&self, site: &Site<'_>, value: &Input, default: TimestampFormat) -> Option<String> {
        text::scalar(value, Form::of(self.service, site.timestamp, default))
    }

    fn body(&mut self, operation: &Operation) {
        let xml = self.service.protocol == Protocol::RestXml;
        if let Some(member) = payload(self.structure) {
            self.payload(member, xml);
            return;
        }
        let in_body = self.given(None);
        if xml {
            if !in_body.is_empty() {
                self.xml_members(operation);
            }
        } else if self.structure.members.iter().any(|member| member.location.is_none()) {
            let members = in_body.into_iter().map(|(member, site, value)| {
                let name = member.location_name.unwrap_or(member.name).to_owned();
                (name, json::write_value(self.service, &site, value))
            });
            let body = serde_json::Value::Object(members.collect());
            self.json(&body);
        }
    }

    fn payload(&mut self, member: &Member, xml: bool) {
        let site = Site::member(self.service, member);
        let value = self.input.get(member.name);
        match (&site.shape.kind, value) {
            (_, Some(Input::File(path))) => self.request.body = Body::File(path.clone()),
            (_, Some(Input::Blob(bytes))) => self.request.body = Body::Bytes(bytes.clone()),
            (Kind::String { .. } | Kind::Blob(_), Some(Input::Text(text))) => {
                self.request.body = Body::Bytes(text.clone().into_bytes());
            }
            (Kind::String { .. } | Kind::Blob(_), _) => {}
            (_, Some(value)) if xml => {
                let name = site.name.unwrap_or(member.name);
                self.xml(xml::document(self.service, &site, name, value));
            }
            (_, None) if xml => {}
            (_, value) => {
                let body = value.map(|value| json::write_value(self.service, &site, value));
                self.json(&body.unwrap_or_else(|| serde_json::json!({})));
            }
        }
    }

    fn xml_members(&mut self, operation: &Operation) {
        let Some(used) = operation.input else { return };
        let mut site = Site::whole(self.service, used.shape);
        site.namespace = used.xml_namespace.or(site.namespace);
        let name = used.location_name.or(site.name).unwrap_or(site.shape.name);
        let members =
            self.given(None).into_iter().map(|(member, _, value)| (member.name.to_owned(), value.clone()));
        let members = Input::Map(members.collect());
        self.xml(xml::document(self.service, &site, name, &members));
    }

    fn json(&mut self, body: &serde_json::Value) {
        self.request.body = Body::Bytes(body.to_string().into_bytes());
        if self.request.header("Content-Type").is_none() {
            self.request.set_header("Content-Type", "application/json");
        }
    }

    fn xml(&mut self, document: String) {
        self.request.body = Body::Bytes(document.into_bytes());
    }
}

fn quote_list_entry(text: &str) -> String {
    if text.contains(['"', ',']) { format!("\"{}\"", text.replace('"', "\\\"")) } else { text.to_owned() }
}

pub(super) fn read_answer(
    service: &Service,
    output: ShapeId,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    structure(service, output)
        .map_or_else(|| Ok(Map::new()), |found| read_members(service, found, answer, timestamps))
}

/// The same for a structure that is no operation's output: an error.
pub(super) fn read_members(
    service: &Service,
    structure: &Structure,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let reader = AnswerReader { service, answer, timestamps };
    let mut read = reader.outside_body(structure)?;
    match payload(structure) {
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
