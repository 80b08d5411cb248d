//! Services on the machine itself that hand out credentials: a container's, and EC2's instance metadata.
//!
//! They are asked directly, never through a proxy: what they answer is for this machine alone. The SDK's providers are
//! not used, since AWS CLI's rules differ: the fallback to version 1, the hosts, the time limits.

mod container;
mod instance;

use std::net::IpAddr;
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use awsx_core::Secret;
use awsx_http::{HttpClient, Options, RequestError};
use http::{Request, Response};
use serde::Deserialize;

use crate::credentials::EndError;
use crate::error::text_of;
use crate::{Credentials, Method};

pub use container::ContainerEndpoint;
pub(crate) use container::VARIABLES as CONTAINER_VARIABLES;
pub(crate) use container::fetch as fetch_container_credentials;
pub(crate) use instance::fetch as fetch_instance_credentials;
pub use instance::{InstanceEndpoint, fetch_region};

/// What goes wrong with them. The texts are AWS CLI's, unless marked.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// The service gave no keys.
    #[error("Error when retrieving credentials from container-role: Error retrieving metadata: {0}")]
    Container(String),
    /// The URL leads to another machine.
    #[error(
        "Unsupported host '{0}'.  Can only retrieve metadata from a loopback address or one of these hosts: \
         169.254.170.2, 169.254.170.23, fd00:ec2::23, localhost"
    )]
    Host(String),
    /// What the service says of the keys' end.
    #[error(transparent)]
    End(#[from] EndError),
    /// The token for the container's service cannot be read.
    #[error("[Errno {}] {}: '{path}'", .source.raw_os_error().unwrap_or_default(), text_of(source))]
    TokenFile {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The token has a line end in it.
    #[error("Auth token value is not a legal header value")]
    Token,
    /// Version 2 of the instance's service gave no token, and version 1 may not be asked.
    #[error(
        "Error retrieving metadata: Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled"
    )]
    VersionOneDisabled,
    /// The address of the instance's service is none.
    #[error("Invalid endpoint EC2 Instance Metadata endpoint: {0}")]
    InstanceEndpoint(String),
}

/// Answers are small; anything larger is not from such a service.
const LONGEST_ANSWER: usize = 64 * 1024;

fn direct(limit: Duration) -> HttpClient {
    HttpClient::new(Options { connect_timeout: Some(limit), read_timeout: Some(limit), ..Options::default() })
}

async fn send(http: &HttpClient, request: Request<SdkBody>) -> Result<Response<Vec<u8>>, RequestError> {
    http.send_whole(request, LONGEST_ANSWER).await
}

/// The keys in an answer of either service, and what it says of their end; none where it holds none.
fn read_keys(answer: &[u8], method: Method) -> Option<(Credentials, String)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Keys {
        access_key_id: String,
        secret_access_key: Secret<String>,
        token: Secret<String>,
        expiration: String,
        account_id: Option<String>,
    }
    let keys: Keys = serde_json::from_slice(answer).ok()?;
    let credentials = Credentials {
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key,
        session_token: Some(keys.token),
        expiration: None,
        account_id: keys.account_id,
        method,
    };
    Some((credentials, keys.expiration))
}

fn is_loopback(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
