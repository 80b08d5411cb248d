//! The console: a URL that signs its holder in with temporary credentials.
//!
//! The credentials go to the sign-in service by POST, so that no secret stands in a URL, where proxies and
//! histories keep it.

mod destination;

use aws_smithy_types::body::SdkBody;
use awsx_core::Secret;
use http::Request;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::json;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::{AuthError, Clients, Credentials};

pub use destination::resolve_destination;

/// What the sign-in URL is to do.
#[derive(Clone, Debug)]
pub struct ConsoleSignIn<'a> {
    /// Where sign-in tokens come from.
    pub endpoint: &'a str,
    /// The page to land on.
    pub destination: &'a str,
    /// How long the console session lasts, in seconds; the credentials' own end when none is given.
    pub session_duration: Option<u32>,
    /// Where the console sends people whose session is over.
    pub issuer: Option<&'a str>,
}

/// Why there is no sign-in URL.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Long-term keys cannot be exchanged.
    #[error("the console can be opened with temporary credentials only, and these are long-term keys")]
    LongTermKeys,
    /// A user's session has no console.
    #[error("the console cannot be opened with a session of the user's own, which an MFA code has opened")]
    UserSession,
    /// More than AWS gives to a role over a role.
    #[error(
        "the role is taken with another role's credentials, and its console session lasts an hour at most"
    )]
    ChainedTooLong,
    /// The sign-in service refused.
    #[error("the sign-in service at `{endpoint}` refused the credentials with status {status}")]
    Refused {
        /// The endpoint.
        endpoint: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is not a sign-in token.
    #[error("the sign-in service at `{0}` did not answer with a sign-in token")]
    NoToken(String),
    /// The endpoint is not a URL.
    #[error("`{0}` is not a URL")]
    NotAUrl(String),
}

/// More than a sign-in token takes.
const ANSWER_LIMIT: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SigninTokenAnswer {
    signin_token: Secret<String>,
}

/// Exchanges temporary credentials for a URL that signs in to the console.
///
/// The URL holds a token and is good for 15 minutes: whoever has it is signed in.
pub async fn fetch_sign_in_url(
    clients: &Clients<'_>,
    credentials: &Credentials,
    sign_in: &ConsoleSignIn<'_>,
) -> Result<Url, AuthError> {
    let token = fetch_signin_token(clients, credentials, sign_in).await?;
    let mut url = parse(sign_in.endpoint)?;
    let mut query = url.query_pairs_mut();
    query.clear().append_pair("Action", "login");
    if let Some(issuer) = sign_in.issuer {
        query.append_pair("Issuer", issuer);
    }
    query.append_pair("Destination", sign_in.destination).append_pair("SigninToken", token.expose());
    drop(query);
    Ok(url)
}

async fn fetch_signin_token(
    clients: &Clients<'_>,
    credentials: &Credentials,
    sign_in: &ConsoleSignIn<'_>,
) -> Result<Secret<String>, AuthError> {
    let session_token = credentials.session_token.as_ref().ok_or(ConsoleError::LongTermKeys)?;
    let session = json!({
        "sessionId": credentials.access_key_id,
        "sessionKey": credentials.secret_access_key.expose(),
        "sessionToken": session_token.expose(),
    });
    let mut form = Serializer::new(String::new());
    form.append_pair("Action", "getSigninToken");
    if let Some(seconds) = sign_in.session_duration {
        form.append_pair("SessionDuration", &seconds.to_string());
    }
    form.append_pair("Session", &session.to_string());
    let request = Request::post(parse(sign_in.endpoint)?.as_str())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(SdkBody::from(form.finish()))
        .map_err(|_| ConsoleError::NotAUrl(sign_in.endpoint.to_owned()))?;
    let answer = clients.http().send_whole(request, ANSWER_LIMIT).await?;
    if !answer.status().is_success() {
        let (endpoint, status) = (sign_in.endpoint.to_owned(), answer.status().as_u16());
        return Err(ConsoleError::Refused { endpoint, status }.into());
    }
    let token: SigninTokenAnswer = serde_json::from_slice(answer.body())
        .map_err(|_| ConsoleError::NoToken(sign_in.endpoint.to_owned()))?;
    Ok(token.signin_token)
}

/// The URL that first ends the console session the browser has, then goes on to `sign_in`.
///
/// The sign-in service of each partition ends sessions at its own `/oauth`.
pub fn after_logout(endpoint: &str, sign_in: &Url) -> Result<Url, ConsoleError> {
    let mut url = parse(endpoint)?;
    url.set_path("/oauth");
    url.query_pairs_mut()
        .clear()
        .append_pair("Action", "logout")
        .append_pair("redirect_uri", sign_in.as_str());
    Ok(url)
}

fn parse(endpoint: &str) -> Result<Url, ConsoleError> {
    Url::parse(endpoint).map_err(|_| ConsoleError::NotAUrl(endpoint.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logging_out_is_a_matter_of_the_same_partition() {
        let sign_in =
            Url::parse("https://signin.amazonaws.cn/federation?Action=login&SigninToken=a%2Bb").unwrap();
        assert_eq!(
            after_logout("https://signin.amazonaws.cn/federation", &sign_in).unwrap().as_str(),
            "https://signin.amazonaws.cn/oauth?Action=logout&redirect_uri=https%3A%2F%2Fsignin.amazonaws.cn%2F\
             federation%3FAction%3Dlogin%26SigninToken%3Da%252Bb"
        );
    }
}
