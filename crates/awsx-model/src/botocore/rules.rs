//! Makes endpoint rules of `endpoint-rule-set-1.json`: variables by their numbers, templates and paths taken apart.

use serde_json::{Map, Value};

use super::texts::Texts;
use crate::{
    BuiltIn, Condition, Consequence, ContextValue, EndpointRule, Expression, Function, Parameter,
    ParameterKind, Property, Rule, RuleSet, Step, Text,
};

/// The rule set of a service, or what is wrong with it.
pub(crate) fn rules(json: &Value) -> Result<RuleSet, String> {
    let mut compiler = Compiler::default();
    let set = object(json, "a rule set")?;
    let parameters = object(entry(set, "parameters")?, "`parameters`")?
        .iter()
        .map(|(name, parameter)| {
            compiler.parameter(name, parameter).map_err(|why| format!("parameter `{name}`: {why}"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    compiler.variables = parameters.iter().map(|parameter| parameter.name).collect();
    let rules = compiler.rules(entry(set, "rules")?)?;
    Ok(RuleSet { parameters, rules })
}

#[derive(Debug, Default)]
struct Compiler {
    texts: Texts,
    /// The names that can be seen: the parameters', and those assigned between the root and here.
    variables: Vec<Text>,
}

impl Compiler {
    fn parameter(&mut self, name: &str, parameter: &Value) -> Result<Parameter, String> {
        let parameter = object(parameter, "a parameter")?;
        let kind = text(entry(parameter, "type")?)?;
        let kind = match kind.to_ascii_lowercase().as_str() {
            "boolean" => ParameterKind::Boolean,
            "string" => ParameterKind::Text,
            "stringarray" => ParameterKind::List,
            _ => return Err(format!("the type `{kind}` is unknown")),
        };
        let default = match (kind, parameter.get("default")) {
            (_, None) => None,
            (ParameterKind::Boolean, Some(Value::Bool(value))) => Some(ContextValue::Boolean(*value)),
            (ParameterKind::Text, Some(Value::String(value))) => {
                Some(ContextValue::Text(self.texts.keep(value)))
            }
            (ParameterKind::List, Some(Value::Array(values))) => {
                let values = values.iter().map(|value| Ok(self.texts.keep(text(value)?)));
                Some(ContextValue::List(values.collect::<Result<_, String>>()?))
            }
            (_, Some(_)) => return Err("its default is of another type".to_owned()),
        };
        Ok(Parameter {
            name: self.texts.keep(name),
            kind,
            built_in: parameter.get("builtIn").map(|name| text(name).map(built_in)).transpose()?,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            default,
        })
    }

    fn rules(&mut self, rules: &Value) -> Result<Vec<Rule>, String> {
        let rules = array(rules, "`rules`")?.iter().enumerate();
        rules.map(|(at, rule)| self.rule(rule).map_err(|why| format!("rule {at}: {why}"))).collect()
    }

    fn rule(&mut self, rule: &Value) -> Result<Rule, String> {
        let rule = object(rule, "a rule")?;
        let visible = self.variables.len();
        let conditions = array(entry(rule, "conditions")?, "`conditions`")?;
        let conditions =
            conditions.iter().map(|condition| self.condition(condition)).collect::<Result<_, _>>()?;
        let then = match text(entry(rule, "type")?)? {
            "tree" => Consequence::Rules(self.rules(entry(rule, "rules")?)?),
            "endpoint" => Consequence::Endpoint(self.endpoint(entry(rule, "endpoint")?)?),
            "error" => Consequence::Error(self.expression(entry(rule, "error")?)?),
            unknown => return Err(format!("the type `{unknown}` is unknown")),
        };
        self.variables.truncate(visible);
        Ok(Rule { conditions, then })
    }

    fn condition(&mut self, condition: &Value) -> Result<Condition, String> {
        let call = object(condition, "a condition")?;
        let value = self.call(call)?;
        let assigned = call.get("assign").map(text).transpose()?;
        if let Some(name) = assigned {
            if self.variables.contains(&name) {
                return Err(format!("`{name}` is assigned twice"));
            }
            let name = self.texts.keep(name);
            self.variables.push(name);
        }
        Ok(Condition { value, is_assigned: assigned.is_some() })
    }

    fn endpoint(&mut self, endpoint: &Value) -> Result<EndpointRule, String> {
        let endpoint = object(endpoint, "an endpoint")?;
        let mut headers = Vec::new();
        for (name, values) in optional_object(endpoint, "headers")? {
            let values = array(values, "a header")?.iter().map(|value| self.expression(value));
            let values = values.collect::<Result<_, _>>()?;
            headers.push((self.texts.keep(name), values));
        }
        let mut properties = Vec::new();
        for (name, value) in optional_object(endpoint, "properties")? {
            properties.push((self.texts.keep(name), self.property(value)?));
        }
        Ok(EndpointRule { url: self.expression(entry(endpoint, "url")?)?, headers, properties })
    }

    fn property(&mut self, property: &Value) -> Result<Property, String> {
        Ok(match property {
            Value::Array(values) => {
                Property::List(values.iter().map(|value| self.property(value)).collect::<Result<_, _>>()?)
            }
            Value::Object(entries) => {
                let entries =
                    entries.iter().map(|(name, value)| Ok((self.texts.keep(name), self.property(value)?)));
                Property::Record(entries.collect::<Result<_, String>>()?)
            }
            other => Property::Value(self.expression(other)?),
        })
    }

    fn expression(&mut self, value: &Value) -> Result<Expression, String> {
        match value {
            Value::Bool(value) => Ok(Expression::Boolean(*value)),
            Value::Number(number) => number
                .as_i64()
                .map(Expression::Integer)
                .ok_or_else(|| format!("`{number}` is no whole number")),
            Value::String(template) => self.template(template),
            Value::Object(entries) => match entries.get("ref") {
                Some(name) => self.variable(text(name)?),
                None if entries.contains_key("assign") => {
                    Err("only a condition may assign a variable".to_owned())
                }
                None => self.call(entries),
            },
            Value::Null | Value::Array(_) => Err(format!("`{value}` is no value")),
        }
    }

    fn variable(&self, name: &str) -> Result<Expression, String> {
        let at = self.variables.iter().position(|known| *known == name);
        let at = at.ok_or_else(|| format!("`{name}` is neither a parameter nor assigned before"))?;
        Ok(Expression::Variable(u32::try_from(at).expect("a file's size is limited")))
    }

    fn call(&mut self, call: &Map<String, Value>) -> Result<Expression, String> {
        let name = text(entry(call, "fn")?)?;
        let arguments = array(entry(call, "argv")?, "`argv`")?;
        if name == "getAttr" {
            let [value, path] = arguments.as_slice() else {
                return Err("`getAttr` takes 2 arguments".to_owned());
            };
            return Ok(Expression::Attribute(Box::new(self.expression(value)?), self.path(text(path)?)?));
        }
        let (function, count) = function(name).ok_or_else(|| format!("the function `{name}` is unknown"))?;
        if count.is_some_and(|count| count != arguments.len()) {
            return Err(format!("`{name}` does not take {} arguments", arguments.len()));
        }
        let arguments = arguments.iter().map(|argument| self.expression(argument));
        Ok(Expression::Call(function, arguments.collect::<Result<_, _>>()?))
    }

    /// `name.name[0]`
    fn path(&mut self, path: &str) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        for part in path.split('.') {
            let (name, index) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
                Some((name, index)) => (name, Some(index)),
                None => (part, None),
            };
            if !name.is_empty() {
                steps.push(Step::Name(self.texts.keep(name)));
            }
            if let Some(index) = index {
                let index = index.parse().map_err(|_| format!("`{path}` is no path"))?;
                steps.push(Step::Index(index));
            }
        }
        Ok(steps)
    }

    /// A text with `{name}` or `{name#attribute}` in it; doubled braces are braces, but only beside such a name.
    fn template(&mut self, template: &str) -> Result<Expression, String> {
        if !has_name(template) {
            return Ok(Expression::Text(self.texts.keep(template)));
        }
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..];
            if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                literal.push_str(&brace[..1]);
                rest = after;
                continue;
            }
            let inside = brace.strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let (name, after) = inside.ok_or_else(|| format!("`{template}` has a brace alone"))?;
            if !literal.is_empty() {
                parts.push(Expression::Text(self.texts.keep(&literal)));
                literal.clear();
            }
            parts.push(self.placeholder(name)?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Expression::Text(self.texts.keep(&literal)));
        }
        Ok(Expression::Concat(parts))
    }

    fn placeholder(&mut self, name: &str) -> Result<Expression, String> {
        let mut names = name.split('#');
        let variable = self.variable(names.next().unwrap_or_default())?;
        let steps: Vec<_> = names.map(|name| Step::Name(self.texts.keep(name))).collect();
        Ok(if steps.is_empty() { variable } else { Expression::Attribute(Box::new(variable), steps) })
    }
}

