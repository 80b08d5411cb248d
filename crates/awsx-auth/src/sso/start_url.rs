//! Start URLs that are not AWS's own: where they lead, and to which region.
//!
//! A company may give people `https://sso.example.com`, which redirects to AWS. The service has to be told
//! AWS's URL, and the region stands in its host name.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use awsx_http::{Failure, HttpClient, RequestError};
use http::header::LOCATION;
use http::{Method, StatusCode};
use url::{Host, Url};

use super::SsoError;

/// Where a start URL leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedUrl {
    /// What the service is told.
    pub url: String,
    /// The region of the Identity Center instance.
    pub region: String,
}

const OWNED_SUFFIXES: &[&str] = &[
    ".app.aws",
    ".portal.amazonaws.com",
    ".portal.amazonaws.com.cn",
    ".app.amazonwebservices.com.cn",
    ".portal.amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".awsapps.com",
    ".awsapps.cn",
];
const OWNED_HOSTS: &[&str] = &[
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
];
/// How long the wizard waits for a company's redirect before it asks for the region instead.
const WIZARD_LIMIT: Duration = Duration::from_secs(10);

/// Follows a start URL for a sign-in. AWS's own hosts are not asked. A region found in the URL beats `region`.
pub async fn resolve_start_url(
    http: &HttpClient,
    start_url: &str,
    region: Option<&str>,
) -> Result<ResolvedUrl, SsoError> {
    let invalid = || SsoError::StartUrl(format!("Invalid sso_start_url: '{start_url}'"));
    if !start_url.split_once(':').is_some_and(|(scheme, _)| scheme.trim().eq_ignore_ascii_case("https")) {
        return Err(SsoError::StartUrl("The sso_start_url must use the https scheme.".to_owned()));
    }
    let parsed = Url::parse(start_url).map_err(|_| invalid())?;
    let host = domain(&parsed).ok_or_else(invalid)?;
    if is_owned_by_aws(host) {
        let region = region.ok_or_else(|| {
            SsoError::StartUrl(
                "Missing required configuration: sso_region. Please run 'awsx configure sso' to set it."
                    .to_owned(),
            )
        })?;
        return Ok(ResolvedUrl { url: start_url.to_owned(), region: region.to_owned() });
    }
    let target = follow(http, &parsed).await?;
    let found = domain(&target).and_then(region_of_host).or(region);
    match found {
        Some(region) => Ok(ResolvedUrl { region: region.to_owned(), url: target.into() }),
        None => Err(SsoError::StartUrl(format!(
            "Cannot determine region from start URL '{start_url}'. Please provide sso_region in your configuration."
        ))),
    }
}

/// Whether the URL is AWS's own, which tells no region.
pub(super) fn needs_region(start_url: &str) -> bool {
    Url::parse(start_url)
        .is_ok_and(|url| url.scheme() == "https" && domain(&url).is_some_and(is_owned_by_aws))
}

/// Follows a start URL for the wizard: nothing found, for whatever reason, means that the region is asked for.
pub async fn try_resolve_start_url(http: &HttpClient, start_url: &str) -> Option<ResolvedUrl> {
    let parsed = Url::parse(start_url).ok().filter(|url| url.scheme() == "https")?;
    if domain(&parsed).is_none_or(is_owned_by_aws) {
        return None;
    }
    let target = tokio::time::timeout(WIZARD_LIMIT, follow(http, &parsed)).await.ok()?.ok()?;
    let region = region_of_host(domain(&target)?)?.to_owned();
    Some(ResolvedUrl { url: target.into(), region })
}

/// Whether the text can be a start URL at all: `http` or `https` and a host name.
pub fn is_valid_endpoint_url(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| host.trim_end_matches('.').split('.').all(label))
    })
}

