//! `datapipeline get-pipeline-definition`: the pipeline as the document that `put-pipeline-definition` takes, where the API
//! has lists of keys and values.

use awsx_output::{Map, Value};
use awsx_params::Table;

/// A member of the answer, its name in the document, and how its list becomes what stands there.
type Part = (&'static str, &'static str, fn(&Value) -> Value);

/// Puts the document in the place of the answer.
pub(super) fn translate(table: &Table, answer: &mut Value) {
    if (table.command.as_str(), table.operation.name) != ("datapipeline", "GetPipelineDefinition") {
        return;
    }
    let Value::Map(members) = answer else { return };
    let parts: [Part; 3] = [
        ("pipelineObjects", "objects", |list| each(list, object)),
        ("parameterObjects", "parameters", |list| each(list, parameter)),
        ("parameterValues", "values", values),
    ];
    for (from, to, translated) in parts {
        if let Some(list) = members.remove(from) {
            members.insert(to, translated(&list));
        }
    }
}

fn each(list: &Value, translated: fn(&Value) -> Value) -> Value {
    list.as_list().unwrap_or_default().iter().map(translated).collect()
}

fn object(object: &Value) -> Value {
    let mut members = Map::new();
    for name in ["id", "name"] {
        members.insert(name, object.get(name).cloned().unwrap_or_default());
    }
    add_fields(&mut members, object.get("fields"));
    Value::Map(members)
}

fn parameter(parameter: &Value) -> Value {
    let mut members = Map::new();
    members.insert("id", parameter.get("id").cloned().unwrap_or_default());
    add_fields(&mut members, parameter.get("attributes"));
    Value::Map(members)
}

fn values(list: &Value) -> Value {
    let mut members = Map::new();
    for value in list.as_list().unwrap_or_default() {
        add(&mut members, value.get("id"), value.get("stringValue").cloned().unwrap_or_default());
    }
    Value::Map(members)
}

fn add_fields(members: &mut Map, fields: Option<&Value>) {
    for field in fields.and_then(Value::as_list).unwrap_or_default() {
        let value = match field.get("stringValue") {
            Some(text) => text.clone(),
            None => Value::map([("ref", field.get("refValue").cloned().unwrap_or_default())]),
        };
        add(members, field.get("key"), value);
    }
}

/// Sets a member; one that comes again becomes a list.
fn add(members: &mut Map, key: Option<&Value>, value: Value) {
    let Some(key) = key.and_then(Value::as_str) else { return };
    match members.get_mut(key) {
        None => {
            members.insert(key.to_owned(), value);
        }
        Some(Value::List(elements)) => elements.push(value),
        Some(single) => *single = Value::List(vec![std::mem::take(single), value]),
    }
}
