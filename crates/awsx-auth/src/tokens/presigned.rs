//! A GET that is signed in its URL.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use awsx_core::Secret;
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
        mut self,
        credentials: &Credentials,
        now: OffsetDateTime,
    ) -> Result<Secret<String>, TokenError> {
        // Without the scheme's own port, as botocore has it.
        let host = host_of(&self.url);
        let headers = [("host", host.as_str())].into_iter().chain(self.header);
        let signable = SignableRequest::new("GET", self.url.as_str(), headers, SignableBody::Bytes(&[]));
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(self.lifetime);
        let identity = Identity::from(credentials.to_sdk());
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(SystemTime::from(now))
            .settings(settings)
            .build()
            .map_err(failed)?
            .into();
        let signed = sign(signable.map_err(failed)?, &params).map_err(failed)?;
        let mut added = signed.into_parts().0.into_parts().1;
        // The signature comes last, as botocore has it.
        added.sort_by_key(|(name, _)| *name == "X-Amz-Signature");
        let mut query = self.url.query().unwrap_or_default().to_owned();
        for (name, value) in added {
            write!(query, "&{name}={}", encoded(&value)).expect("memory takes what is written");
        }
        self.url.set_query(Some(&query));
        Ok(Secret::new(self.url.into()))
    }
}

fn failed(error: impl std::fmt::Display) -> TokenError {
    TokenError::Signing(error.to_string())
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A value of a query as signatures want it: everything but letters, digits and `-_.~` as `%XX`.
pub(super) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("memory takes what is written");
        }
    }
    text
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

    #[test]
    fn what_is_no_letter_or_digit_is_written_in_hex() {
        assert_eq!(encoded("a-Z_0.~"), "a-Z_0.~");
        assert_eq!(encoded("my user+x/ü"), "my%20user%2Bx%2F%C3%BC");
    }
}
