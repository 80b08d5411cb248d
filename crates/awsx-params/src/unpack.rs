//! From the words given with an option to a value of the type its member asks for.

use awsx_core::Env;
use awsx_model::{Kind, Member, Service, ShapeId};

use crate::shorthand::{self, ShorthandError};
use crate::{Given, ParamsError, files, json, python};

/// What an option is about, for its value and for messages.
pub(crate) struct Unpacker<'a> {
    pub(crate) env: &'a Env,
    pub(crate) service: &'a Service,
    /// The service's and the operation's word, which a few old forms depend on.
    pub(crate) command: &'a str,
    pub(crate) word: &'a str,
    /// The option without dashes.
    pub(crate) name: &'a str,
}

impl Unpacker<'_> {
    /// The value of a member from the words given with its option.
    pub(crate) fn member(&self, member: &Member, words: &[String]) -> Result<Given, ParamsError> {
        let is_list = matches!(self.service.shape(member.shape).kind, Kind::List(_));
        let given = self.given(words, is_list)?;
        let given = match given {
            // A file with several elements is one text, and AWS CLI would take each character for an element.
            Given::Text(text) if is_list && !looks_like_json(&text) => Given::List(vec![text.into()]),
            given => given,
        };
        if member.json_value && member.location.is_some() {
            return self.json(&given);
        }
        self.value(member, given)
    }

    /// The words as one text, a list of texts, or what a file holds.
    pub(crate) fn given(&self, words: &[String], is_list: bool) -> Result<Given, ParamsError> {
        let [only] = words else {
            return Ok(Given::List(words.iter().map(|word| word.clone().into()).collect()));
        };
        let loaded = self.load(only).map_err(|message| ParamsError::parameter(&self.option(), message))?;
        Ok(match loaded {
            Some(loaded) => loaded,
            None if is_list => Given::List(vec![only.clone().into()]),
            None => only.clone().into(),
        })
    }

    fn load(&self, text: &str) -> Result<Option<Given>, String> {
        files::load(self.env, text)
    }

    fn option(&self) -> String {
        format!("--{}", self.name)
    }

    fn value(&self, member: &Member, given: Given) -> Result<Given, ParamsError> {
        let first = match &given {
            Given::List(elements) => elements.first(),
            single => Some(single),
        };
        let is_json = matches!(first, Some(Given::Text(text)) if looks_like_json(text.trim()));
        if !is_json && takes_shorthand(self.service, member.shape) {
            return self.shorthand(member.shape, &given);
        }
        self.plain(member.shape, member.streaming, given)
    }

    fn shorthand(&self, shape: ShapeId, given: &Given) -> Result<Given, ParamsError> {
        if let Some(special) = self.old_form(shape, given) {
            return Ok(special);
        }
        let parse = |text: &Given| match text {
            Given::Text(text) => shorthand::parse(text, &|text| self.load(text)).map(Given::Map),
            other => Ok(other.clone()),
        };
        let parsed = match given {
            Given::List(elements) => {
                elements.iter().map(parse).collect::<Result<Vec<_>, _>>().map(Given::List)
            }
            single => parse(single),
        };
        let fitted = parsed.and_then(|mut parsed| {
            shorthand::fit(self.service, shape, &mut parsed)?;
            Ok(parsed)
        });
        fitted.map_err(|error| match error {
            ShorthandError::Syntax(message) => ParamsError::parameter(&self.option(), message),
            ShorthandError::Python(error) => error,
        })
    }

    /// Forms of before shorthand had a grammar.
    fn old_form(&self, shape: ShapeId, given: &Given) -> Option<Given> {
        match (&self.service.shape(shape).kind, given) {
            (Kind::List(list), Given::List(elements)) if self.is_old_list() => {
                let Kind::Structure(structure) = &self.service.shape(list.element.shape).kind else {
                    return None;
                };
                let [only] = structure.members.as_slice() else { return None };
                Some(Given::List(
                    elements.iter().map(|element| [(only.name, element.clone())].into()).collect(),
                ))
            }
            (Kind::Structure(structure), Given::Text(text)) if !text.contains('=') => {
                let [only] = structure.members.as_slice() else { return None };
                let is_text = matches!(self.service.shape(only.shape).kind, Kind::String { .. });
                (only.name == "Value" && is_text).then(|| [("Value", given.clone())].into())
            }
            _ => None,
        }
    }

    /// Lists of structures with one member that may be given as a list of that member.
    fn is_old_list(&self) -> bool {
        match (self.command, self.word) {
            ("firehose", "put-record-batch") => self.name == "records",
            ("workspaces", "reboot-workspaces") => self.name == "reboot-workspace-requests",
            ("workspaces", "rebuild-workspaces") => self.name == "rebuild-workspace-requests",
            ("workspaces", "terminate-workspaces") => self.name == "terminate-workspace-requests",
            ("elb", "remove-tags") => self.name == "tags",
            (
                "elb",
                "describe-instance-health"
                | "deregister-instances-from-load-balancer"
                | "register-instances-with-load-balancer",
            ) => self.name == "instances",
            _ => false,
        }
    }

    fn plain(&self, shape: ShapeId, streaming: bool, given: Given) -> Result<Given, ParamsError> {
        match &self.service.shape(shape).kind {
            Kind::Structure(structure) if structure.document => self.json(&given),
            Kind::Structure(_) | Kind::Map(_) => self.json_map(&given),
            Kind::List(list) => self.list(list.element.shape, given),
            kind => self.scalar(kind, streaming, given),
        }
    }

    fn json_map(&self, given: &Given) -> Result<Given, ParamsError> {
        let Given::Text(text) = given else { return self.json(given) };
        match text.trim_start().chars().next() {
            Some('{') => self.json(given),
            Some(_) => Err(ParamsError::parameter(&self.option(), format!("Invalid JSON:\n{text}"))),
            None => Err(ParamsError::Python("string index out of range".to_owned())),
        }
    }

    fn list(&self, element: ShapeId, given: Given) -> Result<Given, ParamsError> {
        let elements = match given {
            Given::List(elements) => elements,
            single => vec![single],
        };
        if let [only @ Given::Text(text)] = elements.as_slice()
            && text.trim().starts_with('[')
        {
            return self.json(only);
        }
        let first = elements.first().map(Given::python_text).unwrap_or_default();
        let unpacked = elements.into_iter().map(|given| self.plain(element, false, given));
        unpacked.collect::<Result<Vec<_>, _>>().map(Given::List).map_err(|error| match error {
            // Python's errors do not say whose value it was.
            ParamsError::Python(_) => ParamsError::parameter(&self.option(), first),
            error => error,
        })
    }

    fn scalar(&self, kind: &Kind, streaming: bool, given: Given) -> Result<Given, ParamsError> {
        let Given::Text(text) = &given else { return Ok(given) };
        match kind {
            Kind::Integer | Kind::Long => python::int(text).map(Given::Integer),
            Kind::Float | Kind::Double => python::float(text).map(Given::Float),
            Kind::Boolean => Ok(Given::Boolean(!text.eq_ignore_ascii_case("false") && !text.is_empty())),
            Kind::Blob(blob) if blob.streaming || streaming => {
                let path = self.env.expand_path(text);
                if path.is_file() {
                    return Ok(Given::File(path));
                }
                Err(ParamsError::parameter(&self.option(), "Blob values must be a path to a file."))
            }
            _ => Ok(given),
        }
    }

    fn json(&self, given: &Given) -> Result<Given, ParamsError> {
        let text = match given {
            Given::Text(text) => text.clone(),
            Given::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            other => return Ok(other.clone()),
        };
        json::parse(&text).map_err(|error| {
            ParamsError::parameter(&self.option(), format!("Invalid JSON: {error}\nJSON received: {text}"))
        })
    }
}

fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['[', '{'])
}

/// Whether a parameter of this type can be given in shorthand: not where it is a list of texts, and not where JSON
/// alone can tell the types.
pub fn takes_shorthand(service: &Service, shape: ShapeId) -> bool {
    let is_complex =
        |shape| matches!(&service.shape(shape).kind, Kind::Structure(_) | Kind::List(_) | Kind::Map(_));
    let complex = match &service.shape(shape).kind {
        Kind::List(list) => is_complex(list.element.shape),
        _ => is_complex(shape),
    };
    complex && !holds_documents(service, shape)
}

fn holds_documents(service: &Service, shape: ShapeId) -> bool {
    match &service.shape(shape).kind {
        Kind::Structure(structure) => structure.document,
        Kind::List(list) => holds_documents(service, list.element.shape),
        Kind::Map(map) => holds_documents(service, map.value.shape),
        _ => false,
    }
}
