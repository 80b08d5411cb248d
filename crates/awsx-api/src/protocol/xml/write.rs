//! Writing XML by the model.

use std::fmt::Write;

use awsx_model::{Input, Kind, Service, Structure, TimestampFormat, XmlNamespace};

use crate::protocol::site::Site;
use crate::protocol::text;
use crate::protocol::timestamp::Form;
use crate::wire::xml::escape_into;

/// A document with one value in an element of this name.
pub(in crate::protocol) fn document(service: &Service, site: &Site<'_>, name: &str, input: &Input) -> String {
    let mut writer = Writer { service, out: String::new() };
    writer.write(site, name, input);
    writer.out
}

struct Writer<'a> {
    service: &'a Service,
    out: String,
}

impl Writer<'_> {
    fn write(&mut self, site: &Site<'_>, name: &str, input: &Input) {
        match (&site.shape.kind, input) {
            (Kind::Structure(structure), input) => self.structure(site, structure, name, input),
            (Kind::List(list), Input::List(elements)) => {
                let element = Site::element(self.service, &list.element);
                let element_name = if site.flattened { name } else { element.name.unwrap_or("member") };
                self.wrapped(site, name, !elements.is_empty(), |writer| {
                    for value in elements {
                        writer.write(&element, element_name, value);
                    }
                });
            }
            (Kind::Map(map), Input::Map(entries)) => {
                let (key_site, value_site) =
                    (Site::element(self.service, &map.key), Site::element(self.service, &map.value));
                let entry_name = if site.flattened { name } else { "entry" };
                self.wrapped(site, name, !entries.is_empty(), |writer| {
                    for (key, value) in entries {
                        writer.open(entry_name, None, &[]);
                        writer.leaf(key_site.name.unwrap_or("key"), key_site.namespace, key);
                        writer.write(&value_site, value_site.name.unwrap_or("value"), value);
                        writer.close(entry_name);
                    }
                });
            }
            (_, scalar) => {
                let form = Form::of(self.service, site.timestamp, TimestampFormat::Iso8601);
                if let Some(value) = text::scalar(scalar, form) {
                    self.leaf(name, site.namespace, &value);
                }
            }
        }
    }

    fn structure(&mut self, site: &Site<'_>, structure: &Structure, name: &str, input: &Input) {
        let Input::Map(entries) = input else { return };
        let members = entries.iter().filter_map(|(name, value)| Some((structure.member(name)?, value)));
        let members: Vec<_> =
            members.map(|(member, value)| (member, Site::member(self.service, member), value)).collect();
        let (attributes, children): (Vec<_>, Vec<_>) =
            members.iter().partition(|(_, site, _)| site.attribute);
        let attributes: Vec<_> = attributes
            .iter()
            .filter_map(|(member, site, value)| Some((site.name.unwrap_or(member.name), value.as_text()?)))
            .collect();
        self.start(name, site.namespace, &attributes);
        let before = self.out.len();
        self.out.push('>');
        let opened = self.out.len();
        for (member, site, value) in children {
            self.write(&site, site.name.unwrap_or(member.name), value);
        }
        if self.out.len() == opened {
            self.out.truncate(before);
            self.out.push_str(" />");
        } else {
            self.close(name);
        }
    }

    /// Puts an element around what has one.
    fn wrapped(&mut self, site: &Site<'_>, name: &str, filled: bool, inner: impl FnOnce(&mut Self)) {
        if site.flattened {
            inner(self);
        } else if filled {
            self.open(name, site.namespace, &[]);
            inner(self);
            self.close(name);
        } else {
            self.empty(name, site.namespace, &[]);
        }
    }

    fn leaf(&mut self, name: &str, namespace: Option<XmlNamespace>, text: &str) {
        if text.is_empty() {
            self.empty(name, namespace, &[]);
            return;
        }
        self.open(name, namespace, &[]);
        escape_into(&mut self.out, text, false);
        self.close(name);
    }

    fn open(&mut self, name: &str, namespace: Option<XmlNamespace>, attributes: &[(&str, &str)]) {
        self.start(name, namespace, attributes);
        self.out.push('>');
    }

    fn empty(&mut self, name: &str, namespace: Option<XmlNamespace>, attributes: &[(&str, &str)]) {
        self.start(name, namespace, attributes);
        self.out.push_str(" />");
    }

    fn start(&mut self, name: &str, namespace: Option<XmlNamespace>, attributes: &[(&str, &str)]) {
        write!(self.out, "<{name}").expect("a String takes everything");
        if let Some(namespace) = namespace {
            let key = namespace.prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
            self.attribute(&key, namespace.uri);
        }
        for (key, value) in attributes {
            self.attribute(key, value);
        }
    }

    fn attribute(&mut self, key: &str, value: &str) {
        write!(self.out, " {key}=\"").expect("a String takes everything");
        escape_into(&mut self.out, value, true);
        self.out.push('"');
    }

    fn close(&mut self, name: &str) {
        write!(self.out, "</{name}>").expect("a String takes everything");
    }
}
