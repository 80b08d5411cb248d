//! From texts to the types that the model asks for, where shorthand has only texts.

use awsx_model::{Kind, Service, ShapeId};

use super::ShorthandError;
use crate::{Given, ParamsError, python};

/// Gives what shorthand made the model's types: numbers, truths, and a list where one value was given for a list.
pub(crate) fn fit(service: &Service, shape: ShapeId, value: &mut Given) -> Result<(), ShorthandError> {
    match &service.shape(shape).kind {
        Kind::Structure(structure) => {
            let Given::Map(entries) = value else { return Ok(()) };
            for member in &structure.members {
                let Some(entry) = entries.get_mut(member.name) else { continue };
                if is_document(service, member.shape) {
                    return Err(ShorthandError::Syntax(format!(
                        "Shorthand syntax does not support document types. Use JSON input for top-level argument to \
                         specify nested parameter: {}",
                        member.name
                    )));
                }
                fit(service, member.shape, entry)?;
            }
            Ok(())
        }
        Kind::List(list) => match value {
            Given::List(elements) => {
                elements.iter_mut().try_for_each(|element| fit(service, list.element.shape, element))
            }
            // AWS CLI leaves the one element as it is.
            single => {
                let element = std::mem::replace(single, Given::None);
                *single = Given::List(vec![element]);
                Ok(())
            }
        },
        Kind::Map(map) => {
            let Given::Map(entries) = value else { return Ok(()) };
            entries.values_mut().try_for_each(|entry| fit(service, map.value.shape, entry))
        }
        Kind::Integer | Kind::Long => {
            *value = Given::Integer(python::int_of(value).map_err(ShorthandError::Python)?);
            Ok(())
        }
        Kind::Float | Kind::Double => {
            *value = Given::Float(python::float_of(value).map_err(ShorthandError::Python)?);
            Ok(())
        }
        Kind::Boolean => fit_boolean(value),
        Kind::String { .. } | Kind::Blob(_) | Kind::Timestamp(_) => Ok(()),
    }
}

fn fit_boolean(value: &mut Given) -> Result<(), ShorthandError> {
    let Given::Text(text) = value else {
        return Err(ShorthandError::Python(ParamsError::Python(format!(
            "'{}' object has no attribute 'lower'",
            python::type_name(value)
        ))));
    };
    match text.to_lowercase().as_str() {
        "true" => *value = Given::Boolean(true),
        "false" => *value = Given::Boolean(false),
        // The check of the whole input says what is wrong.
        _ => {}
    }
    Ok(())
}

fn is_document(service: &Service, shape: ShapeId) -> bool {
    matches!(&service.shape(shape).kind, Kind::Structure(structure) if structure.document)
}
