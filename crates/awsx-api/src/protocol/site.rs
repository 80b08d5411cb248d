//! A place where a value stands: its type, with what the member or element there says of it.

use awsx_model::{Element, Kind, Member, Service, Shape, ShapeId, Text, TimestampFormat, XmlNamespace};

/// A place where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Site<'m> {
    pub(super) shape: &'m Shape,
    /// The name on the wire, where the model sets one.
    pub(super) name: Option<Text>,
    /// EC2's own name.
    pub(super) query_name: Option<Text>,
    pub(super) namespace: Option<XmlNamespace>,
    pub(super) attribute: bool,
    pub(super) flattened: bool,
    pub(super) json_value: bool,
    pub(super) timestamp: Option<TimestampFormat>,
}

impl<'m> Site<'m> {
    /// A type by itself.
    pub(super) fn whole(service: &'m Service, id: ShapeId) -> Self {
        let shape = service.shape(id);
        let (mut name, mut namespace, mut flattened, mut timestamp) = (None, None, false, None);
        match &shape.kind {
            Kind::Structure(structure) => {
                name = structure.location_name;
                namespace = structure.xml_namespace;
            }
            Kind::List(list) => flattened = list.flattened,
            Kind::Map(map) => flattened = map.flattened,
            Kind::Timestamp(format) => timestamp = *format,
            _ => {}
        }
        Self {
            shape,
            name,
            query_name: None,
            namespace,
            attribute: false,
            flattened,
            json_value: false,
            timestamp,
        }
    }

    /// A member of a structure.
    pub(super) fn member(service: &'m Service, member: &'m Member) -> Self {
        let target = Self::whole(service, member.shape);
        Self {
            name: member.location_name.or(target.name),
            query_name: member.query_name,
            namespace: member.xml_namespace.or(target.namespace),
            attribute: member.xml_attribute,
            flattened: member.flattened || target.flattened,
            json_value: member.json_value,
            timestamp: member.timestamp_format.or(target.timestamp),
            ..target
        }
    }

    /// What a list or map is made of.
    pub(super) fn element(service: &'m Service, element: &'m Element) -> Self {
        let target = Self::whole(service, element.shape);
        Self {
            name: element.location_name.or(target.name),
            namespace: element.xml_namespace.or(target.namespace),
            ..target
        }
    }
}