/// One hop, not followed further: it must lead to AWS over https.
async fn follow(http: &HttpClient, url: &Url) -> Result<Url, SsoError> {
    let failed = |reason: String| SsoError::StartUrl(format!("Failed to resolve start URL: {reason}"));
    let mut response = ask(http, Method::HEAD, url).await.map_err(failed)?;
    if matches!(response.status(), StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED) {
        response = ask(http, Method::GET, url).await.map_err(failed)?;
    }
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        return Err(failed(format!("HTTP {}", status.as_u16())));
    }
    let target = if status.is_redirection() {
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let location = location
            .ok_or_else(|| SsoError::StartUrl("Redirect response missing Location header.".to_owned()))?;
        url.join(location).map_err(|error| failed(error.to_string()))?
    } else {
        url.clone()
    };
    if !domain(&target).is_some_and(is_owned_by_aws) {
        return Err(SsoError::StartUrl(format!(
            "Could not resolve start URL '{url}' to an AWS-owned endpoint. Final URL: '{target}'"
        )));
    }
    if target.scheme() != "https" {
        return Err(SsoError::StartUrl(format!("Resolved URL must use https. Got: '{target}'")));
    }
    Ok(target)
}

async fn ask(http: &HttpClient, method: Method, url: &Url) -> Result<http::Response<SdkBody>, String> {
    let request = http::Request::builder().method(method).uri(url.as_str()).body(SdkBody::empty());
    let request = request.map_err(|error| error.to_string())?;
    http.send(request).await.map_err(|error| reason(&error))
}

/// Why there was no answer: of a connection that was not made, what the system says, as Python puts it.
fn reason(error: &RequestError) -> String {
    let system = match error.failure {
        Failure::Connect => error.cause.strip_prefix("failed to lookup address information: "),
        _ => None,
    };
    match (system, error.cause.strip_suffix(')').and_then(|cause| cause.rsplit_once(" (os error "))) {
        (Some(text @ "Name or service not known"), _) => format!("[Errno -2] {text}"),
        (Some(text @ "Temporary failure in name resolution"), _) => format!("[Errno -3] {text}"),
        (Some(text), _) => text.to_owned(),
        (None, Some((text, number))) if error.failure == Failure::Connect => {
            format!("[Errno {number}] {text}")
        }
        (None, _) => error.to_string(),
    }
}

fn domain(url: &Url) -> Option<&str> {
    match url.host()? {
        Host::Domain(domain) => Some(domain),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

fn is_owned_by_aws(host: &str) -> bool {
    OWNED_HOSTS.contains(&host) || OWNED_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
}

/// The region in `<id>.portal.<region>.app.aws` or `<id>.<region>.portal.amazonaws.com`, and their like elsewhere.
fn region_of_host(host: &str) -> Option<&str> {
    let in_app = ["app.aws", "app.amazonwebservices.com.cn", "api.amazonwebservices.eu"];
    let in_portal = ["portal.amazonaws.com", "portal.amazonaws.com.cn", "portal.amazonaws.eu"];
    let rest = |suffix: &&str| host.strip_suffix(*suffix)?.strip_suffix('.');
    if let Some(rest) = in_app.iter().find_map(rest) {
        let (_, region) = rest.split_once(".portal.")?;
        return (!region.contains('.')).then_some(region);
    }
    let (id, region) = in_portal.iter().find_map(rest)?.split_once('.')?;
    (!id.is_empty() && !region.contains('.')).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_stands_in_the_host_name() {
        assert_eq!(region_of_host("ssoins-1.portal.eu-west-1.app.aws"), Some("eu-west-1"));
        assert_eq!(region_of_host("d-1.us-gov-west-1.portal.amazonaws.com"), Some("us-gov-west-1"));
        assert_eq!(region_of_host("d-1.cn-north-1.portal.amazonaws.com.cn"), Some("cn-north-1"));
        assert_eq!(region_of_host("d-1.awsapps.com"), None);
        assert_eq!(region_of_host("portal.amazonaws.com"), None);
    }

    #[test]
    fn only_aws_s_own_hosts_are_trusted() {
        assert!(is_owned_by_aws("corp.awsapps.com"));
        assert!(is_owned_by_aws("identitycenter.amazonaws.com"));
        assert!(!is_owned_by_aws("awsapps.com.evil.example"));
        assert!(!is_owned_by_aws("evilawsapps.com"));
    }

    #[test]
    fn start_urls_need_a_scheme_and_a_host_name() {
        assert!(is_valid_endpoint_url("https://corp.awsapps.com/start#/"));
        assert!(is_valid_endpoint_url("http://localhost:8080/start"));
        for text in ["corp.awsapps.com/start", "ftp://x/", "https://", "https://-a.example", ""] {
            assert!(!is_valid_endpoint_url(text), "{text}");
        }
    }
}
