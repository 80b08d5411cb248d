//! The checks that AWS CLI makes before it asks a service, with botocore's texts and in its order.
//!
//! Of the model's bounds only the lower ones are checked; patterns and lists of values are the service's business.

use awsx_model::{Kind, Member, Number, Service, ShapeId, Structure};
use awsx_output::python_float;

use crate::{Given, Parameters, ParamsError, moment};

/// Checks an operation's parameters.
pub fn check(service: &Service, shape: ShapeId, parameters: &Parameters) -> Result<(), ParamsError> {
    let mut checks = Checks { service, problems: Vec::new() };
    if let Some(structure) = service.structure(shape) {
        checks.members(structure, parameters, "");
    }
    checks.outcome()
}

/// Checks a value of any type.
pub(crate) fn check_value(service: &Service, shape: ShapeId, given: &Given) -> Result<(), ParamsError> {
    let mut checks = Checks { service, problems: Vec::new() };
    checks.value(shape, None, given, "");
    checks.outcome()
}

struct Checks<'a> {
    service: &'a Service,
    problems: Vec<String>,
}

impl Checks<'_> {
    fn outcome(self) -> Result<(), ParamsError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        let problems = self.problems.join("\n");
        Err(ParamsError::Value(format!("Parameter validation failed:\n{problems}")))
    }

    /// `name` is the path to the value with a dot before every member.
    fn value(&mut self, shape: ShapeId, member: Option<&Member>, given: &Given, name: &str) {
        if member.is_some_and(|member| member.json_value && member.location.is_some()) {
            return;
        }
        let described = self.service.shape(shape);
        let minimum = described.range.min;
        match (&described.kind, given) {
            (Kind::Structure(structure), given) if structure.document => self.document(given, name),
            (Kind::Structure(structure), Given::Map(entries)) => self.members(structure, entries, name),
            (Kind::Map(map), Given::Map(entries)) => {
                for (key, value) in entries {
                    self.value(
                        map.key.shape,
                        None,
                        &Given::from(key.as_str()),
                        &format!("{name} (key: {key})"),
                    );
                    self.value(map.value.shape, None, value, &format!("{name}.{key}"));
                }
            }
            (Kind::List(list), Given::List(elements)) => {
                self.length(elements.len(), minimum, member, name);
                for (at, element) in elements.iter().enumerate() {
                    self.value(list.element.shape, None, element, &format!("{name}[{at}]"));
                }
            }
            (Kind::String { .. }, Given::Text(text)) => {
                self.length(text.chars().count(), minimum, member, name);
            }
            (Kind::Integer | Kind::Long | Kind::Float | Kind::Double, given) => {
                self.number(&described.kind, minimum, given, name);
            }
            (Kind::Boolean, Given::Boolean(_))
            | (Kind::Blob(_), Given::Text(_) | Given::Bytes(_) | Given::File(_)) => {}
            (Kind::Timestamp(_), given) if moment::of(given).is_some() => {}
            (kind, given) => self.wrong_type(kind, given, name),
        }
    }

    fn members(&mut self, structure: &Structure, entries: &Parameters, name: &str) {
        if structure.union && entries.len() != 1 {
            let keys = |between: &str| {
                structure.members.iter().map(|member| member.name).collect::<Vec<_>>().join(between)
            };
            let name = shown(name);
            self.problems.push(if entries.is_empty() {
                format!("Must set one of the following keys for tagged unionstructure {name}: {}.", keys(". "))
            } else {
                format!(
                    "Invalid number of parameters set for tagged union structure {name}. Can only set one of the \
                     following keys: {}.",
                    keys(". ")
                )
            });
        }
        // A token that makes a request unique is filled in, if it is not given at the top.
        let filled_in = |member: &Member| member.idempotency_token && name.is_empty();
        for member in structure.required().filter(|member| !filled_in(member)) {
            if !entries.contains_key(member.name) {
                let name = shown(name);
                self.problems.push(format!("Missing required parameter in {name}: \"{}\"", member.name));
            }
        }
        let known = |key: &str| structure.member(key);
        for key in entries.keys().filter(|key| known(key).is_none()) {
            let names: Vec<&str> = structure.members.iter().map(|member| member.name).collect();
            self.problems.push(format!(
                "Unknown parameter in {}: \"{key}\", must be one of: {}",
                shown(name),
                names.join(", ")
            ));
        }
        for (key, value) in entries {
            if let Some(member) = known(key) {
                self.value(member.shape, Some(member), value, &format!("{name}.{key}"));
            }
        }
    }

    fn document(&mut self, given: &Given, name: &str) {
        match given {
            Given::Map(entries) => entries.iter().for_each(|(key, value)| self.document(value, key)),
            Given::List(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    self.document(element, &format!("{name}[{at}]"));
                }
            }
            Given::Bytes(_) | Given::File(_) => self.problems.push(format!(
                "Invalid type for document parameter {}, value: {}, type: {}, valid types: <class 'str'>, <class \
                 'int'>, <class 'bool'>, <class 'float'>, <class 'list'>, <class 'dict'>",
                shown(name),
                given.python_text(),
                given.python_type()
            )),
            Given::None | Given::Text(_) | Given::Integer(_) | Given::Boolean(_) | Given::Float(_) => {}
        }
    }

    fn length(&mut self, length: usize, minimum: Option<Number>, member: Option<&Member>, name: &str) {
        // What becomes part of the host cannot be empty.
        let of_host = member.filter(|member| member.host_label).map(|_| Number::Integer(1));
        let Some(minimum) = minimum.or(of_host) else { return };
        #[expect(clippy::cast_precision_loss, reason = "no value is that long")]
        if (length as f64) < as_f64(minimum) {
            let (name, minimum) = (shown(name), shown_number(minimum));
            self.problems.push(format!(
                "Invalid length for parameter {name}, value: {length}, valid min length: {minimum}"
            ));
        }
    }

    fn number(&mut self, kind: &Kind, minimum: Option<Number>, given: &Given, name: &str) {
        #[expect(clippy::cast_precision_loss, reason = "only compared with a bound")]
        let number = match (given, kind) {
            (Given::Integer(number), _) => *number as f64,
            // In Python truths are whole numbers.
            (Given::Boolean(truth), _) => f64::from(u8::from(*truth)),
            (Given::Float(number), Kind::Float | Kind::Double) => *number,
            _ => return self.wrong_type(kind, given, name),
        };
        if let Some(minimum) = minimum.filter(|minimum| number < as_f64(*minimum)) {
            self.problems.push(format!(
                "Invalid value for parameter {}, value: {}, valid min value: {}",
                shown(name),
                given.python_text(),
                shown_number(minimum)
            ));
        }
    }

    fn wrong_type(&mut self, kind: &Kind, given: &Given, name: &str) {
        self.problems.push(format!(
            "Invalid type for parameter {}, value: {}, type: {}, valid types: {}",
            shown(name),
            given.python_text(),
            given.python_type(),
            kind.python_types()
        ));
    }
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "input" } else { name.strip_prefix('.').unwrap_or(name) }
}

fn shown_number(number: Number) -> String {
    match number {
        Number::Integer(number) => number.to_string(),
        Number::Float(number) => python_float(number),
    }
}

#[expect(clippy::cast_precision_loss, reason = "only compared with a length or value")]
fn as_f64(number: Number) -> f64 {
    match number {
        Number::Integer(number) => number as f64,
        Number::Float(number) => number,
    }
}
