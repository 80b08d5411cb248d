//! `GetSessionToken`: temporary keys of the caller's own, with MFA behind them.

use awsx_core::Secret;
use awsx_http::CallError;

use super::check::Check;
use super::{credentials, keys_in};
use crate::{AuthError, Clients, Credentials, Method};

/// What to ask STS for.
#[derive(Clone, Debug)]
pub struct SessionToken<'a> {
    /// The MFA device: an ARN, or a hardware device's serial number.
    pub mfa_serial: &'a str,
    /// The device's current code.
    pub mfa_code: &'a Secret<String>,
    /// How long the keys last, in seconds: 900 to 129,600.
    pub duration_seconds: i32,
}

impl SessionToken<'_> {
    /// Exchanges long-term keys and a code for temporary keys.
    pub async fn fetch(
        &self,
        clients: &Clients<'_>,
        region: &str,
        source: &Credentials,
    ) -> Result<Credentials, AuthError> {
        Check::default()
            .value("DurationSeconds", Some(self.duration_seconds), 900)
            .length("SerialNumber", Some(self.mfa_serial), 9)
            .length("TokenCode", Some(self.mfa_code.expose()), 6)
            .passed()?;
        let answer = clients
            .sts(region, Some(source))?
            .get_session_token()
            .serial_number(self.mfa_serial)
            .token_code(self.mfa_code.expose())
            .duration_seconds(self.duration_seconds)
            .send()
            .await
            .map_err(|error| CallError::of("GetSessionToken", error))?;
        let keys = keys_in(answer.credentials, "GetSessionToken")?;
        Ok(credentials(keys, Method::SessionToken, source.account_id.clone()))
    }
}
