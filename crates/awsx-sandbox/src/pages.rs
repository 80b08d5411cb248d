//! The sign-in pages: what a person is shown at `/authorize` and `/device`, and what their decision does.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri, header};

use crate::html::{escape, page};
use crate::log::parameters;
use crate::oidc::{AUTHORIZATION_CODE, is_registered_redirect};
use crate::seed;
use crate::state::{Authorization, Code, Decision, Ticket, World, now, opaque};

pub(crate) const LONGEST_STATE: usize = 1024;
const CODE_LIFETIME: Duration = Duration::from_mins(10);

/// `GET /authorize`
pub(crate) async fn authorize(State(world): State<Arc<World>>, uri: Uri) -> Response {
    let query = parameters(uri.query().unwrap_or_default().as_bytes());
    let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();

    // Until client and redirect are known to belong together, nothing may be sent there.
    let redirect_uri = asked("redirect_uri");
    let (client_name, scopes) = {
        let state = world.state();
        let client = state.clients.find(asked("client_id")).filter(|client| client.expires_at > now());
        let Some(client) = client.filter(|client| is_registered_redirect(client, redirect_uri)) else {
            return problem("The client is unknown, or it is not registered for this redirect address.");
        };
        if !client.grants.iter().any(|grant| grant == AUTHORIZATION_CODE) {
            return problem("The client is not registered for authorization codes.");
        }
        (client.name.clone(), client.scopes.clone())
    };

    let refuse = |error| redirect(redirect_uri, &[("error", error), ("state", asked("state"))]);
    if asked("response_type") != "code" {
        return refuse("unsupported_response_type");
    }
    let state_fits = (1..=LONGEST_STATE).contains(&asked("state").len());
    if asked("code_challenge_method") != "S256" || !is_challenge(asked("code_challenge")) || !state_fits {
        return refuse("invalid_request");
    }
    // AWS CLI says `scopes`, OAuth says `scope`.
    let mut wanted =
        asked("scopes").split(' ').chain(asked("scope").split(' ')).filter(|scope| !scope.is_empty());
    if wanted.any(|scope| !scopes.iter().any(|registered| registered == scope)) {
        return refuse("invalid_scope");
    }

    let authorization = Authorization {
        client: asked("client_id").to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        challenge: asked("code_challenge").to_owned(),
        state: asked("state").to_owned(),
    };
    if world.config.auto_approve {
        return approve(&world, authorization);
    }
    let ticket = new_ticket(&world, Ticket::Authorize(authorization));
    authorize_page(&client_name, &scopes, &ticket)
}

/// `POST /authorize/decision`
pub(crate) async fn decide_authorize(State(world): State<Arc<World>>, body: Bytes) -> Response {
    let form = parameters(&body);
    let ticket = form.get("ticket").and_then(|ticket| world.state().tickets.take(ticket));
    let Some(Ticket::Authorize(authorization)) = ticket else {
        return problem("This page was used before, or it is too old.");
    };
    match form.get("decision").and_then(|decision| parse_decision(decision)) {
        Some(Decision::Approved) => approve(&world, authorization),
        Some(Decision::Denied) => redirect(
            &authorization.redirect_uri,
            &[("error", "access_denied"), ("state", &authorization.state)],
        ),
        None => problem("The form holds no decision."),
    }
}

/// `GET /device`
pub(crate) async fn device(State(world): State<Arc<World>>, uri: Uri) -> Response {
    let query = parameters(uri.query().unwrap_or_default().as_bytes());
    let user_code = query.get("user_code").map(String::as_str).unwrap_or_default();
    device_page(&world, StatusCode::OK, user_code, None)
}

/// `POST /device/decision`
pub(crate) async fn decide_device(State(world): State<Arc<World>>, body: Bytes) -> Response {
    let form = parameters(&body);
    let ticket = form.get("ticket").and_then(|ticket| world.state().tickets.take(ticket));
    if !matches!(ticket, Some(Ticket::Device)) {
        return problem("This page was used before, or it is too old.");
    }
    let Some(decision) = form.get("decision").and_then(|decision| parse_decision(decision)) else {
        return problem("The form holds no decision.");
    };
    let user_code = form.get("user_code").map(String::as_str).unwrap_or_default();
    if !world.decide_device(user_code, decision) {
        let error = "No device waits for this code. Check it and try again.";
        return device_page(&world, StatusCode::BAD_REQUEST, user_code, Some(error));
    }
    match decision {
        Decision::Approved => page(
            StatusCode::OK,
            "Device approved",
            "<p role=\"status\">The device is approved. You may close this window.</p>",
        ),
        Decision::Denied => page(
            StatusCode::OK,
            "Request denied",
            "<p role=\"status\">The device was not signed in. You may close this window.</p>",
        ),
    }
}

