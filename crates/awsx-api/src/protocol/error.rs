//! Errors that services answer with.

use awsx_model::{Kind, Protocol, Service};
use awsx_output::{Map, Value, python_str};

use super::xml::{self, Element};
use super::{Answer, cbor, json, rest};
use crate::Timestamps;

/// What an answer says went wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ErrorParts {
    pub(crate) code: String,
    pub(crate) message: String,
    /// `Code`, `Message` in the order they came, then the further members that the model has for this error.
    pub(crate) fields: Map,
}

/// Reads an error.
pub(crate) fn parse_error(service: &Service, answer: &Answer<'_>, timestamps: &Timestamps) -> ErrorParts {
    if is_generic(answer) {
        return from_status(answer.status);
    }
    let mut error = match service.protocol {
        Protocol::Json => from_values(answer, &json::parse(answer.body)),
        Protocol::RestJson => from_rest_json(answer),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => from_xml(answer),
        Protocol::Cbor => from_values(answer, &cbor::parse(answer.body, timestamps).unwrap_or_default()),
    };
    let modelled = modelled_members(service, &error.code, answer, timestamps).unwrap_or_default();
    let further = modelled
        .into_iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("message") && !name.eq_ignore_ascii_case("code"));
    error.fields.extend(further);
    error
}

/// An answer that no service wrote.
fn is_generic(answer: &Answer<'_>) -> bool {
    let body = answer.body.trim_ascii();
    answer.status >= 500 && (body.is_empty() || body.starts_with(b"<html>"))
}

fn from_status(status: u16) -> ErrorParts {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    ErrorParts::code_first(status.to_string(), reason.unwrap_or_default().to_owned())
}

impl ErrorParts {
    fn code_first(code: String, message: String) -> Self {
        let fields = Map::from_iter([("Code", code.as_str().into()), ("Message", Value::from(&message))]);
        Self { code, message, fields }
    }

    fn message_first(code: String, message: String) -> Self {
        let fields = Map::from_iter([("Message", Value::from(&message)), ("Code", code.as_str().into())]);
        Self { code, message, fields }
    }
}

/// The error in a body of JSON or CBOR.
fn from_values(answer: &Answer<'_>, body: &Value) -> ErrorParts {
    let message = text_of(body, "message").or_else(|| text_of(body, "Message"));
    let code = text_of(body, "__type").unwrap_or_else(|| answer.status.to_string());
    let code = query_compatible_code(answer).unwrap_or_else(|| without_namespace(&code).to_owned());
    ErrorParts::message_first(code, message.unwrap_or_default())
}

/// `BadRequest` in `com.amazon#BadRequest:http://…`.
fn without_namespace(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(code, _)| code);
    code.rsplit_once('#').map_or(code, |(_, code)| code)
}

fn from_rest_json(answer: &Answer<'_>) -> ErrorParts {
    let body = json::parse(answer.body);
    let mut error = from_values(answer, &body);
    let code = answer
        .header("x-amzn-errortype")
        .or_else(|| text_of(&body, "code"))
        .or_else(|| text_of(&body, "Code"));
    if let Some(code) = code {
        without_namespace(&code).clone_into(&mut error.code);
        error.fields.insert("Code", error.code.as_str());
    }
    error
}

fn text_of(body: &Value, key: &str) -> Option<String> {
    match body.get(key)? {
        Value::Null => None,
        found => Some(python_str(found)),
    }
}

/// The code that the service had when it spoke the query protocol.
fn query_compatible_code(answer: &Answer<'_>) -> Option<String> {
    let header = answer.header("x-amzn-query-error")?;
    let (code, kind) = header.split_once(';')?;
    (!code.is_empty() && !kind.contains(';')).then(|| code.to_owned())
}

fn from_xml(answer: &Answer<'_>) -> ErrorParts {
    let Ok(root) = Element::parse(answer.body) else { return from_status(answer.status) };
    let Some(error) = error_element(&root) else {
        return ErrorParts::code_first(String::new(), String::new());
    };
    let mut parts = ErrorParts::default();
    for child in &error.children {
        match &*child.name {
            "Code" => (*child.text).clone_into(&mut parts.code),
            "Message" | "message" => (*child.text).clone_into(&mut parts.message),
            _ => continue,
        }
        let name = if child.name == "Code" { "Code" } else { "Message" };
        parts.fields.insert(name, &*child.text);
    }
    for name in ["Code", "Message"] {
        if !parts.fields.contains_key(name) {
            parts.fields.insert(name, "");
        }
    }
    parts
}

/// `<Error>` by itself, in `<ErrorResponse>`, or in `<Response><Errors>`.
fn error_element<'e, 'd>(root: &'e Element<'d>) -> Option<&'e Element<'d>> {
    if root.name == "Error" {
        return Some(root);
    }
    root.child("Error").or_else(|| root.child("Errors")?.child("Error"))
}

/// The members that the model has for an error of this code.
fn modelled_members(
    service: &Service,
    code: &str,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Option<Map> {
    let shape = service.error(code)?;
    let Kind::Structure(structure) = &shape.kind else { return None };
    let read = match service.protocol {
        Protocol::Json => json::reader(service, timestamps).members(structure, json::parse(answer.body)),
        Protocol::RestJson => rest::read_members(service, structure, answer, timestamps),
        Protocol::Cbor => {
            cbor::reader(service, timestamps).members(structure, cbor::parse(answer.body, timestamps).ok()?)
        }
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => {
            let root = Element::parse(answer.body).ok()?;
            xml::Reader { service, timestamps }.members(structure, error_element(&root)?)
        }
    };
    read.ok()
}
