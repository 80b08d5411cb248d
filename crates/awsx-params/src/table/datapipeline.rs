//! Data Pipeline's options beside the model: pipelines as the documents that people write, where the model has lists of
//! keys and values.

use indexmap::IndexMap;

use super::{Apply, Table};
use crate::words::{Check, Takes};
use crate::{Given, Parameters, ParamsError, json, python};

/// Adds Data Pipeline's options.
pub(super) fn apply(table: &mut Table) {
    match table.word.as_str() {
        "put-pipeline-definition" => {
            let about = "The pipeline as JSON, commonly `file://` and a path";
            table.add_required("pipeline-definition", about, Check::Nothing, Apply::Try(definition));
            let about = "Its parameters as JSON: `{\"parameters\": […]}`, instead of those in the definition";
            table.add("parameter-objects", about, Takes::One, Apply::Try(parameter_objects));
            parameter_values(table);
            table.arguments.shift_remove("pipeline-objects");
        }
        "activate-pipeline" => parameter_values(table),
        _ => {}
    }
}

fn parameter_values(table: &mut Table) {
    let about = "Values of its parameters as JSON: `{\"values\": {…}}`, commonly `file://` and a path";
    table.add("parameter-values-uri", about, Takes::One, Apply::Try(values_of_document));
    let about = "Values of its parameters: `key=value`; a key that is repeated has a list";
    table.add("parameter-values", about, Takes::Several, Apply::Try(values_of_words));
}

/// What the definition says itself counts where no option says it.
fn definition(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let definition = parse(value)?;
    let Some(objects) = definition.get("objects") else {
        return Err(wrong_definition("Missing \"objects\" key"));
    };
    let objects = elements(objects)?.iter().map(object).collect::<Result<Vec<_>, _>>()?;
    let defaults =
        [("parameterObjects", parameters_of(&definition)?), ("parameterValues", values(&definition)?)];
    parameters.insert("pipelineObjects".to_owned(), objects.into());
    for (name, value) in defaults {
        if let Some(value) = value {
            parameters.entry(name.to_owned()).or_insert(value);
        }
    }
    Ok(())
}

fn parameter_objects(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    let objects = parameters_of(&parse(value)?)?;
    parameters.insert("parameterObjects".to_owned(), objects.unwrap_or(Given::None));
    Ok(())
}

fn values_of_document(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    refuse_second_values(parameters)?;
    let values = values(&parse(value)?)?;
    parameters.insert("parameterValues".to_owned(), values.unwrap_or(Given::None));
    Ok(())
}

fn values_of_words(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    refuse_second_values(parameters)?;
    let words = match value {
        Given::List(words) => words.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut found: IndexMap<String, Vec<Given>> = IndexMap::new();
    for word in words {
        let word = super::custom::text_of(word);
        let Some((key, value)) = word.split_once('=') else {
            return Err(ParamsError::Value(format!(
                "Error in parameter: Invalid inline parameter format: {word}\n"
            )));
        };
        found.entry(key.to_owned()).or_default().push(value.into());
    }
    let found = found.iter().flat_map(|(key, values)| values.iter().map(|value| parameter_value(key, value)));
    parameters.insert("parameterValues".to_owned(), Given::List(found.collect()));
    Ok(())
}

fn refuse_second_values(parameters: &Parameters) -> Result<(), ParamsError> {
    match parameters.get("parameterValues") {
        None | Some(Given::None) => Ok(()),
        Some(_) => {
            let message = "Only parameter-values or parameter-values-uri is allowed";
            Err(ParamsError::Value(message.to_owned()))
        }
    }
}

/// An object of the pipeline: its id and name, and fields in the order of their keys.
fn object(element: &Given) -> Result<Given, ParamsError> {
    let mut members = identified(element, "element")?;
    let id = members.shift_remove("id").expect("it has one");
    let name = members.shift_remove("name").unwrap_or_else(|| id.clone());
    Ok([("id", id), ("name", name), ("fields", fields(members))].into())
}

/// The parameters of a definition, if it has any.
fn parameters_of(definition: &Given) -> Result<Option<Given>, ParamsError> {
    let Some(list) = definition.get("parameters") else { return Ok(None) };
    let parameter = |element: &Given| {
        let mut members = identified(element, "parameter")?;
        let id = members.shift_remove("id").expect("it has one");
        Ok(Given::from([("id", id), ("attributes", fields(members))]))
    };
    elements(list)?.iter().map(parameter).collect::<Result<Vec<_>, _>>().map(|list| Some(list.into()))
}

/// The values of a definition, if it has any.
fn values(definition: &Given) -> Result<Option<Given>, ParamsError> {
    let Some(values) = definition.get("values") else { return Ok(None) };
    let Given::Map(values) = values else { return Err(no_attribute(values, "items")) };
    let each = values.iter().flat_map(|(key, value)| match value {
        Given::List(several) => several.iter().map(|value| parameter_value(key, value)).collect(),
        single => vec![parameter_value(key, single)],
    });
    Ok(Some(Given::List(each.collect())))
}

fn parameter_value(id: &str, value: &Given) -> Given {
    [("id", id.into()), ("stringValue", value.clone())].into()
}

/// The members of an element that has an id.
fn identified(element: &Given, what: &str) -> Result<Parameters, ParamsError> {
    let Given::Map(members) = element else { return Err(no_attribute(element, "pop")) };
    if !members.contains_key("id") {
        let element = awsx_output::python_json(&element.as_value());
        return Err(wrong_definition(&format!("Missing \"id\" key of {what}: {element}")));
    }
    Ok(members.clone())
}

/// A field for each value of each member: a text, or a reference where it is `{"ref": …}`.
fn fields(mut members: Parameters) -> Given {
    members.sort_unstable_keys();
    let fields = members.into_iter().flat_map(|(key, value)| {
        let values = match value {
            Given::List(values) => values,
            single => vec![single],
        };
        values.into_iter().map(move |value| field(&key, value))
    });
    Given::List(fields.collect())
}

fn field(key: &str, value: Given) -> Given {
    let value = match value {
        Given::Map(mut members) if members.len() == 1 && members.contains_key("ref") => {
            ("refValue", members.shift_remove("ref").expect("it has just been seen"))
        }
        other => ("stringValue", other),
    };
    [("key", key.into()), value].into()
}

fn elements(list: &Given) -> Result<&[Given], ParamsError> {
    match list {
        Given::List(elements) => Ok(elements),
        other => Err(ParamsError::Python(format!("'{}' object is not iterable", python::type_name(other)))),
    }
}

fn no_attribute(value: &Given, attribute: &str) -> ParamsError {
    ParamsError::Python(format!("'{}' object has no attribute '{attribute}'", python::type_name(value)))
}

fn parse(value: &Given) -> Result<Given, ParamsError> {
    json::parse(&super::custom::text_of(value)).map_err(|error| ParamsError::Python(error.to_string()))
}

fn wrong_definition(problem: &str) -> ParamsError {
    ParamsError::Value(format!("Error in pipeline definition: {problem}\n"))
}
