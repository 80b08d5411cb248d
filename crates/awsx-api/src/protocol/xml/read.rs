//! Reading XML by the model.

use awsx_model::{Kind, Location, Map as MapShape, Member, Service, Structure};
use awsx_output::{Key, Map, Value};

use super::Element;
use crate::Timestamps;
use crate::protocol::site::Site;
use crate::protocol::values::{not_one_member, unknown_member};
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
        element: &Element<'_>,
    ) -> Result<Map, AnswerError> {
        let mut read = Map::with_capacity(element.children.len().min(structure.members.len()));
        for member in &structure.members {
            let elsewhere =
                matches!(member.location, Some(Location::Header | Location::Headers | Location::StatusCode));
            if elsewhere || member.event == Some(awsx_model::EventRole::Header) {
                continue;
            }
            let site = Site::member(self.service, member);
            if let Some((first, rest)) = element.children_from(self.element_name(&site, member)) {
                read.insert(Key::lasting(member.name), self.value(&site, first, rest)?);
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

    /// A value whose first element this is. A flattened one has more, among what follows with the same name.
    pub(in crate::protocol) fn value(
        &self,
        site: &Site<'_>,
        first: &Element<'_>,
        rest: &[Element<'_>],
    ) -> Result<Value, AnswerError> {
        let found = || rest.iter().filter(|sibling| sibling.name == first.name);
        match &site.shape.kind {
            Kind::Structure(structure) => self.structure(site, structure, first),
            Kind::List(list) => {
                let element = Site::element(self.service, &list.element);
                let each = |child| self.value(&element, child, std::slice::from_ref(child));
                let elements: Result<_, _> = if site.flattened {
                    found().map(each).collect()
                } else {
                    first.children.iter().map(each).collect()
                };
                elements.map(Value::List)
            }
            Kind::Map(map) if site.flattened => self.map(map, found()),
            Kind::Map(map) => self.map(map, first.children.iter()),
            kind => scalar(kind, &first.text, self.timestamps),
        }
    }

    fn structure(
        &self,
        site: &Site<'_>,
        structure: &Structure,
        element: &Element<'_>,
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

    fn map<'e, 'd: 'e>(
        &self,
        map: &MapShape,
        entries: impl Iterator<Item = &'e Element<'d>>,
    ) -> Result<Value, AnswerError> {
        let (key_site, value_site) =
            (Site::element(self.service, &map.key), Site::element(self.service, &map.value));
        let (key_name, value_name) = (key_site.name.unwrap_or("key"), value_site.name.unwrap_or("value"));
        let mut read = Map::new();
        for entry in entries {
            let Some(key) = entry.child(key_name) else { continue };
            let value = match entry.child(value_name) {
                Some(value) => self.value(&value_site, value, std::slice::from_ref(value))?,
                None => Value::Null,
            };
            read.insert(&*key.text, value);
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
