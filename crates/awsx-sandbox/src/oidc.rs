//! SSO-OIDC: client registration, device authorization and tokens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::refusal::Refusal;
use crate::seed;
use crate::state::{AccessToken, Client, Decision, Device, RefreshToken, World, now, opaque, same};

pub(crate) const AUTHORIZATION_CODE: &str = "authorization_code";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";

const LONGEST_NAME: usize = 256;
const LONGEST_SCOPE: usize = 128;
const LONGEST_REDIRECT_URI: usize = 512;
const MOST_SCOPES: usize = 32;
const MOST_REDIRECT_URIS: usize = 8;
const USER_CODE_LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";

type OidcResult = Result<Json<serde_json::Value>, Refusal>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registration {
    client_name: Option<String>,
    client_type: Option<String>,
    scopes: Option<Vec<String>>,
    redirect_uris: Option<Vec<String>>,
    grant_types: Option<Vec<String>>,
    issuer_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeviceRequest {
    client_id: Option<String>,
    client_secret: Option<String>,
    start_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenRequest {
    client_id: Option<String>,
    client_secret: Option<String>,
    grant_type: Option<String>,
    device_code: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    redirect_uri: Option<String>,
    refresh_token: Option<String>,
}

/// `POST /client/register`
pub(crate) async fn register(State(world): State<Arc<World>>, body: Bytes) -> Response {
    answer(parse(&body).and_then(|request| register_client(&world, request)))
}

/// `POST /device_authorization`
pub(crate) async fn authorize_device(State(world): State<Arc<World>>, body: Bytes) -> Response {
    answer(parse(&body).and_then(|request| start_device(&world, &request)))
}

/// `POST /token`
pub(crate) async fn create_token(State(world): State<Arc<World>>, body: Bytes) -> Response {
    answer(parse(&body).and_then(|request| exchange(&world, &request)))
}

/// Whether a redirect URI is the registered one; the port of a loopback URI is chosen at run time (RFC 8252).
pub(crate) fn is_registered_redirect(client: &Client, redirect_uri: &str) -> bool {
    let without_port = |uri: &str| {
        let mut url = loopback_url(uri)?;
        url.set_port(None).ok()?;
        Some(url)
    };
    let asked = without_port(redirect_uri);
    asked.is_some() && client.redirect_uris.iter().any(|uri| without_port(uri) == asked)
}

fn register_client(world: &World, request: Registration) -> OidcResult {
    let name = request.client_name.filter(|name| (1..=LONGEST_NAME).contains(&name.len()));
    let name = name.ok_or_else(|| {
        Refusal::bad_request("InvalidRequestException", "clientName must have 1 to 256 characters")
    })?;
    if request.client_type.as_deref() != Some("public") {
        return Err(Refusal::bad_request("InvalidClientMetadataException", "clientType must be public"));
    }
    let scopes = request.scopes.unwrap_or_default();
    if let Some(scope) = scopes.iter().find(|scope| !is_known_scope(scope)) {
        return Err(Refusal::bad_request("InvalidScopeException", format!("Unknown scope {scope}")));
    }
    if scopes.len() > MOST_SCOPES {
        return Err(Refusal::bad_request("InvalidScopeException", "Too many scopes"));
    }
    let redirect_uris = request.redirect_uris.unwrap_or_default();
    if redirect_uris.len() > MOST_REDIRECT_URIS || redirect_uris.iter().any(|uri| loopback_url(uri).is_none())
    {
        return Err(Refusal::bad_request(
            "InvalidRedirectUriException",
            "A public client redirects to http://127.0.0.1",
        ));
    }
    // Without a list the client gets what device authorization needs.
    let grants =
        request.grant_types.unwrap_or_else(|| vec![DEVICE_CODE.to_owned(), REFRESH_TOKEN.to_owned()]);
    if grants.iter().any(|grant| ![AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN].contains(&grant.as_str()))
    {
        return Err(Refusal::bad_request("UnsupportedGrantTypeException", "Unsupported grant type"));
    }
    if grants.iter().any(|grant| grant == AUTHORIZATION_CODE) {
        if redirect_uris.is_empty() {
            return Err(Refusal::bad_request("InvalidRedirectUriException", "redirectUris is required"));
        }
        check_start_url(world, request.issuer_url.as_deref(), "issuerUrl")?;
    } else if request.issuer_url.is_some() {
        check_start_url(world, request.issuer_url.as_deref(), "issuerUrl")?;
    }

    let (id, secret) = (opaque(""), opaque("eyJ"));
    let issued_at = now();
    let expires_at = issued_at + world.config.registration_lifetime;
    let answer = json!({
        "clientId": id,
        "clientIdIssuedAt": issued_at.unix_timestamp(),
        "clientSecret": secret,
        "clientSecretExpiresAt": expires_at.unix_timestamp(),
    });
    world.state().clients.insert(id, Client { secret, name, scopes, grants, redirect_uris, expires_at });
    Ok(Json(answer))
}

fn start_device(world: &World, request: &DeviceRequest) -> OidcResult {
    let client = check_client(world, request.client_id.as_deref(), request.client_secret.as_deref())?;
    check_grant(world, &client, DEVICE_CODE)?;
    check_start_url(world, request.start_url.as_deref(), "startUrl")?;

    let config = &world.config;
    let (device_code, user_code) = (opaque(""), new_user_code());
    let page = format!("{}/device", world.url);
    let answer = json!({
        "deviceCode": device_code,
        "userCode": user_code,
        "verificationUri": page,
        "verificationUriComplete": format!("{page}?user_code={user_code}"),
        "expiresIn": config.device_lifetime.as_secs(),
        "interval": config.device_interval.as_secs(),
    });
    let device = Device {
        client,
        user_code,
        decision: None,
        pending_left: config.pending_polls,
        slow_downs_left: config.slow_down_polls,
        last_polls: [None; 2],
        expires_at: now() + config.device_lifetime,
    };
    world.state().devices.insert(device_code, device);
    Ok(Json(answer))
}

fn exchange(world: &World, request: &TokenRequest) -> OidcResult {
    let client = check_client(world, request.client_id.as_deref(), request.client_secret.as_deref())?;
    match request.grant_type.as_deref() {
        Some(AUTHORIZATION_CODE) => {
            check_grant(world, &client, AUTHORIZATION_CODE)?;
            redeem_code(world, &client, request)
        }
        Some(DEVICE_CODE) => {
            check_grant(world, &client, DEVICE_CODE)?;
            poll_device(world, &client, request)
        }
        Some(REFRESH_TOKEN) => {
            check_grant(world, &client, REFRESH_TOKEN)?;
            refresh(world, &client, request)
        }
        Some(_) => Err(Refusal::bad_request("UnsupportedGrantTypeException", "Unsupported grant type")),
        None => Err(Refusal::bad_request("InvalidRequestException", "grantType is required")),
    }
}

fn redeem_code(world: &World, client: &str, request: &TokenRequest) -> OidcResult {
    let refused = |why: &str| Refusal::bad_request("InvalidGrantException", why);
    let code = request.code.as_deref().unwrap_or_default();
    // Taken before it is checked: a code that was tried once, well or badly, is spent.
    let code = world.state().codes.take(code).ok_or_else(|| refused("Invalid authorization code"))?;
    if code.expires_at <= now() {
        return Err(refused("The authorization code has expired"));
    }
    let authorization = code.authorization;
    if authorization.client != client {
        return Err(refused("The authorization code belongs to another client"));
    }
    if request.redirect_uri.as_deref() != Some(&authorization.redirect_uri) {
        return Err(refused("The redirect URI is not the one of the authorization request"));
    }
    let verifier = request.code_verifier.as_deref().unwrap_or_default();
    if !is_verifier(verifier) || !same(&challenge_of(verifier), authorization.challenge.trim_end_matches('='))
    {
        return Err(refused("Invalid code verifier"));
    }
    Ok(grant(world, client, Uuid::new_v4(), None))
}

fn poll_device(world: &World, client: &str, request: &TokenRequest) -> OidcResult {
    let code = request.device_code.as_deref().unwrap_or_default();
    let mut state = world.state();
    let device = state
        .devices
        .find_mut(code)
        .filter(|device| device.client == client)
        .ok_or_else(|| Refusal::bad_request("InvalidGrantException", "Invalid device code"))?;
    if device.expires_at <= now() {
        return Err(Refusal::bad_request("ExpiredTokenException", "The device code has expired"));
    }
    if device.slow_downs_left > 0 || polls_too_fast(device, world.config.device_interval) {
        device.slow_downs_left = device.slow_downs_left.saturating_sub(1);
        return Err(Refusal::bad_request("SlowDownException", "Polling too fast"));
    }
    if device.decision.is_none() && world.config.auto_approve && device.pending_left == 0 {
        device.decision = Some(Decision::Approved);
    }
    match device.decision {
        None => {
            device.pending_left = device.pending_left.saturating_sub(1);
            Err(Refusal::bad_request("AuthorizationPendingException", "The request is still to be approved"))
        }
        Some(Decision::Denied) => {
            Err(Refusal::bad_request("AccessDeniedException", "The request was denied"))
        }
        Some(Decision::Approved) => {
            state.devices.take(code);
            drop(state);
            Ok(grant(world, client, Uuid::new_v4(), None))
        }
    }
}

/// Three polls within one interval are too many. Two are not: the AWS CLI asks once before it starts to wait.
fn polls_too_fast(device: &mut Device, interval: Duration) -> bool {
    let now = Instant::now();
    let [before_last, last] = device.last_polls;
    device.last_polls = [last, Some(now)];
    before_last.is_some_and(|poll| now.duration_since(poll) < interval)
}

fn refresh(world: &World, client: &str, request: &TokenRequest) -> OidcResult {
    let presented = request.refresh_token.as_deref().unwrap_or_default();
    let mut state = world.state();
    let session = state
        .refresh_tokens
        .find(presented)
        .filter(|token| token.client == client)
        .map(|token| token.session)
        .ok_or_else(|| Refusal::bad_request("InvalidGrantException", "Invalid refresh token"))?;
    if world.config.rotate_refresh {
        state.refresh_tokens.take(presented);
        drop(state);
        return Ok(grant(world, client, session, None));
    }
    drop(state);
    Ok(grant(world, client, session, Some(presented)))
}

/// Gives tokens; a refresh token only to clients that registered a scope and may use the grant.
fn grant(world: &World, client: &str, session: Uuid, keep_refresh: Option<&str>) -> Json<serde_json::Value> {
    let mut state = world.state();
    let registered = state.clients.find(client);
    let scopes = registered.map(|client| client.scopes.clone()).unwrap_or_default();
    let may_refresh = !scopes.is_empty()
        && registered.is_some_and(|client| client.grants.iter().any(|grant| grant == REFRESH_TOKEN));

    let lifetime = world.config.token_lifetime;
    let access_token = opaque("aoaAAAAA");
    let mut answer =
        json!({ "accessToken": access_token, "tokenType": "Bearer", "expiresIn": lifetime.as_secs() });
    state.access_tokens.insert(access_token, AccessToken { session, scopes, expires_at: now() + lifetime });
    if let Some(kept) = keep_refresh {
        answer["refreshToken"] = kept.into();
    } else if may_refresh {
        let refresh_token = opaque("aorAAAAA");
        answer["refreshToken"] = refresh_token.as_str().into();
        state.refresh_tokens.insert(refresh_token, RefreshToken { session, client: client.to_owned() });
    }
    Json(answer)
}

/// Returns the client's id if the secret is right and the registration has not run out.
fn check_client(world: &World, id: Option<&str>, secret: Option<&str>) -> Result<String, Refusal> {
    let (Some(id), Some(secret)) = (id, secret) else {
        return Err(Refusal::bad_request(
            "InvalidRequestException",
            "clientId and clientSecret are required",
        ));
    };
    let state = world.state();
    let known = state.clients.find(id).filter(|client| same(&client.secret, secret));
    match known {
        Some(client) if client.expires_at > now() => Ok(id.to_owned()),
        _ => Err(Refusal::new(StatusCode::UNAUTHORIZED, "InvalidClientException", "Invalid client")),
    }
}

fn check_grant(world: &World, client: &str, grant: &str) -> Result<(), Refusal> {
    let state = world.state();
    let registered =
        state.clients.find(client).is_some_and(|client| client.grants.iter().any(|g| g == grant));
    if registered {
        Ok(())
    } else {
        Err(Refusal::bad_request(
            "UnauthorizedClientException",
            format!("The client is not registered for {grant}"),
        ))
    }
}

fn check_start_url(world: &World, url: Option<&str>, name: &str) -> Result<(), Refusal> {
    // People copy the address with or without what the portal's own pages append.
    let tidy = |url: &str| url.trim_end_matches(['/', '#']).to_owned();
    match url {
        Some(url) if tidy(url) == tidy(&world.config.start_url) => Ok(()),
        Some(_) => Err(Refusal::bad_request("InvalidRequestException", format!("Invalid {name} provided"))),
        None => Err(Refusal::bad_request("InvalidRequestException", format!("{name} is required"))),
    }
}

fn is_known_scope(scope: &str) -> bool {
    let of_service = |prefix: &str| scope.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty());
    scope.len() <= LONGEST_SCOPE
        && ([seed::ACCOUNT_SCOPE, "openid", "aws"].contains(&scope)
            || of_service("codewhisperer:")
            || of_service("codecatalyst:"))
}

pub(crate) fn loopback_url(uri: &str) -> Option<url::Url> {
    let url = url::Url::parse(uri).ok()?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && uri.len() <= LONGEST_REDIRECT_URI;
    (url.scheme() == "http" && url.host_str() == Some("127.0.0.1") && plain).then_some(url)
}

pub(crate) fn is_verifier(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

pub(crate) fn challenge_of(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

fn new_user_code() -> String {
    let letters: String = Uuid::new_v4()
        .as_bytes()
        .iter()
        .take(8)
        .map(|byte| char::from(USER_CODE_LETTERS[usize::from(*byte) % USER_CODE_LETTERS.len()]))
        .collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_request("InvalidRequestException", format!("Invalid request: {error}")))
}

fn answer(result: OidcResult) -> Response {
    result.map_or_else(Refusal::into_oidc_response, IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_redirecting_to(uri: &str) -> Client {
        Client {
            secret: String::new(),
            name: String::new(),
            scopes: Vec::new(),
            grants: Vec::new(),
            redirect_uris: vec![uri.to_owned()],
            expires_at: now(),
        }
    }

    #[test]
    fn a_redirect_may_differ_from_the_registered_one_in_its_port_only() {
        let client = client_redirecting_to("http://127.0.0.1/oauth/callback");
        assert!(is_registered_redirect(&client, "http://127.0.0.1:43210/oauth/callback"));
        for other in [
            "http://127.0.0.1:43210/elsewhere",
            "http://127.0.0.1:43210/oauth/callback?x=1",
            "https://127.0.0.1:43210/oauth/callback",
            "http://attacker.example/oauth/callback",
            "http://user@127.0.0.1/oauth/callback",
        ] {
            assert!(!is_registered_redirect(&client, other), "{other}");
        }
    }

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(is_verifier(verifier));
        assert_eq!(challenge_of(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
