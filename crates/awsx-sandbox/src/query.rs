//! The query protocol that STS and IAM speak: parameters in, XML out, and the checks that both make of parameters.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, header};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use crate::html::escape;
use crate::log::parameters;
use crate::refusal::Refusal;
use crate::state::{AccessKey, World};
use crate::{iam, sigv4, sts};

const XML_TIME: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// The parameters of a request.
pub(crate) type Form = BTreeMap<String, String>;

/// A service that speaks the protocol.
pub(crate) struct Service {
    /// As in signatures
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) namespace: &'static str,
}

/// A request whose signature has been checked, by `key`; none has to be where an action takes no signature.
pub(crate) struct Query<'a> {
    pub(crate) world: &'a World,
    pub(crate) action: &'a str,
    pub(crate) form: &'a Form,
}

/// `POST /`, and `GET /` for presigned requests
pub(crate) async fn respond(State(world): State<Arc<World>>, parts: Parts, body: Bytes) -> Response {
    // Presigned requests carry everything in the query, also with POST.
    let mut form = parameters(parts.uri.query().unwrap_or_default().as_bytes());
    if parts.method == Method::POST {
        form.extend(parameters(&body));
    }
    let action = form.get("Action").map(String::as_str).unwrap_or_default();
    let query = Query { world: &world, action, form: &form };
    let signature = sigv4::read(&parts);
    let service = match &signature {
        Some(Ok(signature)) if signature.service == iam::SERVICE.name => &iam::SERVICE,
        _ => &sts::SERVICE,
    };
    let verify = || -> Result<AccessKey, Refusal> {
        let signature = signature.ok_or_else(|| {
            Refusal::forbidden("MissingAuthenticationToken", "Request is missing Authentication Token")
        })??;
        let key = sigv4::verify(&world, &parts, &body, &signature)?;
        query.check_version(service)?;
        Ok(key)
    };
    let result = if service.name == iam::SERVICE.name {
        verify().and_then(|key| iam::perform(&query, &key))
    } else if sts::is_unsigned(action) {
        query.check_version(service).and_then(|()| sts::perform_unsigned(&query))
    } else {
        verify().and_then(|key| sts::perform(&query, &key))
    };
    match result {
        Ok(result) => {
            let body = format!(
                "<{action}Response xmlns=\"{}\">\n<{action}Result>\n{result}</{action}Result>\n\
                 <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\n</{action}Response>\n",
                service.namespace,
                uuid::Uuid::new_v4(),
            );
            ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
        }
        Err(refusal) => refusal.into_query_response(service.namespace),
    }
}

impl<'a> Query<'a> {
    pub(crate) fn parameter(&self, name: &str) -> Option<&'a str> {
        self.form.get(name).map(String::as_str)
    }

    /// A parameter that has to be there; AWS names its member in camel case.
    pub(crate) fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        self.parameter(name)
            .ok_or_else(|| failed_constraint("null", &member(name), "Member must not be null"))
    }

    pub(crate) fn unknown_action(&self) -> Refusal {
        let version = self.parameter("Version").unwrap_or("NO_VERSION_SPECIFIED");
        Refusal::bad_request(
            "InvalidAction",
            format!("Could not find operation {} for version {version}", self.action),
        )
    }

    fn check_version(&self, service: &Service) -> Result<(), Refusal> {
        if self.action.is_empty() {
            return Err(Refusal::bad_request(
                "MissingAction",
                "The request must contain the parameter Action",
            ));
        }
        if self.parameter("Version") == Some(service.version) { Ok(()) } else { Err(self.unknown_action()) }
    }
}

pub(crate) fn check_length(value: &str, name: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let length = value.chars().count();
    let constraint = if length < least {
        format!("Member must have length greater than or equal to {least}")
    } else if length > most {
        format!("Member must have length less than or equal to {most}")
    } else {
        return Ok(());
    };
    Err(failed_constraint(&format!("'{value}'"), &member(name), &constraint))
}

/// Letters, digits and what names may hold besides.
pub(crate) fn check_name(value: &str, name: &str) -> Result<(), Refusal> {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)) {
        return Ok(());
    }
    let constraint = "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
    Err(failed_constraint(&format!("'{value}'"), &member(name), constraint))
}

pub(crate) fn failed_constraint(value: &str, member: &str, constraint: &str) -> Refusal {
    validation(format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: {constraint}"
    ))
}

pub(crate) fn validation(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("ValidationError", message)
}

pub(crate) fn member(parameter: &str) -> String {
    let mut letters = parameter.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

pub(crate) fn xml_time(time: OffsetDateTime) -> String {
    time.format(XML_TIME).expect("the format fits every date")
}

/// Elements that hold text.
pub(crate) fn elements(members: &[(&str, &str)]) -> String {
    members.iter().fold(String::new(), |mut xml, (name, text)| {
        write!(xml, "{}", element(name, text)).expect("writing to a string does not fail");
        xml
    })
}

pub(crate) fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>\n", escape(text))
}

/// An element that holds others.
pub(crate) fn structure(name: &str, members: &str) -> String {
    format!("<{name}>\n{members}</{name}>\n")
}

/// An element that holds a list.
pub(crate) fn list(name: &str, members: impl IntoIterator<Item = String>) -> String {
    let members: String = members.into_iter().map(|members| structure("member", &members)).collect();
    structure(name, &members)
}
