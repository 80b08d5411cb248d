//! The credentials of a container: ECS's agent, EKS's Pod Identity, AWS's web shell and whoever else speaks their way.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use awsx_core::{Env, Secret};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request};
use time::OffsetDateTime;
use url::{Host, Url};

use super::{MetadataError, direct, is_loopback, read_keys, send};
use crate::credentials::end_of_keys;
use crate::{Credentials, Method};

const AGENT: &str = "http://169.254.170.2";
const HOSTS: [&str; 4] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost"];
const LIMIT: Duration = Duration::from_secs(2);
const ATTEMPTS: usize = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Where a container's keys are to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerEndpoint {
    /// The URL.
    pub url: String,
    /// The variable that named it.
    pub variable: &'static str,
}

/// The variables that say where to ask, and with which token.
pub(crate) const VARIABLES: &[&str] = &[RELATIVE_URI, FULL_URI, TOKEN_FILE, TOKEN];

const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

impl ContainerEndpoint {
    /// What the environment names, if anything.
    pub(crate) fn of(env: &Env) -> Option<Self> {
        if let Some(path) = env.var(RELATIVE_URI) {
            return Some(Self { url: format!("{AGENT}{path}"), variable: RELATIVE_URI });
        }
        env.var(FULL_URI).map(|url| Self { url: url.to_owned(), variable: FULL_URI })
    }

    /// The URL, if keys may be sent for to it: over TLS anywhere, else to this machine or to AWS's own addresses.
    fn checked(&self) -> Result<Url, MetadataError> {
        // AWS CLI's word for a host that is not there.
        let nowhere = || MetadataError::Host("None".to_owned());
        let url = Url::parse(&self.url).map_err(|_| nowhere())?;
        let host = match url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => return Err(nowhere()),
        };
        match url.scheme() {
            "https" => Ok(url),
            "http" if is_loopback(&host) || HOSTS.contains(&host.as_str()) => Ok(url),
            _ => Err(MetadataError::Host(host)),
        }
    }
}

/// Asks the container's service, three times at most.
pub(crate) async fn fetch(env: &Env, endpoint: &ContainerEndpoint) -> Result<Credentials, MetadataError> {
    let url = endpoint.checked()?;
    let authorization = authorization(env)?;
    let http = direct(LIMIT);
    let mut attempt = 1;
    loop {
        let mut request = Request::get(url.as_str()).header(ACCEPT, "application/json");
        if let Some(value) = &authorization {
            request = request.header(AUTHORIZATION, value);
        }
        let request = request.body(SdkBody::empty());
        let request = request.map_err(|_| MetadataError::Host("None".to_owned()))?;
        match read(send(&http, request).await, env.now()) {
            Err(MetadataError::Container(_)) if attempt < ATTEMPTS => attempt += 1,
            answer => return answer,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn read(
    answer: Result<http::Response<Vec<u8>>, awsx_http::RequestError>,
    now: OffsetDateTime,
) -> Result<Credentials, MetadataError> {
    let answer = answer.map_err(|error| {
        MetadataError::Container(format!(
            "Received error when attempting to retrieve container metadata: {error}"
        ))
    })?;
    if answer.status() != http::StatusCode::OK {
        // The body of a refusal is the service's message, not keys.
        let (status, body) = (answer.status().as_u16(), String::from_utf8_lossy(answer.body()));
        return Err(MetadataError::Container(format!(
            "Received non 200 response {status} from container metadata: {body}"
        )));
    }
    let (keys, end) = read_keys(answer.body(), Method::Container).ok_or_else(|| {
        MetadataError::Container("Unable to parse JSON returned from container metadata services".to_owned())
    })?;
    Ok(Credentials { expiration: Some(end_of_keys(&end, now)?), ..keys })
}

/// The file comes first: its token changes while the container runs.
fn authorization(env: &Env) -> Result<Option<HeaderValue>, MetadataError> {
    let token = match env.var(TOKEN_FILE) {
        Some(path) => Secret::new(std::fs::read_to_string(path).map_err(|source| {
            let path = path.to_owned();
            MetadataError::TokenFile { path, source }
        })?),
        None => match env.var(TOKEN) {
            Some(token) => Secret::from(token),
            None => return Ok(None),
        },
    };
    let mut value = HeaderValue::from_str(token.expose()).map_err(|_| MetadataError::Token)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sent_for_to_this_machine_or_over_tls_only() {
        let checked = |url: &str| {
            let endpoint = ContainerEndpoint { url: url.to_owned(), variable: FULL_URI };
            endpoint.checked().map(|url| url.to_string()).map_err(|error| error.to_string())
        };
        for good in [
            "https://creds.example.com/x",
            "http://127.0.0.5:80/x",
            "http://[::1]/x",
            "http://localhost:1338/x",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
        ] {
            assert!(checked(good).is_ok(), "{good}");
        }
        for (bad, host) in
            [("http://example.com/x", "example.com"), ("http://169.254.169.254/", "169.254.169.254")]
        {
            let text =
                format!("Unsupported host '{host}'.  Can only retrieve metadata from a loopback address or");
            assert!(checked(bad).unwrap_err().starts_with(&text), "{bad}");
        }
        assert!(checked("nonsense").is_err());
    }

    #[test]
    fn the_relative_uri_goes_to_the_agent_and_comes_first() {
        let both = [(RELATIVE_URI, "/v2/credentials/x"), (FULL_URI, "http://localhost/y")];
        let endpoint = ContainerEndpoint::of(&Env::of(both)).unwrap();
        assert_eq!(endpoint.url, "http://169.254.170.2/v2/credentials/x");
        assert_eq!(ContainerEndpoint::of(&Env::of([("HOME", "/h")])), None);
    }
}
