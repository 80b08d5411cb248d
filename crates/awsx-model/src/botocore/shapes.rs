//! Makes shapes of what botocore says of them.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::model;
use super::texts::Texts;
use crate::{
    Blob, Element, ErrorTrait, EventRole, Kind, List, Location, Map, Member, Number, Range, Retryable, Shape,
    ShapeId, Structure, TimestampFormat, XmlNamespace,
};

/// The shapes of a model, while it is read.
#[derive(Debug)]
pub(crate) struct Shapes {
    /// As the model has them.
    named: IndexMap<String, model::Shape>,
    /// Shapes under other traits than their own, because a reference says so.
    derived: Vec<Derived>,
}

#[derive(Debug)]
struct Derived {
    name: String,
    shape: model::Shape,
    /// What the reference says.
    traits: model::Traits,
}

impl Shapes {
    pub(crate) fn new(shapes: IndexMap<String, Value>) -> Result<Self, String> {
        let read = |(name, shape): (String, Value)| {
            let shape =
                model::Shape::deserialize(shape).map_err(|error| format!("shape `{name}`: {error}"))?;
            Ok((name, shape))
        };
        Ok(Self { named: shapes.into_iter().map(read).collect::<Result<_, String>>()?, derived: Vec::new() })
    }

    /// The shape that a reference leads to.
    pub(crate) fn find(&mut self, reference: &model::Reference) -> Result<ShapeId, String> {
        let Some((at, name, shape)) = self.named.get_full(&reference.shape) else {
            return Err(format!("there is no shape `{}`", reference.shape));
        };
        let model::Traits { values, min, max, sensitive, .. } = &reference.traits;
        if values.is_none() && min.is_none() && max.is_none() && sensitive.is_none() {
            return Ok(id(at));
        }
        let traits = model::Traits {
            values: values.clone(),
            min: min.clone(),
            max: max.clone(),
            sensitive: *sensitive,
            ..model::Traits::default()
        };
        // A recursive structure may derive itself, so what is known already must be found again.
        let known = self.derived.iter().position(|known| known.name == *name && known.traits == traits);
        let at = known.unwrap_or_else(|| {
            let mut shape = shape.clone();
            let own = &mut shape.traits;
            own.values = traits.values.clone().or(own.values.take());
            own.min = traits.min.clone().or(own.min.take());
            own.max = traits.max.clone().or(own.max.take());
            own.sensitive = traits.sensitive.or(own.sensitive);
            self.derived.push(Derived { name: name.clone(), shape, traits });
            self.derived.len() - 1
        });
        Ok(id(self.named.len() + at))
    }

    /// The structure that a reference leads to.
    pub(crate) fn find_structure(&mut self, reference: &model::Reference) -> Result<ShapeId, String> {
        let id = self.find(reference)?;
        let kind = self.named.get(&reference.shape).map(|shape| shape.kind.as_str());
        if kind == Some("structure") {
            Ok(id)
        } else {
            Err(format!("shape `{}` is no structure", reference.shape))
        }
    }

    /// What the shape of a reference says itself.
    pub(crate) fn traits(&self, reference: &model::Reference) -> Option<&model::Traits> {
        self.named.get(&reference.shape).map(|shape| &shape.traits)
    }

    /// All shapes, those with names first.
    pub(crate) fn finish(mut self, texts: &mut Texts) -> Result<Vec<Shape>, String> {
        let mut shapes = Vec::with_capacity(self.named.len());
        // Reading one shape may derive others, which then come to the end of the line.
        loop {
            let at = shapes.len();
            let (name, shape) = match self.named.get_index(at) {
                Some((name, shape)) => (name.clone(), shape.clone()),
                None => match self.derived.get(at - self.named.len()) {
                    Some(derived) => (derived.name.clone(), derived.shape.clone()),
                    None => return Ok(shapes),
                },
            };
            let shape = self.shape(&name, &shape, texts).map_err(|why| format!("shape `{name}`: {why}"))?;
            shapes.push(shape);
        }
    }

