//! Where a request goes and how it is signed there: the service's endpoint rules with what fills their parameters.

mod built_ins;
mod everywhere;

use awsx_model::{AuthScheme, EndpointRules, Input, Operation, Service, Signature};
use awsx_output::Query;

use crate::endpoint::{self, Params, Value};
use crate::protocol::plain_value;
use crate::wire::{Scheme, Signing, Target};
use crate::{CallError, ClientConfig, Identity};

pub(crate) use built_ins::BuiltIns;
pub use everywhere::region_unless_set;

/// Who asks what.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) service: &'a Service,
    pub(crate) operation: &'a Operation,
    pub(crate) input: &'a Input,
    pub(crate) config: &'a ClientConfig,
    /// Of whose credentials the request is signed with, where they say so.
    pub(crate) account_id: Option<&'a str>,
}

impl<'a> Question<'a> {
    /// The same with other settings.
    pub(crate) fn with(self, config: &'a ClientConfig) -> Self {
        Self { config, ..self }
    }

    /// Finds where the request goes.
    pub(crate) fn target(self) -> Result<Target, CallError> {
        let rules = match self.config.endpoint_rules {
            Some(rules) => Some(rules),
            None => awsx_model::rules(self.service.name)
                .map_err(|error| CallError::Endpoint(error.to_string()))?,
        };
        let region = self.region()?;
        let Some(rules) = rules else { return Ok(self.without_rules(&region)) };
        let params = self.params(rules, &region);
        let endpoint =
            endpoint::resolve(rules, &params).map_err(|error| CallError::Endpoint(error.to_string()))?;
        let headers = endpoint.headers();
        let signing = self.signing(&region).at(endpoint.auth_schemes(), self.config);
        Ok(Target { url: endpoint.url, headers, signing })
    }

    /// The region asked, which services that are everywhere do without.
    fn region(self) -> Result<String, CallError> {
        match &self.config.region {
            Some(region) => Ok(region.clone()),
            None => region_unless_set(self.service.name).map(str::to_owned).ok_or(CallError::NoRegion),
        }
    }

    /// A user's own model may come without rules.
    fn without_rules(self, region: &str) -> Target {
        let host = || format!("https://{}.{region}.amazonaws.com", self.service.endpoint_prefix);
        let url = self.config.endpoint_url.clone().unwrap_or_else(host);
        Target { url, headers: Vec::new(), signing: self.signing(region) }
    }

    fn params(self, rules: &EndpointRules, region: &str) -> Params {
        let built_ins = BuiltIns {
            config: self.config,
            region,
            account_id: self.account_id,
            bucket: self.input.get("Bucket").and_then(Input::as_text),
            // The bucket's own host would want the bucket's region in the signature, which is what is asked here.
            in_path: self.operation.name == "GetBucketLocation",
        };
        let mut params = Params::new();
        for parameter in &rules.parameters {
            let value = self.context(parameter.name).or_else(|| built_ins.value_of(parameter));
            if let Some(value) = value {
                params.set(parameter.name, value);
            }
        }
        params
    }

    /// What operation and input say of a parameter.
    fn context(self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.operation.static_context.iter().find(|(known, _)| *known == name) {
            return Some(value.into());
        }
        if let Some((_, path)) = self.operation.operation_context.iter().find(|(known, _)| *known == name) {
            return self.found_in_input(path);
        }
        let input = self.service.input(self.operation)?;
        let member = input.members.iter().find(|member| member.context_param == Some(name))?;
        match self.input.get(member.name)? {
            Input::Text(text) => Some(text.as_str().into()),
            Input::Boolean(truth) => Some((*truth).into()),
            _ => None,
        }
    }

    /// What an expression finds in the input: a text or several.
    fn found_in_input(self, path: &str) -> Option<Value> {
        let found = Query::parse(path).ok()?.search(&plain_value(self.input)).ok()?;
        if let Some(text) = found.as_str() {
            return Some(text.into());
        }
        let texts = found.as_list()?.iter().filter_map(|text| Some(text.as_str()?.to_owned()));
        Some(texts.collect::<Vec<_>>().into())
    }

