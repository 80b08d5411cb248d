//! Sign-in federation: temporary credentials become a sign-in token, and the token a console page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{Method, StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;

use crate::html::{escape, page};
use crate::log::parameters;
use crate::state::{PrincipalKind, SigninToken, World, now, opaque, same};

const TOKEN_LIFETIME: Duration = Duration::from_mins(15);

/// Hosts a sign-in may lead to: the console's domain of each partition.
const CONSOLE_DOMAINS: [&str; 6] = [
    "aws.amazon.com",
    "amazonaws.cn",
    "amazonaws-us-gov.com",
    "amazonaws-eusc.eu",
    "c2shome.ic.gov",
    "sc2shome.sgov.gov",
];

#[derive(Deserialize)]
struct Session {
    #[serde(rename = "sessionId")]
    id: String,
    #[serde(rename = "sessionKey")]
    key: String,
    #[serde(rename = "sessionToken")]
    token: String,
}

/// `GET` and `POST /federation`
pub(crate) async fn federation(
    State(world): State<Arc<World>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let mut request = parameters(uri.query().unwrap_or_default().as_bytes());
    if method == Method::POST {
        request.extend(parameters(&body));
    }
    let result = match request.get("Action").map(String::as_str) {
        Some("getSigninToken") => signin_token(&world, &request),
        Some("login") => login(&world, &request),
        _ => Err("Action must be getSigninToken or login."),
    };
    result.unwrap_or_else(|why| {
        page(StatusCode::BAD_REQUEST, "Bad request", &format!("<p role=\"alert\">{}</p>", escape(why)))
    })
}

/// `GET /oauth`: ends the console session and goes on to a page of the sign-in service or of the console.
pub(crate) async fn oauth(State(world): State<Arc<World>>, uri: Uri) -> Response {
    let request = parameters(uri.query().unwrap_or_default().as_bytes());
    let next = request.get("redirect_uri").filter(|next| {
        is_console(next) || next.strip_prefix(&world.url).is_some_and(|path| path.starts_with("/federation?"))
    });
    match (request.get("Action").map(String::as_str), next) {
        (Some("logout"), Some(next)) => Redirect::to(next).into_response(),
        _ => page(
            StatusCode::BAD_REQUEST,
            "Bad request",
            "<p role=\"alert\">Action must be logout, and redirect_uri a page of AWS.</p>",
        ),
    }
}

fn signin_token(world: &World, request: &BTreeMap<String, String>) -> Result<Response, &'static str> {
    let session = request.get("Session").and_then(|session| serde_json::from_str::<Session>(session).ok());
    let session = session.ok_or("Session must be JSON with sessionId, sessionKey and sessionToken.")?;
    let key = world
        .check_key(&session.id, Some(&session.token))
        .map_err(|_| "The credentials are unknown or have expired.")?;
    if !same(&key.secret, &session.key) {
        return Err("The credentials are unknown or have expired.");
    }
    let principal = key.principal;
    match principal.kind {
        PrincipalKind::RoleSession | PrincipalKind::Federated => {}
        PrincipalKind::User | PrincipalKind::UserSession => {
            return Err("Only sessions of roles and federated users can sign in.");
        }
    }
    if let Some(seconds) = request.get("SessionDuration") {
        if principal.kind == PrincipalKind::Federated {
            return Err("SessionDuration cannot be used with credentials of GetFederationToken.");
        }
        if !seconds.parse::<u32>().is_ok_and(|seconds| (900..=43_200).contains(&seconds)) {
            return Err("SessionDuration must be 900 to 43200 seconds.");
        }
    }
    let token = opaque("");
    let answer = Json(json!({ "SigninToken": token })).into_response();
    let token_state = SigninToken { arn: principal.arn, expires_at: now() + TOKEN_LIFETIME };
    world.state().signin_tokens.insert(token, token_state);
    Ok(answer)
}

fn login(world: &World, request: &BTreeMap<String, String>) -> Result<Response, &'static str> {
    let destination = request.get("Destination").ok_or("Destination is required.")?;
    if !is_console(destination) {
        return Err("Destination is not an address of the console.");
    }
    let token = request.get("SigninToken").ok_or("SigninToken is required.")?;
    let token = world.state().signin_tokens.take(token).filter(|token| token.expires_at > now());
    let token = token.ok_or("The sign-in token is unknown, was used before or has expired.")?;
    let body = format!(
        "<dl>\n<dt>Signed in as</dt><dd id=\"arn\">{}</dd>\n<dt>Destination</dt><dd id=\"destination\">{}</dd>\n</dl>",
        escape(&token.arn),
        escape(destination),
    );
    Ok(page(StatusCode::OK, "Sandbox console", &body))
}

fn is_console(destination: &str) -> bool {
    url::Url::parse(destination).is_ok_and(|url| {
        url.scheme() == "https"
            && url.host_str().is_some_and(|host| {
                CONSOLE_DOMAINS.iter().any(|domain| {
                    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_console_is_a_destination() {
        assert!(is_console("https://console.aws.amazon.com/"));
        assert!(is_console("https://eu-west-1.console.aws.amazon.com/s3?x=1"));
        assert!(is_console("https://console.amazonaws-us-gov.com/"));
        assert!(!is_console("http://console.aws.amazon.com/"));
        assert!(!is_console("https://evilaws.amazon.com.example/"));
        assert!(!is_console("https://notaws.amazon.com/"));
    }
}
