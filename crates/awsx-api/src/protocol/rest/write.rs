//! Writing requests: members into path, query, headers and body.

use awsx_model::{
    Input, Kind, Location, Member, Moment, Operation, Protocol, Service, Structure, TimestampFormat,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Body;
use crate::protocol::documents::json_value;
use crate::protocol::site::Site;
use crate::protocol::timestamp::Form;
use crate::protocol::{InputError, WireRequest, json, text, uri, xml};

pub(in crate::protocol) fn write_request(
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
    let structure = service.structure(shape.shape).unwrap_or(&no_members);
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
        let given = given.filter_map(|(name, value)| Some((self.structure.member(name)?, value)));
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
        if let Some(member) = self.structure.payload() {
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