    /// How requests are signed where the endpoint does not say.
    fn signing(self, region: &str) -> Signing {
        let scheme = scheme(self.service, self.operation, self.config);
        let region = match (scheme, region) {
            (Scheme::V4a, _) => "*",
            (_, "aws-global") => "us-east-1",
            (_, region) => region,
        };
        Signing {
            scheme,
            name: self.service.signing_name().to_owned(),
            region: region.to_owned(),
            s3: self.service.signature == Signature::S3V4,
        }
    }
}

/// The way that the operation takes and this identity can: with a token where there is one, then by what the user likes
/// best, then the service's first.
pub(crate) fn scheme(service: &Service, operation: &Operation, config: &ClientConfig) -> Scheme {
    match config.identity {
        Identity::Anonymous => Scheme::None,
        Identity::Token { .. } => scheme_for(service, operation, &config.preferred_auth, true),
        _ => scheme_for(service, operation, &config.preferred_auth, false),
    }
}

fn scheme_for(service: &Service, operation: &Operation, preferred: &[AuthScheme], has_token: bool) -> Scheme {
    if is_public(service, operation) {
        return Scheme::None;
    }
    let auth = if operation.auth.is_empty() { &service.auth } else { &operation.auth };
    if auth.contains(&AuthScheme::Bearer) && has_token {
        return Scheme::Bearer;
    }
    let preferred = preferred.iter().find(|scheme| auth.contains(scheme));
    let without_token = auth.iter().find(|scheme| **scheme != AuthScheme::Bearer);
    match preferred.or(without_token).or(auth.first()) {
        Some(scheme) => Scheme::from(*scheme),
        None if service.signature == Signature::Bearer => Scheme::Bearer,
        None => Scheme::V4,
    }
}

/// What a request needs of whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing: it is not signed.
    Nothing,
    /// Access keys.
    Keys,
    /// A bearer token.
    Token,
}

/// What an operation's requests need of somebody with these preferences. With `has_token` there is a token for this very
/// service, which goes before keys.
pub fn wanted(service: &Service, operation: &Operation, preferred: &[AuthScheme], has_token: bool) -> Wanted {
    match scheme_for(service, operation, preferred, has_token) {
        Scheme::None => Wanted::Nothing,
        Scheme::Bearer => Wanted::Token,
        Scheme::V4 | Scheme::V4a | Scheme::S3Express => Wanted::Keys,
    }
}

/// What botocore leaves unsigned by name.
fn is_public(service: &Service, operation: &Operation) -> bool {
    matches!(
        (service.name, operation.name),
        ("cognito-identity", "GetId" | "GetOpenIdToken" | "UnlinkIdentity" | "GetCredentialsForIdentity")
            | ("sts", "AssumeRoleWithSAML" | "AssumeRoleWithWebIdentity")
    )
}

/// Puts path and query of a request behind an endpoint's URL, and a prefix before its host.
pub(crate) fn join(endpoint: &str, host_prefix: Option<&str>, path: &str, query: &str) -> String {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("https", endpoint));
    let (rest, endpoint_query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, base) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let path = match (base, path) {
        ("", "" | "/") => "/".to_owned(),
        (base, "" | "/") => base.to_owned(),
        (base, path) if base.ends_with('/') && path.starts_with('/') => {
            format!("{}{path}", &base[..base.len() - 1])
        }
        (base, path) => format!("{base}{path}"),
    };
    let query =
        [endpoint_query, query].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{}{host}{path}{mark}{query}", host_prefix.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_meet_in_one_slash() {
        assert_eq!(join("https://h", None, "/", ""), "https://h/");
        assert_eq!(join("https://h/", Some("a."), "/b", "c=1"), "https://a.h/b?c=1");
        assert_eq!(join("http://h:1/base/", None, "/b", ""), "http://h:1/base/b");
        assert_eq!(join("http://h/bucket", None, "/key", "x"), "http://h/bucket/key?x");
        assert_eq!(join("http://h/bucket", None, "", "acl"), "http://h/bucket?acl");
    }
}
