//! Reading XML by the model.

use awsx_model::{Kind, Location, Map as MapShape, Member, Service, Structure};
use awsx_output::{Map, Value};

use super::Element;
use crate::Timestamps;
use crate::protocol::json::{not_one_member, unknown_member};
use crate::protocol::site::Site;
use crate::protocol::{AnswerError, text, timestamp};

/// Reads XML by the model.
#[derive(Clone, Copy)]
pub(in crate::protocol) struct Reader<'a> {
    pub(in crate::protocol) service: &'a Service,
    pub(in crate::protocol) timestamps: &'a Timestamps,
}

impl Reader<'_> {
    /// The members that came, in the model's order.
    pub(in crate::protocol) fn members(
        &self,
        structure: &Structure,
        element: &Element,
    ) -> Result<Map, AnswerError> {
        let mut read = Map::new();
        for member in &structure.members {
            let elsewhere =
                matches!(member.location, Some(Location::Header | Location::Headers | Location::StatusCode));
            if elsewhere || member.event == Some(awsx_model::EventRole::Header) {
                continue;
            }
            let site = Site::member(self.service, member);
            let found: Vec<_> = element.children_named(self.element_name(&site, member)).collect();
            if !found.is_empty() {
                read.insert(member.name, self.value(&site, &found)?);
            } else if site.attribute
                && let Some(value) = element.attribute(site.name.unwrap_or(member.name))
            {
                read.insert(member.name, value);
            }
        }
        Ok(read)
    }

    /// A flattened list is named by its elements.
    fn element_name(&self, site: &Site<'_>, member: &Member) -> &'static str {
        if let Kind::List(list) = &site.shape.kind
            && site.flattened
            && let Some(name) = Site::element(self.service, &list.element).name
        {
            return name;
        }
        site.name.unwrap_or(member.name)
    }

    /// A value whose elements these are: one, unless the value is flattened.
    pub(in crate::protocol) fn value(
        &self,
        site: &Site<'_>,
        found: &[&Element],
    ) -> Result<Value, AnswerError> {
        let first = found.first().copied().expect("a value has an element");
        match &site.shape.kind {
            Kind::Structure(structure) => self.structure(site, structure, first),
            Kind::List(list) => {
                let element = Site::element(self.service, &list.element);
                let each = |child: &Element| self.value(&element, &[child]);
                if site.flattened {
                    found.iter().map(|child| each(child)).collect::<Result<_, _>>().map(Value::List)
                } else {
                    first.children.iter().map(each).collect::<Result<_, _>>().map(Value::List)
                }
            }
            Kind::Map(map) if site.flattened => self.map(map, found.iter().copied()),
            Kind::Map(map) => self.map(map, first.children.iter()),
            kind => scalar(kind, &first.text, self.timestamps),
        }
    }

    fn structure(
        &self,
        site: &Site<'_>,
        structure: &Structure,
        element: &Element,
    ) -> Result<Value, AnswerError> {
        if structure.union {
            let [child] = &element.children[..] else { return Err(not_one_member(site)) };
            let mut names =
                structure.members.iter().map(|member| member.location_name.unwrap_or(member.name));
            if !names.any(|name| name == child.name) {
                return Ok(unknown_member(&child.name));
            }
        }
        self.members(structure, element).map(Value::Map)
    }

    fn map<'e>(
        &self,
        map: &MapShape,
        entries: impl Iterator<Item = &'e Element>,
    ) -> Result<Value, AnswerError> {
        let (key_site, value_site) =
            (Site::element(self.service, &map.key), Site::element(self.service, &map.value));
        let (key_name, value_name) = (key_site.name.unwrap_or("key"), value_site.name.unwrap_or("value"));
        let mut read = Map::new();
        for entry in entries {
            let Some(key) = entry.child(key_name) else { continue };
            let value = match entry.child(value_name) {
                Some(value) => self.value(&value_site, &[value])?,
                None => Value::Null,
            };
            read.insert(key.text.as_str(), value);
        }
        Ok(Value::Map(read))
    }
}

/// A scalar that came as text, in XML or in a header.
pub(in crate::protocol) fn scalar(
    kind: &Kind,
    text: &str,
    timestamps: &Timestamps,
) -> Result<Value, AnswerError> {
    let unreadable = || AnswerError(format!("Unable to parse response: `{text}` is not what the model says"));
    Ok(match kind {
        Kind::Boolean => (text == "true").into(),
        Kind::Integer | Kind::Long => text.trim().parse::<i128>().map_err(|_| unreadable())?.into(),
        Kind::Float | Kind::Double => text::parse_float(text).ok_or_else(unreadable)?.into(),
        Kind::Timestamp(_) => timestamp::show_moment_text(text, timestamps),
        _ => text.into(),
    })
}
