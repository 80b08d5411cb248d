//! From checked parameters to the value that a protocol writes to the wire.

use awsx_model::{Input, Kind, Service, ShapeId, Structure};

use crate::{Given, Parameters, ParamsError, base64, moment};

/// How bytes are given as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BinaryFormat {
    /// As base64.
    #[default]
    Base64,
    /// As they are.
    Raw,
}

/// Turns texts that stand for bytes into these bytes. AWS CLI does so before it checks anything.
pub fn decode_binary(
    service: &Service,
    shape: ShapeId,
    parameters: &mut Parameters,
    format: BinaryFormat,
) -> Result<(), ParamsError> {
    let Some(structure) = service.structure(shape) else { return Ok(()) };
    for member in &structure.members {
        if let Some(given) = parameters.get_mut(member.name) {
            decode(service, member.shape, given, format)?;
        }
    }
    Ok(())
}

fn decode(
    service: &Service,
    shape: ShapeId,
    given: &mut Given,
    format: BinaryFormat,
) -> Result<(), ParamsError> {
    match (&service.shape(shape).kind, given) {
        (Kind::Blob(_), given) => {
            if let Given::Text(text) = given {
                let bytes = match format {
                    BinaryFormat::Raw => text.as_bytes().to_vec(),
                    BinaryFormat::Base64 => base64::decode(text)
                        .ok_or_else(|| ParamsError::Python(format!("Invalid base64: \"{text}\"")))?,
                };
                *given = Given::Bytes(bytes);
            }
            Ok(())
        }
        (Kind::Structure(structure), Given::Map(entries)) => {
            structure.members.iter().try_for_each(|member| match entries.get_mut(member.name) {
                Some(entry) => decode(service, member.shape, entry, format),
                None => Ok(()),
            })
        }
        (Kind::List(list), Given::List(elements)) => {
            elements.iter_mut().try_for_each(|element| decode(service, list.element.shape, element, format))
        }
        (Kind::Map(map), Given::Map(entries)) => {
            entries.values_mut().try_for_each(|entry| decode(service, map.value.shape, entry, format))
        }
        _ => Ok(()),
    }
}

/// An operation's input from [checked](crate::check) parameters.
pub fn input(service: &Service, shape: Option<ShapeId>, parameters: &Parameters) -> Input {
    match shape.and_then(|shape| service.structure(shape)) {
        Some(structure) => members(service, structure, parameters),
        None => Input::empty(),
    }
}

fn members(service: &Service, structure: &Structure, entries: &Parameters) -> Input {
    let known = entries.iter().filter_map(|(name, given)| {
        let member = structure.member(name)?;
        let value = if member.json_value && member.location.is_some() {
            untyped(given)
        } else {
            value(service, member.shape, given)
        };
        Some((name.clone(), value))
    });
    Input::Map(known.collect())
}

fn value(service: &Service, shape: ShapeId, given: &Given) -> Input {
    match (&service.shape(shape).kind, given) {
        (Kind::Structure(structure), given) if structure.document => untyped(given),
        (Kind::Structure(structure), Given::Map(entries)) => members(service, structure, entries),
        (Kind::Map(map), Given::Map(entries)) => {
            let entries = entries.iter();
            Input::Map(
                entries.map(|(key, given)| (key.clone(), value(service, map.value.shape, given))).collect(),
            )
        }
        (Kind::List(list), Given::List(elements)) => {
            Input::List(elements.iter().map(|given| value(service, list.element.shape, given)).collect())
        }
        (Kind::Float | Kind::Double, Given::Integer(number)) => {
            #[expect(clippy::cast_precision_loss, reason = "the member has no more precision")]
            let number = *number as f64;
            Input::Float(number)
        }
        (Kind::Integer | Kind::Long, Given::Boolean(truth)) => Input::Integer((*truth).into()),
        (Kind::Blob(_), Given::Text(text)) => Input::Blob(text.clone().into_bytes()),
        (Kind::Timestamp(_), given) => moment::of(given).map_or(Input::Null, Input::Moment),
        (_, given) => untyped(given),
    }
}

/// A value where the model says nothing of its type.
fn untyped(given: &Given) -> Input {
    match given {
        Given::None => Input::Null,
        Given::Boolean(truth) => Input::Boolean(*truth),
        Given::Integer(number) => {
            let bound = if *number < 0 { i64::MIN } else { i64::MAX };
            Input::Integer(i64::try_from(*number).unwrap_or(bound))
        }
        Given::Float(number) => Input::Float(*number),
        Given::Text(text) => Input::Text(text.clone()),
        Given::Bytes(bytes) => Input::Blob(bytes.clone()),
        Given::File(path) => Input::File(path.clone()),
        Given::List(elements) => Input::List(elements.iter().map(untyped).collect()),
        Given::Map(entries) => {
            Input::Map(entries.iter().map(|(key, given)| (key.clone(), untyped(given))).collect())
        }
    }
}
