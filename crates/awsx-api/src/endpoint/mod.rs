//! Where requests go: a service's endpoint rules, evaluated.
//!
//! `evaluate` walks the rules, `functions` are what they call, `url` takes URLs apart. None of these knows a service, a
//! setting or the network: [`Params`] come in, an [`Endpoint`] or the rules' own words of refusal come out. What fills a
//! parameter is told by [`Parameter::built_in`](awsx_model::Parameter::built_in), by the operation's static and operation
//! context, and by the members of its input that have a `context_param`.

mod evaluate;
mod functions;
mod url;
mod value;

use awsx_model::{EndpointRules, ParameterKind, Text};

pub use self::value::Value;

/// Values for the parameters of endpoint rules. What the rules have no parameter for is passed over.
#[derive(Debug, Clone, Default)]
pub struct Params(Vec<(String, Value)>);

impl Params {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a parameter. What was set before is replaced.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The value of a parameter, if it is set.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// Scheme, host, and perhaps a path. A host prefix of the operation is not in it.
    pub url: String,
    /// Headers of requests to it.
    pub headers: Vec<(Text, Vec<String>)>,
    /// What else the rules say of it.
    pub properties: Vec<(Text, Value)>,
}

/// How requests to an endpoint are signed, as far as the endpoint decides it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndpointAuth {
    /// `sigv4`, `sigv4a`, `sigv4-s3express`.
    pub name: String,
    /// The service's name in the signature.
    pub signing_name: Option<String>,
    /// The region in the signature.
    pub signing_region: Option<String>,
    /// The regions in a signature for several.
    pub signing_region_set: Vec<String>,
    /// Paths are signed as they are sent, as S3 wants it, not encoded once more.
    pub disable_double_encoding: bool,
}

impl Endpoint {
    /// What the rules say under this name.
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.properties.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The headers as they are sent.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let headers = self.headers.iter().map(|(name, values)| ((*name).to_owned(), values.join(",")));
        headers.collect()
    }

    /// The ways to sign, best first. Where the rules name none, the service's model decides.
    pub fn auth_schemes(&self) -> Vec<EndpointAuth> {
        let schemes = self.property("authSchemes").map_or(&[][..], Value::elements);
        schemes.iter().map(auth_scheme).collect()
    }
}

fn auth_scheme(scheme: &Value) -> EndpointAuth {
    let text = |name| scheme.attribute(name).and_then(Value::as_text).map(str::to_owned);
    let regions = scheme.attribute("signingRegionSet").map_or(&[][..], Value::elements);
    EndpointAuth {
        name: text("name").unwrap_or_default(),
        signing_name: text("signingName"),
        signing_region: text("signingRegion"),
        signing_region_set: regions.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
        disable_double_encoding: scheme.attribute("disableDoubleEncoding") == Some(&Value::Boolean(true)),
    }
}

/// Why there is no endpoint.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The rules refuse these values, in their own words.
    #[error("{0}")]
    Refused(String),
    /// A value is missing.
    #[error("Cannot find value for required parameter {0}")]
    Missing(Text),
    /// A value is of the wrong type.
    #[error("Value ({0}) is the wrong type.")]
    WrongType(Text),
    /// No rule fits these values.
    #[error("No endpoint found for parameters:\n{0}")]
    NoneFits(String),
    /// The rules compare or cut what cannot be.
    #[error("the endpoint rules are broken: {0}")]
    Broken(Text),
}

/// Evaluates endpoint rules.
pub fn resolve(rules: &EndpointRules, params: &Params) -> Result<Endpoint, EndpointError> {
    let mut variables = Vec::new();
    for parameter in &rules.parameters {
        let given = params.value(parameter.name).filter(|value| **value != Value::Unset);
        let value = match (given, &parameter.default) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => default.into(),
            (None, None) if parameter.required => return Err(EndpointError::Missing(parameter.name)),
            (None, None) => Value::Unset,
        };
        let fits = matches!(
            (&value, parameter.kind),
            (Value::Boolean(_), ParameterKind::Boolean)
                | (Value::Text(_), ParameterKind::Text)
                | (Value::List(_), ParameterKind::List)
                | (Value::Unset, _)
        );
        if !fits {
            return Err(EndpointError::WrongType(parameter.name));
        }
        variables.push(value);
    }
    evaluate::rules(rules, variables)?.ok_or_else(|| EndpointError::NoneFits(list(params)))
}

fn list(params: &Params) -> String {
    let lines: Vec<_> = params.0.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn region_leads_to_a_host() {
        assert_eq!(url("iam", &[("Region", "us-east-1".into())]), "https://iam.amazonaws.com");
        assert_eq!(
            url("ec2", &[("Region", "eu-west-1".into()), ("UseDualStack", true.into())]),
            "https://ec2.eu-west-1.api.aws"
        );
        assert_eq!(url("sqs", &[("Region", "cn-north-1".into())]), "https://sqs.cn-north-1.amazonaws.com.cn");
    }

    #[test]
    fn endpoint_carries_its_signing() {
        let endpoint = endpoint("iam", &[("Region", "eu-west-1".into())]).unwrap();
        let auth = endpoint.auth_schemes();
        assert_eq!((auth[0].name.as_str(), auth[0].signing_region.as_deref()), ("sigv4", Some("us-east-1")));
    }

    #[test]
    fn buckets_go_into_the_host_unless_they_cannot() {
        let region = ("Region", "us-west-2".into());
        assert_eq!(
            url("s3", &[region.clone(), ("Bucket", "parrots".into())]),
            "https://parrots.s3.us-west-2.amazonaws.com"
        );
        assert_eq!(
            url("s3", &[region, ("Bucket", "par.rots".into())]),
            "https://s3.us-west-2.amazonaws.com/par.rots"
        );
    }

    #[test]
    fn given_endpoint_is_taken() {
        let given = "https://localhost:4566/base";
        assert_eq!(url("sts", &[("Region", "us-east-1".into()), ("Endpoint", given.into())]), given);
    }

    #[test]
    fn rules_refuse_in_their_own_words() {
        let refused = endpoint("sts", &[]).unwrap_err();
        assert_eq!(refused.to_string(), "Invalid Configuration: Missing Region");
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let refused = endpoint("sts", &[("Region", true.into())]).unwrap_err();
        assert!(matches!(refused, EndpointError::WrongType("Region")));
    }

    fn url(service: &str, values: &[(&str, Value)]) -> String {
        endpoint(service, values).expect("there is an endpoint").url
    }

    fn endpoint(service: &str, values: &[(&str, Value)]) -> Result<Endpoint, EndpointError> {
        let mut params = Params::new();
        for (name, value) in values {
            params.set(name, value.clone());
        }
        let rules = awsx_model::rules(service).expect("the pack is whole");
        resolve(rules.expect("the service has rules"), &params)
    }
}
