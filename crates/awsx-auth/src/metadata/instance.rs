//! EC2's instance metadata service: the role's keys and the region of an instance.
//!
//! On any other machine nobody answers there, which must cost a second at most and is no error.

use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use awsx_core::settings::{Settings, SettingsError, table};
use awsx_core::{Env, Secret, timestamp};
use awsx_http::{Failure, HttpClient};
use http::{Request, StatusCode};

use super::{MetadataError, direct, read_keys, send};
use crate::{AuthError, Credentials, Method};

const IPV4: &str = "http://169.254.169.254/";
const IPV6: &str = "http://[fd00:ec2::254]/";
const TOKEN_PATH: &str = "latest/api/token";
const TOKEN_SECONDS: &str = "21600";
const ROLE_PATH: &str = "latest/meta-data/iam/security-credentials/";
/// How long keys that have ended are used before others are asked for.
const USED_ON: time::Duration = time::Duration::minutes(20);
const ZONE_PATH: &str = "latest/meta-data/placement/availability-zone/";

/// How the service is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceEndpoint {
    /// Its address, with a slash at the end.
    pub url: String,
    /// How long one request may take, in seconds.
    pub timeout_seconds: u64,
    /// How often each request is made at most.
    pub attempts: u64,
    /// Whether version 1, which needs no token, may not be asked.
    pub version_one_disabled: bool,
}

impl InstanceEndpoint {
    /// What the settings say; none where `AWS_EC2_METADATA_DISABLED` turns the service off.
    pub fn resolve(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        if settings.env().is_true("AWS_EC2_METADATA_DISABLED") {
            return Ok(None);
        }
        let ipv6 = settings
            .text(&table::METADATA_ENDPOINT_MODE)?
            .is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6"));
        let default = if ipv6 || settings.is_true(&table::METADATA_IPV6)? { IPV6 } else { IPV4 };
        let mut url = settings.text(&table::METADATA_ENDPOINT)?.unwrap_or_else(|| default.to_owned());
        if !url.ends_with('/') {
            url.push('/');
        }
        Ok(Some(Self {
            url,
            timeout_seconds: settings.integer(&table::METADATA_TIMEOUT)?.unwrap_or(1),
            attempts: settings.integer(&table::METADATA_ATTEMPTS)?.unwrap_or(1),
            version_one_disabled: settings.is_true(&table::METADATA_V1_DISABLED)?,
        }))
    }
}

/// The keys of the instance's role; none if there is no service, or no role.
pub(crate) async fn fetch(env: &Env, endpoint: &InstanceEndpoint) -> Result<Option<Credentials>, AuthError> {
    let service = Service::reach(endpoint).await?;
    let Some(service) = service else { return Ok(None) };
    let Some(role) = service.read(ROLE_PATH).await? else { return Ok(None) };
    let role = String::from_utf8_lossy(&role).trim().to_owned();
    let Some(answer) = service.read(&format!("{ROLE_PATH}{role}")).await? else { return Ok(None) };
    // An error of the service's is JSON too, without keys.
    let Some((keys, end)) = read_keys(&answer, Method::Instance) else {
        tracing::debug!(target: "awsx::metadata", role, "the answer holds no credentials");
        return Ok(None);
    };
    // A service that is in trouble gives keys that have ended, which AWS may still take. AWS CLI uses them on.
    let now = env.now();
    let end = timestamp::parse(&end).map(|end| if end <= now { now + USED_ON } else { end });
    Ok(Some(Credentials { expiration: end, ..keys }))
}

/// The region of the instance; none on another machine.
pub async fn fetch_region(endpoint: &InstanceEndpoint) -> Result<Option<String>, AuthError> {
    let Some(service) = Service::reach(endpoint).await? else { return Ok(None) };
    let Some(zone) = service.read(ZONE_PATH).await? else { return Ok(None) };
    let zone = String::from_utf8_lossy(&zone).trim().to_owned();
    // `eu-west-1a` without its last letter.
    Ok(zone.char_indices().last().map(|(end, _)| zone[..end].to_owned()).filter(|region| !region.is_empty()))
}

/// The service with a token of version 2, or without one.
struct Service<'a> {
    endpoint: &'a InstanceEndpoint,
    http: HttpClient,
    token: Option<Secret<String>>,
}

impl<'a> Service<'a> {
    /// None where nobody answers: another question would wait as long again.
    async fn reach(endpoint: &'a InstanceEndpoint) -> Result<Option<Self>, MetadataError> {
        if http::Uri::try_from(&endpoint.url).ok().and_then(|uri| uri.host().map(str::len)).is_none() {
            return Err(MetadataError::InstanceEndpoint(endpoint.url.clone()));
        }
        let mut service = Self {
            endpoint,
            http: direct(Duration::from_secs(endpoint.timeout_seconds.max(1))),
            token: None,
        };
        for _ in 0..endpoint.attempts.max(1) {
            let request = Request::put(format!("{}{TOKEN_PATH}", endpoint.url))
                .header("x-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS)
                .body(SdkBody::empty())
                .map_err(|_| MetadataError::InstanceEndpoint(endpoint.url.clone()))?;
            match send(&service.http, request).await {
                Ok(answer) if answer.status() == StatusCode::OK => {
                    let token = String::from_utf8_lossy(answer.body()).trim().to_owned();
                    service.token = Some(Secret::new(token));
                    return Ok(Some(service));
                }
                Ok(answer) if answer.status() == StatusCode::BAD_REQUEST => return Ok(None),
                // The service is there and has no version 2, or does not give it away this far.
                Ok(answer) if matches!(answer.status().as_u16(), 403..=405) => return service.version_one(),
                Ok(_) => {}
                // Version 2 answers to a hop limit of one by silence: a container may still get version 1.
                Err(error) if error.failure == Failure::ReadTimeout => return service.version_one(),
                Err(error) => {
                    tracing::debug!(target: "awsx::metadata", %error, "no instance metadata");
                }
            }
        }
        Ok(None)
    }

    fn version_one(self) -> Result<Option<Self>, MetadataError> {
        if self.endpoint.version_one_disabled {
            return Err(MetadataError::VersionOneDisabled);
        }
        Ok(Some(self))
    }

    /// What stands at a path; none if there is nothing.
    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, MetadataError> {
        for _ in 0..self.endpoint.attempts.max(1) {
            let mut request = Request::get(format!("{}{path}", self.endpoint.url));
            if let Some(token) = &self.token {
                request = request.header("x-aws-ec2-metadata-token", token.expose());
            }
            let request = request.body(SdkBody::empty());
            let request = request.map_err(|_| MetadataError::InstanceEndpoint(self.endpoint.url.clone()))?;
            match send(&self.http, request).await {
                Ok(answer) if answer.status() == StatusCode::OK && !answer.body().is_empty() => {
                    return Ok(Some(answer.into_body()));
                }
                Ok(answer) => {
                    tracing::debug!(target: "awsx::metadata", status = answer.status().as_u16(), "nothing there");
                }
                Err(error) => tracing::debug!(target: "awsx::metadata", %error, "no instance metadata"),
            }
        }
        Ok(None)
    }
}
