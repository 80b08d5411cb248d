//! Errors that services answer with.

use awsx_model::{Kind, Protocol, Service, Structure};
use awsx_output::{Map, Value, python_str};

use super::xml::{self, Element};
use super::{Answer, cbor, json, rest};
use crate::Timestamps;

/// What an answer says went wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ErrorParts {
    pub(crate) code: String,
    pub(crate) message: String,
    /// `Code` and `Message`, then what else the model has for this error, in the order of AWS CLI.
    pub(crate) fields: Map,
}

/// What AWS CLI says of an error without a code or a message.
const UNKNOWN: &str = "Unknown";

/// What AWS CLI says of an empty element.
const NONE: &str = "None";

/// Reads an error.
pub(crate) fn parse_error(service: &Service, answer: &Answer<'_>, timestamps: &Timestamps) -> ErrorParts {
    if is_generic(answer) {
        return from_status(answer.status);
    }
    let mut error = match service.protocol {
        Protocol::Json => from_values(answer, &json::parse(answer.body)),
        Protocol::RestJson => from_rest_json(answer),
        Protocol::Query | Protocol::Ec2 | Protocol::RestXml => from_xml(service.protocol, answer),
        Protocol::Cbor => from_values(answer, &cbor::parse(answer.body, timestamps).unwrap_or_default()),
    };
    let structure = service.error(&error.code).and_then(|shape| match &shape.kind {
        Kind::Structure(structure) => Some(structure),
        _ => None,
    });
    // What the model does not know may hold what nobody should see.
    let known = |name: &str| {
        let members = structure.map_or(&[][..], |structure| &structure.members);
        let mut known = members.iter().map(|member| member.name).chain(["Code", "Message"]);
        known.any(|known| known.eq_ignore_ascii_case(name))
    };
    error.fields = error.fields.into_iter().filter(|(name, _)| known(name)).collect();
    let modelled = structure.and_then(|structure| modelled_members(service, structure, answer, timestamps));
    for (name, value) in modelled.into_iter().flatten() {
        if !["Code", "Message"].contains(&name.as_str()) && !error.fields.contains_key(&name) {
            error.fields.insert(name, value);
        }
    }
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

fn from_xml(protocol: Protocol, answer: &Answer<'_>) -> ErrorParts {
    let Ok(root) = Element::parse(answer.body) else { return from_status(answer.status) };
    let mut fields = Map::new();
    if protocol == Protocol::RestXml && root.name != "Error" {
        fields.insert("Message", "");
        fields.insert("Code", "");
    }
    for child in error_element(&root).map_or(&[][..], |error| &error.children) {
        fields.insert(&*child.name, plain(child));
    }
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(_) => NONE.to_owned(),
        None => UNKNOWN.to_owned(),
    };
    ErrorParts { code: text("Code"), message: text("Message"), fields }
}

/// An element as texts, whatever the model says of it.
fn plain(element: &Element<'_>) -> Value {
    if !element.children.is_empty() {
        return element
            .children
            .iter()
            .map(|child| (child.name.to_string(), plain(child)))
            .collect::<Map>()
            .into();
    }
    if element.text.is_empty() { Value::Null } else { Value::from(&*element.text) }
}

/// `<Error>` by itself, in `<ErrorResponse>`, or in `<Response><Errors>`.
fn error_element<'e, 'd>(root: &'e Element<'d>) -> Option<&'e Element<'d>> {
    if root.name == "Error" {
        return Some(root);
    }
    root.child("Error").or_else(|| root.child("Errors")?.child("Error"))
}

/// The members that the model has for this error.
fn modelled_members(
    service: &Service,
    structure: &Structure,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Option<Map> {
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

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::Zone;

    /// Code and message of an answer with status 400, and its fields.
    fn parts(service: &str, headers: &[(&'static str, &str)], body: &str) -> (String, String, String) {
        let service = awsx_model::service(service).unwrap().unwrap();
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let answer = Answer { status: 400, headers: &headers, body: body.as_bytes() };
        let error = parse_error(service, &answer, &Timestamps::Iso8601(Zone::Of(TimeZone::UTC)));
        let fields: Vec<String> =
            error.fields.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect();
        (error.code, error.message, fields.join(", "))
    }

    fn shown(value: &Value) -> String {
        match value {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => format!("{other:?}"),
        }
    }

    fn fields(service: &str, headers: &[(&'static str, &str)], body: &str) -> String {
        parts(service, headers, body).2
    }

    #[test]
    fn a_modelled_message_stands_beside_the_general_one() {
        assert_eq!(
            fields("kms", &[], r#"{"__type": "NotFoundException", "message": "no"}"#),
            "Message no, Code NotFoundException, message no"
        );
        assert_eq!(
            fields("kms", &[], r#"{"__type": "NotFoundException", "Message": "no"}"#),
            "Message no, Code NotFoundException"
        );
    }

    #[test]
    fn members_come_from_headers_too() {
        assert_eq!(
            fields(
                "amp",
                &[("x-amzn-errortype", "ThrottlingException:"), ("retry-after", "7")],
                r#"{"serviceCode": "s"}"#
            ),
            "Message , Code ThrottlingException, retryAfterSeconds Number(Int(7)), serviceCode s"
        );
    }

    #[test]
    fn what_the_model_does_not_know_is_not_shown() {
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no</Message><Token>t</Token></Error></ErrorResponse>";
        assert_eq!(fields("iam", &[], body), "Code NoSuchEntity, Message no");
    }

    #[test]
    fn an_empty_message_is_none_and_a_missing_one_unknown() {
        let of = |error: &str| parts("iam", &[], &format!("<ErrorResponse>{error}</ErrorResponse>"));
        let owned = |parts: [&str; 3]| parts.map(str::to_owned).into();
        assert_eq!(of("<Error><Code>A</Code><Message/></Error>"), owned(["A", "None", "Code A, Message -"]));
        assert_eq!(of("<Error><Code>A</Code></Error>"), owned(["A", "Unknown", "Code A"]));
        assert_eq!(of(""), owned(["Unknown", "Unknown", ""]));
        assert_eq!(parts("route53", &[], "<ErrorResponse/>"), owned(["", "", "Message , Code "]));
    }
}