    fn shape(&mut self, name: &str, shape: &model::Shape, texts: &mut Texts) -> Result<Shape, String> {
        let traits = &shape.traits;
        let kind = match shape.kind.as_str() {
            "structure" => Kind::Structure(self.structure(shape, texts)?),
            "list" => Kind::List(List {
                element: self.element(shape.member.as_ref().ok_or("a list needs a `member`")?, texts)?,
                flattened: traits.flattened == Some(true),
                sparse: shape.sparse,
            }),
            "map" => Kind::Map(Map {
                key: self.element(shape.key.as_ref().ok_or("a map needs a `key`")?, texts)?,
                value: self.element(shape.value.as_ref().ok_or("a map needs a `value`")?, texts)?,
                flattened: traits.flattened == Some(true),
                sparse: shape.sparse,
            }),
            "string" | "character" => {
                Kind::String { values: texts.keep_all(traits.values.as_deref().unwrap_or_default()) }
            }
            "blob" => Kind::Blob(Blob {
                streaming: traits.streaming == Some(true),
                requires_length: shape.requires_length,
            }),
            "boolean" => Kind::Boolean,
            "integer" => Kind::Integer,
            "long" => Kind::Long,
            "float" => Kind::Float,
            "double" => Kind::Double,
            "timestamp" => Kind::Timestamp(timestamp_format(traits)?),
            unknown => return Err(format!("the type `{unknown}` is unknown")),
        };
        let range = Range { min: number(traits.min.as_ref())?, max: number(traits.max.as_ref())? };
        Ok(Shape { name: texts.keep(name), kind, range, sensitive: traits.sensitive == Some(true) })
    }

    fn structure(&mut self, shape: &model::Shape, texts: &mut Texts) -> Result<Structure, String> {
        let members: Vec<Member> = shape
            .members
            .iter()
            .map(|(name, reference)| {
                let required = shape.required.contains(name);
                self.member(name, reference, required, texts).map_err(|why| format!("member `{name}`: {why}"))
            })
            .collect::<Result<_, _>>()?;
        let required_order = required_order(shape, &members);
        let payload = shape.payload.as_ref().map(|payload| {
            let at = shape.members.get_index_of(payload);
            at.map(index).ok_or_else(|| format!("its payload `{payload}` is no member"))
        });
        let error = (shape.exception || shape.error.is_some()).then(|| {
            let known = shape.error.clone().unwrap_or_default();
            ErrorTrait {
                code: texts.keep_optional(known.code.as_ref()),
                status: known.http_status_code,
                sender_fault: known.sender_fault,
                retryable: shape
                    .retryable
                    .as_ref()
                    .map(|retryable| Retryable { throttling: retryable.throttling }),
            }
        });
        Ok(Structure {
            members,
            required_order,
            payload: payload.transpose()?,
            union: shape.union,
            document: shape.document,
            event_stream: shape.eventstream,
            event: shape.event,
            error,
            location_name: texts.keep_optional(shape.traits.location_name.as_ref()),
            xml_namespace: xml_namespace(shape.traits.xml_namespace.as_ref(), texts),
        })
    }

