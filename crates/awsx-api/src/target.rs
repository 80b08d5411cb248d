//! Where a request goes and how it is signed there.

use awsx_model::{AuthScheme, Input, Operation, PayloadSigning, Service, Signature};

use crate::{CallError, ClientConfig, Identity};

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
    Bearer,
    None,
}

/// Finds where a request goes.
pub(crate) fn resolve(
    service: &Service,
    operation: &Operation,
    _input: &Input,
    config: &ClientConfig,
) -> Result<Target, CallError> {
    let region = config.region.clone().ok_or(CallError::NoRegion)?;
    let url = config
        .endpoint_url
        .clone()
        .unwrap_or_else(|| format!("https://{}.{region}.amazonaws.com", service.endpoint_prefix));
    let signing = Signing {
        scheme: scheme(service, operation, &config.identity),
        name: service.signing_name().to_owned(),
        region,
        s3: service.signature == Signature::S3V4,
        payload: operation.payload_signing,
    };
    Ok(Target { url, headers: Vec::new(), signing })
}

/// The first way that the operation takes and this identity can.
pub(crate) fn scheme(service: &Service, operation: &Operation, identity: &Identity) -> Scheme {
    if matches!(identity, Identity::Anonymous) || is_public(service, operation) {
        return Scheme::None;
    }
    let auth = if operation.auth.is_empty() { &service.auth } else { &operation.auth };
    if auth.is_empty() {
        return if service.signature == Signature::Bearer { Scheme::Bearer } else { Scheme::V4 };
    }
    if matches!(identity, Identity::Token { .. }) && auth.contains(&AuthScheme::Bearer) {
        return Scheme::Bearer;
    }
    let known = auth.iter().find(|scheme| {
        !(matches!(scheme, AuthScheme::Bearer) && matches!(identity, Identity::Keys(_)) && auth.len() > 1)
    });
    match known {
        Some(AuthScheme::SigV4) | None => Scheme::V4,
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
