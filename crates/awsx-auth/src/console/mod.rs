//! The console: a URL that signs its holder in with temporary credentials.
//!
//! The credentials go to the sign-in service by POST, so that no secret stands in a URL, where proxies and
//! histories keep it.

use aws_smithy_types::body::SdkBody;
use awsx_core::Secret;
use http::Request;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::json;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::partition::Partition;
use crate::{AuthError, Clients, Credentials};

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

/// The console page that `text` means: a URL as it is, a path, or a service's name; the home page without one.
pub fn resolve_destination(partition: &Partition, region: &str, text: Option<&str>) -> String {
    let host = partition.console_host;
    match text {
        Some(url) if url.contains("://") => url.to_owned(),
        None | Some("") => format!("https://{host}/console/home?region={region}"),
        Some(text) => {
            let path = text.trim_start_matches('/');
            // A bare word is a service; `vpc/home#subnets:` is a path already.
            let path = if path.contains('/') { path.to_owned() } else { format!("{path}/home") };
            let (path, fragment) = match path.split_once('#') {
                Some((path, fragment)) => (path.to_owned(), format!("#{fragment}")),
                None => (path, String::new()),
            };
            let separator = if path.contains('?') { '&' } else { '?' };
            format!("https://{host}/{path}{separator}region={region}{fragment}")
        }
    }
}

fn parse(endpoint: &str) -> Result<Url, ConsoleError> {
    Url::parse(endpoint).map_err(|_| ConsoleError::NotAUrl(endpoint.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_may_be_urls_paths_services_or_nothing() {
        let resolve = |text| resolve_destination(Partition::of_region("eu-west-1"), "eu-west-1", text);
        assert_eq!(resolve(Some("https://example.com/x")), "https://example.com/x");
        assert_eq!(resolve(None), "https://console.aws.amazon.com/console/home?region=eu-west-1");
        assert_eq!(resolve(Some("s3")), "https://console.aws.amazon.com/s3/home?region=eu-west-1");
        assert_eq!(
            resolve(Some("/vpc/home#subnets:")),
            "https://console.aws.amazon.com/vpc/home?region=eu-west-1#subnets:"
        );
        let china = resolve_destination(Partition::of_region("cn-north-1"), "cn-north-1", Some("ec2"));
        assert_eq!(china, "https://console.amazonaws.cn/ec2/home?region=cn-north-1");
    }
}
