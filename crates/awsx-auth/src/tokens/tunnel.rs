//! The URL of a tunnel through an EC2 Instance Connect Endpoint.

use std::time::Duration;

use awsx_core::Secret;
use awsx_http::percent::encode;
use time::OffsetDateTime;
use url::Url;

use super::TokenError;
use super::presigned::Presigned;
use crate::Credentials;

/// How long the tunnel may be opened; it stays open longer.
const LIFETIME: Duration = Duration::from_mins(1);

/// Through which endpoint to which port.
#[derive(Debug, Clone)]
pub struct TunnelUrl {
    /// Where the endpoint is: `https://` and its name.
    pub base: String,
    /// `eice-…`.
    pub endpoint_id: String,
    /// The instance's private address.
    pub address: String,
    /// The instance's port.
    pub port: u16,
    /// After how many seconds the tunnel is to end; an hour, if nothing is said.
    pub max_seconds: Option<u32>,
}

impl TunnelUrl {
    /// The URL with its signature.
    pub fn sign(
        &self,
        region: &str,
        credentials: &Credentials,
        now: OffsetDateTime,
    ) -> Result<Secret<String>, TokenError> {
        let (base, id, port) = (&self.base, encode(&self.endpoint_id), self.port);
        let duration =
            self.max_seconds.map(|seconds| format!("&maxTunnelDuration={seconds}")).unwrap_or_default();
        let address = encode(&self.address);
        let url = format!(
            "{base}/openTunnel?instanceConnectEndpointId={id}&remotePort={port}&privateIpAddress={address}{duration}"
        );
        let url = Url::parse(&url).map_err(|_| TokenError::Host { host: base.clone() })?;
        let presigned =
            Presigned { url, service: "ec2-instance-connect", region, header: None, lifetime: LIFETIME };
        presigned.sign(credentials, now)
    }
}

#[cfg(test)]
mod tests {
    use super::super::presigned::tests::{NOW, credentials};
    use super::*;

    #[test]
    fn the_tunnel_s_ends_are_signed() {
        let tunnel = TunnelUrl {
            base: "https://eice-1.x.ec2-instance-connect-endpoint.eu-west-1.amazonaws.com".to_owned(),
            endpoint_id: "eice-1".to_owned(),
            address: "fd00::1".to_owned(),
            port: 22,
            max_seconds: Some(60),
        };
        let url = tunnel.sign("eu-west-1", &credentials(None), NOW).unwrap();
        let (place, query) = url.expose().split_once('?').unwrap();
        assert!(place.ends_with(".amazonaws.com/openTunnel"), "{place}");
        assert!(
            query.starts_with(
                "instanceConnectEndpointId=eice-1&remotePort=22&privateIpAddress=fd00%3A%3A1&maxTunnelDuration=60&X-Amz-"
            ),
            "{query}"
        );
        assert!(query.contains("%2Feu-west-1%2Fec2-instance-connect%2Faws4_request&"), "{query}");
    }
}