/// Whether a text has `{name}` in it, as botocore looks for it.
fn has_name(template: &str) -> bool {
    template.split('{').skip(1).any(|after| {
        let name = after.split_once('}').map_or("", |(name, _)| name);
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '#')
    })
}

fn built_in(name: &str) -> BuiltIn {
    match name {
        "AWS::Region" => BuiltIn::Region,
        "AWS::UseFIPS" => BuiltIn::UseFips,
        "AWS::UseDualStack" => BuiltIn::UseDualStack,
        "SDK::Endpoint" => BuiltIn::Endpoint,
        "AWS::Auth::AccountId" => BuiltIn::AccountId,
        "AWS::Auth::AccountIdEndpointMode" => BuiltIn::AccountIdEndpointMode,
        "AWS::S3::Accelerate" => BuiltIn::S3Accelerate,
        "AWS::S3::ForcePathStyle" => BuiltIn::S3ForcePathStyle,
        "AWS::S3::UseArnRegion" => BuiltIn::S3UseArnRegion,
        "AWS::S3::DisableMultiRegionAccessPoints" => BuiltIn::S3DisableMultiRegionAccessPoints,
        "AWS::S3::UseGlobalEndpoint" => BuiltIn::S3UseGlobalEndpoint,
        "AWS::S3Control::UseArnRegion" => BuiltIn::S3ControlUseArnRegion,
        "AWS::STS::UseGlobalEndpoint" => BuiltIn::StsUseGlobalEndpoint,
        _ => BuiltIn::Unknown,
    }
}

