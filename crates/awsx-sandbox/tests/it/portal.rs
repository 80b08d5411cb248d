use awsx_sandbox::{Config, Sandbox, seed};
use std::time::Duration;

use crate::client::{portal, quick, send, sign_in};

#[test]
fn accounts_come_in_pages() {
    let sandbox = Sandbox::start(Config {
        auto_approve: true,
        pending_polls: 0,
        device_interval: Duration::ZERO,
        page_size: 1,
        ..Config::default()
    })
    .unwrap();
    let token = sign_in(&sandbox);
    let first = portal(&sandbox, &token, "/assignment/accounts?max_result=100").json();
    assert_eq!(first["accountList"][0]["accountName"], "Development");
    assert_eq!(first["accountList"].as_array().unwrap().len(), 1);
    let next = first["nextToken"].as_str().unwrap();
    let second = portal(&sandbox, &token, &format!("/assignment/accounts?next_token={next}")).json();
    assert_eq!(second["accountList"][0]["accountId"], seed::PRODUCTION);
    assert!(second["nextToken"].is_null());
    assert_eq!(portal(&sandbox, &token, "/assignment/accounts?next_token=forged").status, 400);
    assert_eq!(portal(&sandbox, &token, "/assignment/accounts?max_result=0").status, 400);
}

#[test]
fn only_assigned_roles_have_credentials() {
    let sandbox = quick();
    let token = sign_in(&sandbox);
    let roles =
        portal(&sandbox, &token, &format!("/assignment/roles?account_id={}", seed::PRODUCTION)).json();
    assert_eq!(roles["roleList"][1]["roleName"], "Administrator");

    let ask = |account: &str, role: &str| {
        portal(&sandbox, &token, &format!("/federation/credentials?account_id={account}&role_name={role}"))
    };
    let given = ask(seed::PRODUCTION, "Administrator").json();
    assert!(given["roleCredentials"]["accessKeyId"].as_str().unwrap().starts_with("ASIA"));
    assert!(given["roleCredentials"]["expiration"].as_i64().unwrap() > 1_700_000_000_000);
    let refused = ask(seed::DEVELOPMENT, "Administrator");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.headers["x-amzn-errortype"], "ForbiddenException");
    assert_eq!(refused.json()["__type"], "com.amazonaws.switchboard.portal#ForbiddenException");
    assert_eq!(ask("000000000000", "ReadOnly").status, 403);
}

#[test]
fn unknown_expired_and_signed_out_tokens_are_unauthorized() {
    let sandbox = quick();
    let accounts = "/assignment/accounts";
    let unknown = portal(&sandbox, "nonsense", accounts);
    assert_eq!(unknown.status, 401);
    assert_eq!(unknown.headers["x-amzn-errortype"], "UnauthorizedException");
    assert_eq!(send(&sandbox, "GET", accounts, &[], "").status, 401);

    let token = sign_in(&sandbox);
    let logout = || send(&sandbox, "POST", "/logout", &[("x-amz-sso_bearer_token", &token)], "");
    assert_eq!(portal(&sandbox, &token, accounts).status, 200);
    assert_eq!(logout().status, 200);
    assert_eq!(portal(&sandbox, &token, accounts).status, 401);
    assert_eq!(logout().status, 401);

    let token = sign_in(&sandbox);
    sandbox.expire_tokens();
    assert_eq!(portal(&sandbox, &token, accounts).status, 401);
}
