//! The SSO portal: accounts, roles and role credentials for the bearer of an access token.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};

use crate::log::parameters;
use crate::refusal::Refusal;
use crate::seed;
use crate::sigv4::sha256_hex;
use crate::state::{Identity, Principal, PrincipalKind, World, now, unique_id};

const TOKEN_HEADER: &str = "x-amz-sso_bearer_token";
const LARGEST_PAGE: usize = 100;

type PortalResult = Result<Json<Value>, Refusal>;

/// `GET /assignment/accounts`
pub(crate) async fn list_accounts(State(world): State<Arc<World>>, headers: HeaderMap, uri: Uri) -> Response {
    answer(check_token(&world, &headers).and_then(|()| {
        let accounts = world.config.accounts.iter().map(|account| {
            json!({ "accountId": account.id, "accountName": account.name, "emailAddress": account.email })
        });
        paginate(&world, &query(&uri), "accountList", accounts.collect())
    }))
}

/// `GET /assignment/roles`
pub(crate) async fn list_roles(State(world): State<Arc<World>>, headers: HeaderMap, uri: Uri) -> Response {
    answer(check_token(&world, &headers).and_then(|()| {
        let query = query(&uri);
        let id = required(&query, "account_id")?;
        let account = world.config.accounts.iter().find(|account| account.id == *id).ok_or_else(no_access)?;
        let roles = account.roles.iter().map(|role| json!({ "roleName": role, "accountId": id }));
        paginate(&world, &query, "roleList", roles.collect())
    }))
}

/// `GET /federation/credentials`
pub(crate) async fn role_credentials(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    answer(check_token(&world, &headers).and_then(|()| {
        let query = query(&uri);
        let (account, role) = (required(&query, "account_id")?, required(&query, "role_name")?);
        let assigned =
            world.config.accounts.iter().any(|known| known.id == *account && known.roles.contains(role));
        if !assigned {
            return Err(no_access());
        }
        let key = world.issue_key(role_session(account, role), world.config.role_lifetime);
        let (session_token, expires_at) = key.session.expect("issued keys are temporary");
        Ok(Json(json!({ "roleCredentials": {
            "accessKeyId": key.id,
            "secretAccessKey": key.secret,
            "sessionToken": session_token,
            "expiration": expires_at.unix_timestamp() * 1000,
        } })))
    }))
}

/// `POST /logout`: ends the session, so its refresh token is worthless too.
pub(crate) async fn logout(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let session = bearer(&headers).and_then(|token| Some(world.state().access_tokens.find(token)?.session));
    let Some(session) = session else { return unauthorized().into_portal_response() };
    let mut state = world.state();
    state.access_tokens.keep(|token| token.session != session);
    state.refresh_tokens.keep(|token| token.session != session);
    StatusCode::OK.into_response()
}

/// The session Identity Center makes: its role is named after the permission set, the session after the user.
fn role_session(account: &str, permission_set: &str) -> Principal {
    let suffix = &sha256_hex(format!("{account}/{permission_set}").as_bytes())[..16];
    let role = format!("AWSReservedSSO_{permission_set}_{suffix}");
    let user = seed::USER_NAME;
    let role_arn = format!("arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/{role}");
    Principal {
        kind: PrincipalKind::RoleSession,
        account: account.to_owned(),
        arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{user}"),
        user_id: format!("{}:{user}", unique_id("AROA", &role_arn)),
        source_arn: role_arn,
        identity: Identity::PermissionSet,
        session_policies: None,
        mfa_at: None,
        issued_at: Some(now()),
    }
}

fn paginate(
    world: &World,
    query: &BTreeMap<String, String>,
    list: &str,
    mut items: Vec<Value>,
) -> PortalResult {
    let invalid = |name: &str| Refusal::bad_request("InvalidRequestException", format!("{name} is invalid"));
    let size = match query.get("max_result") {
        None => world.config.page_size,
        Some(size) => match size.parse() {
            Ok(size @ 1..=LARGEST_PAGE) => world.config.page_size.min(size),
            _ => return Err(invalid("max_result")),
        },
    };
    let start = match query.get("next_token") {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|start| start.parse::<usize>().ok())
            .filter(|start| (1..items.len()).contains(start))
            .ok_or_else(|| invalid("next_token"))?,
    };
    let end = items.len().min(start + size.max(1));
    let next_token = (end < items.len()).then(|| format!("page-{end}"));
    let page: Vec<_> = items.drain(start..end).collect();
    Ok(Json(json!({ list: page, "nextToken": next_token })))
}

fn check_token(world: &World, headers: &HeaderMap) -> Result<(), Refusal> {
    let state = world.state();
    let token = bearer(headers)
        .and_then(|token| state.access_tokens.find(token))
        .filter(|token| token.expires_at > now());
    let token = token.ok_or_else(unauthorized)?;
    // Clients that register no scope at all get the portal's, as old clients expect.
    if token.scopes.is_empty() || token.scopes.iter().any(|scope| scope == seed::ACCOUNT_SCOPE) {
        Ok(())
    } else {
        Err(no_access())
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(TOKEN_HEADER)?.to_str().ok()
}

fn query(uri: &Uri) -> BTreeMap<String, String> {
    parameters(uri.query().unwrap_or_default().as_bytes())
}

fn required<'a>(query: &'a BTreeMap<String, String>, name: &str) -> Result<&'a String, Refusal> {
    query
        .get(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Refusal::bad_request("InvalidRequestException", format!("{name} is required")))
}

fn unauthorized() -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, "UnauthorizedException", "Session token not found or invalid")
}

fn no_access() -> Refusal {
    Refusal::forbidden("ForbiddenException", "No access")
}

fn answer(result: PortalResult) -> Response {
    result.map_or_else(Refusal::into_portal_response, IntoResponse::into_response)
}
