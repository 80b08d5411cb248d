//! Forms in, XML out: the query protocol and EC2's.

use awsx_http::percent::encode;
use awsx_model::{Input, Kind, Operation, OutputUse, Protocol, Service, TimestampFormat};
use awsx_output::Map;

use super::site::Site;
use super::timestamp::Form;
use super::xml::{self, Element};
use super::{Answer, AnswerError, WireRequest, text};
use crate::{Body, Timestamps};

pub(super) fn write_request(service: &Service, operation: &Operation, input: &Input) -> WireRequest {
    let mut request = WireRequest::new(operation.method);
    request.set_header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    request.body = Body::Bytes(encode_form(&fields(service, operation, input)).into_bytes());
    request
}

/// The form's fields, in order.
fn fields(service: &Service, operation: &Operation, input: &Input) -> Vec<(String, String)> {
    let mut form = Fields { service, ec2: service.protocol == Protocol::Ec2, pairs: Vec::new() };
    form.push("Action", operation.wire_name);
    form.push("Version", service.api_version);
    if let Some(used) = operation.input {
        form.write(&Site::whole(service, used.shape), input, "");
    }
    form.pairs
}

fn encode_form(fields: &[(String, String)]) -> String {
    // `+` for a space, as Python's urlencode writes it.
    let encoded = |text: &str| encode(text).replace("%20", "+");
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

struct Fields<'a> {
    service: &'a Service,
    ec2: bool,
    pairs: Vec<(String, String)>,
}

impl Fields<'_> {
    fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    fn write(&mut self, site: &Site<'_>, input: &Input, prefix: &str) {
        match (&site.shape.kind, input) {
            (Kind::Structure(structure), Input::Map(entries)) => {
                for (name, value) in entries {
                    let Some(member) = structure.member(name) else { continue };
                    let site = Site::member(self.service, member);
                    let name = self.member_name(&site, member.name);
                    self.write(&site, value, &join(prefix, &name));
                }
            }
            (Kind::List(list), Input::List(elements)) => {
                let element = Site::element(self.service, &list.element);
                if elements.is_empty() {
                    // EC2 has no way to say this.
                    if !self.ec2 {
                        self.push(prefix, "");
                    }
                    return;
                }
                let prefix = self.list_prefix(site, &element, prefix);
                for (position, value) in elements.iter().enumerate() {
                    self.write(&element, value, &format!("{prefix}.{}", position + 1));
                }
            }
            (Kind::Map(map), Input::Map(entries)) => {
                let (key_site, value_site) =
                    (Site::element(self.service, &map.key), Site::element(self.service, &map.value));
                let prefix = if site.flattened { prefix.to_owned() } else { format!("{prefix}.entry") };
                let key_name = self.member_name(&key_site, "key");
                let value_name = self.member_name(&value_site, "value");
                for (position, (key, value)) in entries.iter().enumerate() {
                    let entry = format!("{prefix}.{}", position + 1);
                    self.push(format!("{entry}.{key_name}"), key.as_str());
                    self.write(&value_site, value, &format!("{entry}.{value_name}"));
                }
            }
            (_, scalar) => {
                let form = Form::of(self.service, site.timestamp, TimestampFormat::Iso8601);
                if let Some(value) = text::scalar(scalar, form) {
                    self.push(prefix, value);
                }
            }
        }
    }

    fn member_name(&self, site: &Site<'_>, default: &str) -> String {
        if !self.ec2 {
            return site.name.unwrap_or(default).to_owned();
        }
        if let Some(name) = site.query_name {
            return name.to_owned();
        }
        site.name.map_or_else(|| default.to_owned(), capitalised)
    }

    fn list_prefix(&self, site: &Site<'_>, element: &Site<'_>, prefix: &str) -> String {
        if self.ec2 {
            return prefix.to_owned();
        }
        if !site.flattened {
            return format!("{prefix}.{}", element.name.unwrap_or("member"));
        }
        // A flattened list takes its element's name in place of its own.
        match (element.name, prefix.rsplit_once('.')) {
            (None, _) => prefix.to_owned(),
            (Some(name), None) => name.to_owned(),
            (Some(name), Some((before, _))) => format!("{before}.{name}"),
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

pub(super) fn read_answer(
    service: &Service,
    output: OutputUse,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let Some(structure) = service.structure(output.shape) else { return Ok(Map::new()) };
    let root = Element::parse(answer.body)?;
    let start = match output.result_wrapper {
        None => &root,
        Some(name) => root
            .child(name)
            .ok_or_else(|| AnswerError(format!("Unable to parse response: no `{name}` in it")))?,
    };
    xml::Reader { service, timestamps }.members(structure, start)
}
