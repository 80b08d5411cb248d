//! Where a request goes and how it is signed there: the service's endpoint rules with what fills their parameters.

use awsx_model::{
    AuthScheme, BuiltIn, EndpointRules, Input, Kind, Operation, PayloadSigning, Service, Signature,
};
use awsx_output::Query;

use crate::endpoint::{self, EndpointAuth, Params, Value};
use crate::protocol::plain_value;
use crate::{AccountIdEndpoints, Addressing, CallError, ClientConfig, Identity};

/// Where a request goes.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) signing: Signing,
}

/// How a request is signed.
#[derive(Debug, Clone)]
pub(crate) struct Signing {
    pub(crate) scheme: Scheme,
    /// The service's name in the signature.
    pub(crate) name: String,
    /// The region in the signature, or the set of regions.
    pub(crate) region: String,
    /// S3's rules: paths as they are, the body's hash in a header.
    pub(crate) s3: bool,
    pub(crate) payload: PayloadSigning,
}

/// The ways to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    V4,
    V4a,
    /// As [`Scheme::V4`], with keys that S3 gives for one bucket and some minutes.
    S3Express,
    Bearer,
    None,
}

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
        let headers = endpoint.headers.iter().map(|(name, values)| ((*name).to_owned(), values.join(",")));
        let headers = headers.collect();
        let signing = self.signing(&region, endpoint.auth_schemes());
        Ok(Target { url: endpoint.url, headers, signing })
    }

    /// The region asked, which services that are everywhere do without.
    fn region(self) -> Result<String, CallError> {
        match &self.config.region {
            Some(region) => Ok(region.clone()),
            None if EVERYWHERE.contains(&self.service.name) => Ok("aws-global".to_owned()),
            None => Err(CallError::NoRegion),
        }
    }

    /// A user's own model may come without rules.
    fn without_rules(self, region: &str) -> Target {
        let host = || format!("https://{}.{region}.amazonaws.com", self.service.endpoint_prefix);
        let url = self.config.endpoint_url.clone().unwrap_or_else(host);
        Target { url, headers: Vec::new(), signing: self.signing(region, Vec::new()) }
    }

    fn params(self, rules: &EndpointRules, region: &str) -> Params {
        let mut params = Params::new();
        for parameter in &rules.parameters {
            let value = self.context(parameter.name).or_else(|| self.built_in(parameter.built_in?, region));
            if let Some(value) = value {
                params.set(parameter.name, value);
            }
        }
        params
    }

    /// What operation, input and settings say of a parameter.
    fn context(self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.operation.static_context.iter().find(|(known, _)| *known == name) {
            return Some(value.into());
        }
        if let Some((_, path)) = self.operation.operation_context.iter().find(|(known, _)| *known == name) {
            return self.found_in_input(path);
        }
        // A setting that has no number among the built-in ones.
        if name == "DisableS3ExpressSessionAuth" {
            return Some(self.config.s3.disable_express_sessions.into());
        }
        let shape = &self.service.shape(self.operation.input?.shape).kind;
        let Kind::Structure(structure) = shape else { return None };
        let member = structure.members.iter().find(|member| member.context_param == Some(name))?;
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

    fn built_in(self, built_in: BuiltIn, region: &str) -> Option<Value> {
        let config = self.config;
        // A URL that the user gives is taken as it is.
        let own_url = config.endpoint_url.is_some();
        match built_in {
            BuiltIn::Region => Some(region.into()),
            BuiltIn::UseFips => Some((config.use_fips && !own_url).into()),
            BuiltIn::UseDualStack => Some((config.use_dualstack && !own_url).into()),
            BuiltIn::Endpoint => config.endpoint_url.as_deref().map(Value::from),
            BuiltIn::AccountId => self.account_id.map(Value::from),
            BuiltIn::AccountIdEndpointMode => Some(match config.account_id_endpoints {
                AccountIdEndpoints::Preferred => "preferred".into(),
                AccountIdEndpoints::Disabled => "disabled".into(),
                AccountIdEndpoints::Required => "required".into(),
            }),
            BuiltIn::S3Accelerate => Some(config.s3.accelerate.into()),
            BuiltIn::S3ForcePathStyle => Some(self.forces_path_style().into()),
            BuiltIn::S3UseArnRegion => Some(config.s3.use_arn_region.into()),
            BuiltIn::S3ControlUseArnRegion => Some(config.s3.use_arn_region_of_control.into()),
            BuiltIn::S3DisableMultiRegionAccessPoints => {
                Some(config.s3.disable_multiregion_access_points.into())
            }
            BuiltIn::S3UseGlobalEndpoint => {
                Some((config.s3.legacy_us_east_1 && region == "us-east-1").into())
            }
            BuiltIn::StsUseGlobalEndpoint => Some(false.into()),
            BuiltIn::Unknown => None,
        }
    }

    /// Whether the bucket must stand in the path, where AWS CLI puts it unless told otherwise.
    fn forces_path_style(self) -> bool {
        let s3 = &self.config.s3;
        let bucket_is_arn =
            self.input.get("Bucket").and_then(Input::as_text).is_some_and(|name| name.starts_with("arn:"));
        // The bucket's own host would want the bucket's region in the signature, which is what is asked here.
        if self.operation.name == "GetBucketLocation" {
            return true;
        }
        if bucket_is_arn || s3.accelerate {
            return false;
        }
        match &self.config.endpoint_url {
            Some(url) if !url.contains("s3-accelerate") => s3.addressing != Addressing::Virtual,
            _ => s3.addressing == Addressing::Path,
        }
    }

    /// How the request is signed, by the endpoint where that says so.
    fn signing(self, region: &str, schemes: Vec<EndpointAuth>) -> Signing {
        let is_s3 = |name: &str| matches!(name, "s3" | "s3-outposts" | "s3-object-lambda" | "s3express");
        let mut signing = Signing {
            scheme: scheme(self.service, self.operation, &self.config.identity),
            name: self.service.signing_name().to_owned(),
            region: if region == "aws-global" { "us-east-1" } else { region }.to_owned(),
            s3: self.service.signature == Signature::S3V4,
            payload: self.operation.payload_signing,
        };
        let known = schemes.into_iter().find_map(|auth| Some((known_scheme(&auth.name)?, auth)));
        if let Some((scheme, auth)) = known
            && !matches!(signing.scheme, Scheme::None | Scheme::Bearer)
        {
            signing.scheme = scheme;
            signing.name = auth.signing_name.unwrap_or(signing.name);
            if let Some(region) = auth.signing_region {
                signing.region = region;
            } else if !auth.signing_region_set.is_empty() {
                signing.region = auth.signing_region_set.join(",");
            }
            signing.s3 |= auth.disable_double_encoding || is_s3(&signing.name);
        }
        signing
    }
}

