//! A GET that is signed in its URL.

use std::time::Duration;

use aws_smithy_runtime_api::client::identity::Identity;
use awsx_core::Secret;
use awsx_http::signature::{Form, SignedBody, Signer, SigningError};
use time::OffsetDateTime;
use url::Url;

use crate::Credentials;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name of a host is none.
    #[error("`{host}` is no name of a host")]
    Host {
        /// What was given.
        host: String,
    },
    /// What is to be signed cannot be.
    #[error("could not sign: {0}")]
    Signing(String),
    /// A private key cannot be read. What is wrong with it is not told, since that would tell of the key.
    #[error("the private key is no RSA key in PEM")]
    PrivateKey,
    /// STS has no endpoint there.
    #[error("{0}")]
    Endpoint(String),
}

/// What is asked, and how long the answer stands open.
pub(super) struct Presigned<'a> {
    /// Whole, with the query.
    pub(super) url: Url,
    /// Whom the signature is for.
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    /// A header that has to come with the request.
    pub(super) header: Option<(&'a str, &'a str)>,
    pub(super) lifetime: Duration,
}

impl Presigned<'_> {
    /// The URL with the signature behind its query.
    pub(super) fn sign(
        &self,
        credentials: &Credentials,
        now: OffsetDateTime,
    ) -> Result<Secret<String>, TokenError> {
        let keys = Identity::from(credentials.to_sdk());
        let (service, region) = (self.service, self.region);
        let signer = Signer { keys: &keys, service, region, at: now.into(), form: Form::default() };
        let headers = self.header.into_iter();
        let url = signer.presign("GET", self.url.as_str(), headers, SignedBody::Bytes(&[]), self.lifetime)?;
        Ok(Secret::new(url))
    }
}

impl From<SigningError> for TokenError {
    fn from(error: SigningError) -> Self {
        Self::Signing(error.to_string())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::Method;

    pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

    pub(crate) fn credentials(session_token: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session_token: session_token.map(Into::into),
            expiration: None,
            account_id: None,
            method: Method::Environment,
        }
    }
}