impl World {
    /// Decides the undecided device with this user code, written with or without its dash; false if there is none.
    fn decide_device(&self, user_code: &str, decision: Decision) -> bool {
        let letters = |code: &str| {
            code.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_uppercase())
                .collect::<String>()
        };
        let typed = letters(user_code);
        let mut state = self.state();
        let device = state.devices.values_mut().map(|(_, device)| device).find(|device| {
            device.decision.is_none() && device.expires_at > now() && letters(&device.user_code) == typed
        });
        if let Some(device) = device {
            device.decision = Some(decision);
            true
        } else {
            false
        }
    }
}

pub(crate) fn approve(world: &World, authorization: Authorization) -> Response {
    let code = opaque("");
    let answer = redirect(&authorization.redirect_uri, &[("code", &code), ("state", &authorization.state)]);
    world.state().codes.insert(code, Code { authorization, expires_at: now() + CODE_LIFETIME });
    answer
}

pub(crate) fn redirect(uri: &str, parameters: &[(&str, &str)]) -> Response {
    let Ok(mut url) = url::Url::parse(uri) else { return problem("The redirect address is not a URL.") };
    url.query_pairs_mut().extend_pairs(parameters);
    let headers = [(header::LOCATION, url.as_str()), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::FOUND, headers).into_response()
}

pub(crate) fn new_ticket(world: &World, ticket: Ticket) -> String {
    let name = opaque("");
    world.state().tickets.insert(name.clone(), ticket);
    name
}

fn parse_decision(text: &str) -> Option<Decision> {
    match text {
        "approve" => Some(Decision::Approved),
        "deny" => Some(Decision::Denied),
        _ => None,
    }
}

/// A SHA-256 in unpadded Base64 has 43 letters; some clients pad it.
pub(crate) fn is_challenge(challenge: &str) -> bool {
    let letters = challenge.trim_end_matches('=');
    letters.len() == 43
        && challenge.len() <= 44
        && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn authorize_page(client: &str, scopes: &[String], ticket: &str) -> Response {
    let scopes: Vec<_> = scopes.iter().map(|scope| format!("<li>{}</li>", escape(scope))).collect();
    let body = format!(
        "<p><strong>{}</strong> asks to act for <strong>{}</strong> with these scopes:</p>\n<ul>{}</ul>\n\
         <form method=\"post\" action=\"/authorize/decision\">\n{}</form>",
        escape(client),
        seed::USER_NAME,
        scopes.join("\n"),
        decision_fields(ticket),
    );
    page(StatusCode::OK, "Allow access to your data?", &body)
}

fn device_page(world: &World, status: StatusCode, user_code: &str, error: Option<&str>) -> Response {
    let ticket = new_ticket(world, Ticket::Device);
    let (alert, described_by) = match error {
        Some(error) => (
            format!("<p role=\"alert\" id=\"error\">{}</p>\n", escape(error)),
            " aria-describedby=\"error\" aria-invalid=\"true\"",
        ),
        None => (String::new(), ""),
    };
    let body = format!(
        "{alert}<form method=\"post\" action=\"/device/decision\">\n\
         <label for=\"user_code\">Code shown on your device</label>\n\
         <input type=\"text\" id=\"user_code\" name=\"user_code\" value=\"{}\" required autocomplete=\"off\" \
         autocapitalize=\"characters\" spellcheck=\"false\"{described_by}>\n\
         <p>Approve only if you started this sign-in and the codes are the same.</p>\n{}</form>",
        escape(user_code),
        decision_fields(&ticket),
    );
    page(status, "Sign in a device", &body)
}

pub(crate) fn decision_fields(ticket: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"ticket\" value=\"{}\">\n<div class=\"buttons\">\n\
         <button type=\"submit\" id=\"approve\" name=\"decision\" value=\"approve\">Approve</button>\n\
         <button type=\"submit\" id=\"deny\" name=\"decision\" value=\"deny\">Deny</button>\n</div>\n",
        escape(ticket),
    )
}

pub(crate) fn problem(text: &str) -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "This request cannot be answered",
        &format!("<p role=\"alert\">{}</p>", escape(text)),
    )
}