/// Services that answer in one place for a whole partition, so that no region need be set.
const EVERYWHERE: [&str; 23] = [
    "account",
    "billingconductor",
    "budgets",
    "ce",
    "chime",
    "cloudfront",
    "codecatalyst",
    "health",
    "iam",
    "importexport",
    "networkmanager",
    "notifications-contacts",
    "notificationscontacts",
    "organizations",
    "route53",
    "s3",
    "savingsplans",
    "shield",
    "sts",
    "support",
    "tax",
    "taxsettings",
    "waf",
];

fn known_scheme(name: &str) -> Option<Scheme> {
    match name {
        "sigv4" => Some(Scheme::V4),
        "sigv4a" => Some(Scheme::V4a),
        "sigv4-s3express" => Some(Scheme::S3Express),
        _ => None,
    }
}

/// The first way that the operation takes and this identity can.
pub(crate) fn scheme(service: &Service, operation: &Operation, identity: &Identity) -> Scheme {
    if matches!(identity, Identity::Anonymous) || is_public(service, operation) {
        return Scheme::None;
    }
    let auth = if operation.auth.is_empty() { &service.auth } else { &operation.auth };
    let has_token = matches!(identity, Identity::Token { .. });
    if auth.contains(&AuthScheme::Bearer) && has_token {
        return Scheme::Bearer;
    }
    let without_token = auth.iter().find(|scheme| **scheme != AuthScheme::Bearer);
    match without_token.or(auth.first()) {
        None if service.signature == Signature::Bearer => Scheme::Bearer,
        None | Some(AuthScheme::SigV4) => Scheme::V4,
        Some(AuthScheme::SigV4a) => Scheme::V4a,
        Some(AuthScheme::Bearer) => Scheme::Bearer,
        Some(AuthScheme::None) => Scheme::None,
    }
}

/// Whether an operation's requests are signed or carry a token.
pub fn is_signed(service: &Service, operation: &Operation) -> bool {
    scheme(service, operation, &Identity::Missing) != Scheme::None
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