/// A function, and how many arguments it takes; none where any number will do.
fn function(name: &str) -> Option<(Function, Option<usize>)> {
    Some(match name {
        "isSet" => (Function::IsSet, Some(1)),
        "not" => (Function::Not, Some(1)),
        "booleanEquals" => (Function::BooleanEquals, Some(2)),
        "stringEquals" => (Function::StringEquals, Some(2)),
        "substring" => (Function::Substring, Some(4)),
        "split" => (Function::Split, Some(3)),
        "coalesce" => (Function::Coalesce, None),
        "ite" => (Function::IfThenElse, Some(3)),
        "uriEncode" => (Function::UriEncode, Some(1)),
        "parseURL" => (Function::ParseUrl, Some(1)),
        "isValidHostLabel" => (Function::IsValidHostLabel, Some(2)),
        "aws.partition" => (Function::Partition, Some(1)),
        "aws.parseArn" => (Function::ParseArn, Some(1)),
        "aws.isVirtualHostableS3Bucket" => (Function::IsVirtualHostableS3Bucket, Some(2)),
        _ => return None,
    })
}

fn entry<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a Value, String> {
    object.get(name).ok_or_else(|| format!("`{name}` is missing"))
}

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{what} must be an object"))
}

fn optional_object<'a>(
    object: &'a Map<String, Value>,
    name: &str,
) -> Result<impl Iterator<Item = (&'a String, &'a Value)>, String> {
    match object.get(name) {
        None => Ok(None.into_iter().flatten()),
        Some(Value::Object(entries)) => Ok(Some(entries).into_iter().flatten()),
        Some(_) => Err(format!("`{name}` must be an object")),
    }
}

fn array<'a>(value: &'a Value, what: &str) -> Result<&'a Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("{what} must be a list"))
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("`{value}` is no text"))
}
