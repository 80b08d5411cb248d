//! Walks the rules.

use awsx_model::{Consequence, EndpointRule, EndpointRules, Expression, Partition, Property, Rule};

use super::functions;
use super::{Endpoint, EndpointError, Value};

/// The endpoint of the first rule that decides. `variables` begin with the parameters.
pub(crate) fn rules(rules: &EndpointRules, variables: Vec<Value>) -> Result<Option<Endpoint>, EndpointError> {
    Scope { variables, partitions: rules.partitions }.first_of(&rules.rules)
}

/// What can be seen from a rule.
struct Scope<'a> {
    /// Parameters, then what conditions assigned between the root and here.
    variables: Vec<Value>,
    partitions: &'a [Partition],
}

impl Scope<'_> {
    fn first_of(&mut self, rules: &[Rule]) -> Result<Option<Endpoint>, EndpointError> {
        let visible = self.variables.len();
        for rule in rules {
            let decided = self.rule(rule)?;
            // What a rule assigns is not seen by the next one.
            self.variables.truncate(visible);
            if decided.is_some() {
                return Ok(decided);
            }
        }
        Ok(None)
    }

    fn rule(&mut self, rule: &Rule) -> Result<Option<Endpoint>, EndpointError> {
        for condition in &rule.conditions {
            let value = self.value(&condition.value)?;
            if !value.holds() {
                return Ok(None);
            }
            if condition.is_assigned {
                self.variables.push(value);
            }
        }
        match &rule.then {
            Consequence::Rules(rules) => self.first_of(rules),
            Consequence::Endpoint(endpoint) => self.endpoint(endpoint).map(Some),
            Consequence::Error(text) => Err(EndpointError::Refused(self.text(text)?)),
        }
    }

    fn endpoint(&self, endpoint: &EndpointRule) -> Result<Endpoint, EndpointError> {
        let headers = endpoint.headers.iter().map(|(name, values)| {
            let values = values.iter().map(|value| self.text(value)).collect::<Result<_, _>>()?;
            Ok((*name, values))
        });
        let properties =
            endpoint.properties.iter().map(|(name, property)| Ok((*name, self.property(property)?)));
        Ok(Endpoint {
            url: self.text(&endpoint.url)?,
            headers: headers.collect::<Result<_, EndpointError>>()?,
            properties: properties.collect::<Result<_, EndpointError>>()?,
        })
    }

    fn property(&self, property: &Property) -> Result<Value, EndpointError> {
        match property {
            Property::Value(value) => self.value(value),
            Property::List(values) => {
                values.iter().map(|value| self.property(value)).collect::<Result<_, _>>().map(Value::List)
            }
            Property::Record(entries) => entries
                .iter()
                .map(|(name, value)| Ok((*name, self.property(value)?)))
                .collect::<Result<_, _>>()
                .map(Value::Record),
        }
    }

    fn text(&self, expression: &Expression) -> Result<String, EndpointError> {
        match self.value(expression)? {
            Value::Text(text) => Ok(text),
            _ => Err(EndpointError::Broken("a text is expected where there is none")),
        }
    }

    fn value(&self, expression: &Expression) -> Result<Value, EndpointError> {
        Ok(match expression {
            Expression::Boolean(value) => Value::Boolean(*value),
            Expression::Integer(value) => Value::Integer(*value),
            Expression::Text(text) => Value::from(*text),
            Expression::Variable(number) => {
                self.variables.get(*number as usize).cloned().unwrap_or(Value::Unset)
            }
            Expression::Attribute(value, steps) => {
                let value = self.value(value)?;
                let part = steps.iter().try_fold(&value, |value, step| value.step(*step));
                part.cloned().unwrap_or(Value::Unset)
            }
            Expression::Concat(parts) => {
                let mut text = String::new();
                for part in parts {
                    match self.value(part)? {
                        Value::Unset => {
                            return Err(EndpointError::Broken("a template names what is not set"));
                        }
                        value => text.push_str(&value.to_string()),
                    }
                }
                Value::Text(text)
            }
            Expression::Call(function, arguments) => {
                let arguments =
                    arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>, _>>()?;
                functions::call(*function, &arguments, self.partitions)?
            }
        })
    }
}
