//! What a person is shown: who asks, and, where the browser is on another device, the code to copy.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{StatusCode, Uri};
use url::form_urlencoded::Serializer;

use super::{CROSS_DEVICE, SAME_DEVICE};
use crate::html::{escape, page};
use crate::log::parameters;
use crate::oidc::loopback_url;
use crate::pages::{LONGEST_STATE, approve, decision_fields, is_challenge, new_ticket, problem, redirect};
use crate::seed;
use crate::state::{Authorization, Ticket, World};

/// `GET /v1/authorize`
pub(crate) async fn authorize(State(world): State<Arc<World>>, uri: Uri) -> Response {
    let query = parameters(uri.query().unwrap_or_default().as_bytes());
    let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();

    // Until client and redirect are known to belong together, nothing may be sent there.
    let (client, redirect_uri) = (asked("client_id"), asked("redirect_uri"));
    let fits = match client {
        SAME_DEVICE => loopback_url(redirect_uri).is_some_and(|url| url.path() == "/oauth/callback"),
        CROSS_DEVICE => redirect_uri == confirmation(&world),
        _ => false,
    };
    if !fits {
        return problem("The client is unknown, or this is not its redirect address.");
    }
    let refuse = |error| redirect(redirect_uri, &[("error", error), ("state", asked("state"))]);
    if asked("response_type") != "code" {
        return refuse("unsupported_response_type");
    }
    if asked("scope") != "openid" {
        return refuse("invalid_scope");
    }
    let state_fits = (1..=LONGEST_STATE).contains(&asked("state").len());
    // The service's own name for what RFC 7636 calls S256.
    if asked("code_challenge_method") != "SHA-256" || !is_challenge(asked("code_challenge")) || !state_fits {
        return refuse("invalid_request");
    }
    let authorization = Authorization {
        client: client.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        challenge: asked("code_challenge").to_owned(),
        state: asked("state").to_owned(),
    };
    if world.config.auto_approve {
        return approve(&world, authorization);
    }
    let ticket = new_ticket(&world, Ticket::Authorize(authorization));
    let body = format!(
        "<p>A program asks for keys of <strong>{}</strong> in account {}.</p>\n\
         <form method=\"post\" action=\"/authorize/decision\">\n{}</form>",
        seed::USER_NAME,
        seed::DEVELOPMENT,
        decision_fields(&ticket),
    );
    page(StatusCode::OK, "Sign in for local development?", &body)
}

/// `GET /v1/sessions/confirmation`
pub(crate) async fn confirm(uri: Uri) -> Response {
    let query = parameters(uri.query().unwrap_or_default().as_bytes());
    if query.contains_key("error") {
        return page(
            StatusCode::OK,
            "Request denied",
            "<p role=\"status\">Nobody was signed in. You may close this window.</p>",
        );
    }
    let (Some(code), Some(state)) = (query.get("code"), query.get("state")) else {
        return problem("There is no code to show.");
    };
    let text = Serializer::new(String::new()).append_pair("state", state).append_pair("code", code).finish();
    let body = format!(
        "<p role=\"status\">Copy this code to the program that asks for it:</p>\n<p><code id=\"code\">{}</code></p>",
        escape(&BASE64_STANDARD.encode(text)),
    );
    page(StatusCode::OK, "Verification code", &body)
}

fn confirmation(world: &World) -> String {
    format!("{}/v1/sessions/confirmation", world.url)
}
