//! Changes to answers: what came packed inside of a text is shown unpacked.

use awsx_model::{Kind, Service, ShapeId};
use awsx_output::{Map, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::{Call, Changes};
use crate::Timestamps;
use crate::protocol::Answer;

/// IAM sends policies as percent-encoded JSON.
pub(super) fn policies(call: Call<'_>, _: &Answer<'_>, _: Changes, read: &mut Map, _: &Timestamps) {
    if let Some(output) = call.operation.output {
        let mut value = Value::Map(std::mem::take(read));
        decode_policies(call.service, output.shape, &mut value);
        if let Value::Map(decoded) = value {
            *read = decoded;
        }
    }
}

fn decode_policies(service: &Service, shape: ShapeId, value: &mut Value) {
    match (&service.shape(shape).kind, value) {
        (Kind::Structure(structure), Value::Map(map)) => {
            for member in &structure.members {
                let Some(found) = map.get_mut(member.name) else { continue };
                match found {
                    Value::String(text) if service.shape(member.shape).name == "policyDocumentType" => {
                        let json = percent_decode_str(text).decode_utf8_lossy();
                        if let Ok(policy) = serde_json::from_str::<serde_json::Value>(&json) {
                            *found = policy.into();
                        }
                    }
                    found => decode_policies(service, member.shape, found),
                }
            }
        }
        (Kind::List(list), Value::List(elements)) => {
            for element in elements {
                decode_policies(service, list.element.shape, element);
            }
        }
        _ => {}
    }
}

/// What a machine wrote to its console comes as base64.
pub(super) fn console_output(_: Call<'_>, _: &Answer<'_>, _: Changes, read: &mut Map, _: &Timestamps) {
    if let Some(Value::String(output)) = read.get_mut("Output")
        && let Ok(bytes) = STANDARD.decode(output.as_bytes())
    {
        *output = String::from_utf8_lossy(&bytes).into_owned();
    }
}

/// A template in JSON is shown as JSON; one in YAML stays a text.
pub(super) fn template(_: Call<'_>, _: &Answer<'_>, _: Changes, read: &mut Map, _: &Timestamps) {
    if let Some(body) = read.get_mut("TemplateBody")
        && let Some(text) = body.as_str()
        && let Ok(json) = serde_json::from_str::<serde_json::Value>(text)
    {
        *body = json.into();
    }
}
