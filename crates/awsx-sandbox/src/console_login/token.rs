//! `CreateOAuth2Token`: a code or a refresh token against keys.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::proof::{self, Proof};
use super::{CROSS_DEVICE, SAME_DEVICE};
use crate::oidc::{AUTHORIZATION_CODE, REFRESH_TOKEN, challenge_of, is_verifier};
use crate::refusal::Refusal;
use crate::seed;
use crate::state::{Identity, LoginSession, Principal, PrincipalKind, World, now, opaque, same, unique_id};

type TokenResult = Result<Json<serde_json::Value>, Refusal>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenRequest {
    client_id: String,
    grant_type: String,
    code: Option<String>,
    code_verifier: Option<String>,
    redirect_uri: Option<String>,
    refresh_token: Option<String>,
}

/// `POST /v1/token`
pub(crate) async fn create_token(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = check_proof(&world, &headers).and_then(|proof| exchange(&world, &proof, &body));
    answer.map_or_else(Refusal::into_signin_response, IntoResponse::into_response)
}

fn check_proof(world: &World, headers: &HeaderMap) -> Result<Proof, Refusal> {
    let mut proofs = headers.get_all("dpop").iter();
    let (Some(proof), None) = (proofs.next(), proofs.next()) else {
        return Err(invalid("One DPoP header is required"));
    };
    let url = format!("{}/v1/token", world.url);
    let proof = proof::verify(proof.to_str().unwrap_or_default(), "POST", &url, now()).map_err(invalid)?;
    let mut state = world.state();
    if state.proofs.find(&proof.id).is_some() {
        return Err(invalid("The DPoP proof was used before"));
    }
    state.proofs.insert(proof.id.clone(), ());
    Ok(proof)
}

fn exchange(world: &World, proof: &Proof, body: &[u8]) -> TokenResult {
    let request: TokenRequest =
        serde_json::from_slice(body).map_err(|error| invalid(format!("Invalid request: {error}")))?;
    if ![SAME_DEVICE, CROSS_DEVICE].contains(&request.client_id.as_str()) {
        return Err(invalid("Unknown client"));
    }
    match request.grant_type.as_str() {
        AUTHORIZATION_CODE => redeem_code(world, proof, request),
        REFRESH_TOKEN => refresh(world, proof, &request),
        _ => Err(invalid("Unsupported grant type")),
    }
}

fn redeem_code(world: &World, proof: &Proof, request: TokenRequest) -> TokenResult {
    let code = request.code.as_deref().unwrap_or_default();
    // Taken before it is checked: a code that was tried once, well or badly, is spent.
    let code = world.state().codes.take(code).ok_or_else(|| invalid("Unknown authorization code"))?;
    if code.expires_at <= now() {
        return Err(denied(
            StatusCode::UNAUTHORIZED,
            "AUTHCODE_EXPIRED",
            "The authorization code has expired",
        ));
    }
    let authorization = code.authorization;
    if authorization.client != request.client_id {
        return Err(invalid("The authorization code belongs to another client"));
    }
    if request.redirect_uri.as_deref() != Some(&authorization.redirect_uri) {
        return Err(invalid("The redirect URI is not the one of the authorization request"));
    }
    let verifier = request.code_verifier.as_deref().unwrap_or_default();
    if !is_verifier(verifier) || !same(&challenge_of(verifier), authorization.challenge.trim_end_matches('='))
    {
        return Err(invalid("Invalid code verifier"));
    }
    let mut answer = issue_keys(world);
    answer["idToken"] = id_token(&request.client_id).into();
    answer["refreshToken"] = new_refresh_token(world, request.client_id, &proof.thumbprint).into();
    Ok(Json(answer))
}

fn refresh(world: &World, proof: &Proof, request: &TokenRequest) -> TokenResult {
    let presented = request.refresh_token.as_deref().unwrap_or_default();
    {
        let mut state = world.state();
        let session = state.login_sessions.find(presented).filter(|it| it.client == request.client_id);
        let session = session.ok_or_else(|| {
            denied(StatusCode::UNAUTHORIZED, "TOKEN_EXPIRED", "The refresh token is unknown or has expired")
        })?;
        if !same(&session.thumbprint, &proof.thumbprint) {
            return Err(invalid("The refresh token was given to the holder of another key"));
        }
        if world.config.rotate_refresh {
            state.login_sessions.take(presented);
        }
    }
    let mut answer = issue_keys(world);
    let kept = (!world.config.rotate_refresh).then(|| presented.to_owned());
    let token =
        kept.unwrap_or_else(|| new_refresh_token(world, request.client_id.clone(), &proof.thumbprint));
    answer["refreshToken"] = token.into();
    Ok(Json(answer))
}

fn issue_keys(world: &World) -> serde_json::Value {
    let principal = Principal {
        kind: PrincipalKind::UserSession,
        account: seed::DEVELOPMENT.to_owned(),
        arn: seed::USER_ARN.to_owned(),
        user_id: unique_id("AIDA", seed::USER_ARN),
        source_arn: seed::USER_ARN.to_owned(),
        identity: Identity::User(seed::USER_NAME.to_owned()),
        session_policies: None,
        mfa_at: None,
        issued_at: Some(now()),
    };
    let lifetime = world.config.login_lifetime;
    let key = world.issue_key(principal, lifetime);
    let (session_token, _) = key.session.expect("temporary keys have a session token");
    json!({
        "accessToken": {
            "accessKeyId": key.id,
            "secretAccessKey": key.secret,
            "sessionToken": session_token,
        },
        "tokenType": "aws_sigv4",
        "expiresIn": lifetime.as_secs(),
    })
}

fn new_refresh_token(world: &World, client: String, thumbprint: &str) -> String {
    let token = opaque("aorLogin");
    let session = LoginSession { client, thumbprint: thumbprint.to_owned() };
    world.state().login_sessions.insert(token.clone(), session);
    token
}

/// Says who signed in. Its signature is no real one: clients get it from the service itself.
fn id_token(client: &str) -> String {
    let issued_at = now().unix_timestamp();
    let claims = json!({
        "sub": seed::USER_ARN,
        "aud": client,
        "iss": "https://signin.sandbox.example",
        "iat": issued_at,
        "exp": issued_at + 900,
    });
    let part = |json: serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.sandbox", part(json!({ "alg": "ES384", "typ": "JWT" })), part(claims))
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::bad_request("INVALID_REQUEST", message)
}

fn denied(status: StatusCode, code: &str, message: &str) -> Refusal {
    Refusal::new(status, code, message)
}