    fn member(
        &mut self,
        name: &str,
        reference: &model::Reference,
        required: bool,
        texts: &mut Texts,
    ) -> Result<Member, String> {
        let shape = self.find(reference)?;
        let own = &reference.traits;
        let inherited = self.traits(reference).expect("the shape was found");
        let is = |of: fn(&model::Traits) -> Option<bool>| of(own).or(of(inherited)) == Some(true);
        let format = if own.timestamp_format.is_some() { own } else { inherited };
        let event = if is(|traits| traits.eventheader) {
            Some(EventRole::Header)
        } else {
            is(|traits| traits.eventpayload).then_some(EventRole::Payload)
        };
        let context_param = own.context_param.as_ref().and_then(|param| param.name.as_ref());
        Ok(Member {
            name: texts.keep(name),
            shape,
            required,
            location: own.location.as_deref().map(location).transpose()?,
            location_name: texts
                .keep_optional(own.location_name.as_ref().or(inherited.location_name.as_ref())),
            query_name: texts.keep_optional(own.query_name.as_ref().or(inherited.query_name.as_ref())),
            xml_namespace: xml_namespace(
                own.xml_namespace.as_ref().or(inherited.xml_namespace.as_ref()),
                texts,
            ),
            xml_attribute: is(|traits| traits.xml_attribute),
            flattened: is(|traits| traits.flattened),
            streaming: is(|traits| traits.streaming),
            idempotency_token: is(|traits| traits.idempotency_token),
            json_value: is(|traits| traits.jsonvalue),
            host_label: is(|traits| traits.host_label),
            context_param: texts.keep_optional(context_param),
            timestamp_format: timestamp_format(format)?,
            event,
            deprecated: own.deprecated == Some(true),
        })
    }

    fn element(&mut self, reference: &model::Reference, texts: &mut Texts) -> Result<Element, String> {
        let shape = self.find(reference)?;
        let own = &reference.traits;
        let inherited = self.traits(reference).expect("the shape was found");
        let location_name = own.location_name.as_ref().or(inherited.location_name.as_ref());
        Ok(Element {
            shape,
            location_name: texts.keep_optional(location_name),
            xml_namespace: xml_namespace(
                own.xml_namespace.as_ref().or(inherited.xml_namespace.as_ref()),
                texts,
            ),
            json_value: own.jsonvalue.or(inherited.jsonvalue) == Some(true),
        })
    }
}

/// Where the required members stand, if the model lists them in another order than the members.
fn required_order(shape: &model::Shape, members: &[Member]) -> Vec<u32> {
    let order: Vec<u32> =
        shape.required.iter().filter_map(|name| shape.members.get_index_of(name)).map(index).collect();
    let in_place = members.iter().zip(0..).filter(|(member, _)| member.required).map(|(_, at)| at);
    if in_place.eq(order.iter().copied()) { Vec::new() } else { order }
}

/// The namespace of an XML element.
pub(crate) fn xml_namespace(
    namespace: Option<&model::XmlNamespace>,
    texts: &mut Texts,
) -> Option<XmlNamespace> {
    namespace.map(|namespace| match namespace {
        model::XmlNamespace::Uri(uri) => XmlNamespace { prefix: None, uri: texts.keep(uri) },
        model::XmlNamespace::Bound { prefix, uri } => {
            XmlNamespace { prefix: texts.keep_optional(prefix.as_ref()), uri: texts.keep(uri) }
        }
    })
}

fn id(at: usize) -> ShapeId {
    ShapeId(index(at))
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("a file's size is limited")
}

fn location(location: &str) -> Result<Location, String> {
    Ok(match location {
        "header" => Location::Header,
        "headers" => Location::Headers,
        "querystring" => Location::QueryString,
        "statusCode" => Location::StatusCode,
        "uri" => Location::Uri,
        unknown => return Err(format!("the location `{unknown}` is unknown")),
    })
}

fn timestamp_format(traits: &model::Traits) -> Result<Option<TimestampFormat>, String> {
    Ok(match traits.timestamp_format.as_deref() {
        None => None,
        Some("iso8601") => Some(TimestampFormat::Iso8601),
        Some("rfc822") => Some(TimestampFormat::Rfc822),
        Some("unixTimestamp") => Some(TimestampFormat::UnixTimestamp),
        Some(unknown) => return Err(format!("the timestamp format `{unknown}` is unknown")),
    })
}

fn number(number: Option<&serde_json::Number>) -> Result<Option<Number>, String> {
    let Some(number) = number else { return Ok(None) };
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => Ok(Some(Number::Integer(whole))),
        (None, Some(float)) => Ok(Some(Number::Float(float))),
        (None, None) => Err(format!("`{number}` is too large")),
    }
}
