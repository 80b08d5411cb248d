use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use awsx_sandbox::{Config, Sandbox, browser, seed};
use serde_json::json;

use crate::client::{
    Answer, CHALLENGE, DEVICE_GRANT, REDIRECT, VERIFIER, encode, get, poll, portal, post_form, post_json,
    quick, register, start_device,
};

fn asking() -> Sandbox {
    Sandbox::start(Config { device_interval: Duration::ZERO, ..Config::default() }).unwrap()
}

fn authorize_target(client: &str, redirect: &str) -> String {
    let query = encode(&[
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", redirect),
        ("state", "st&te"),
        ("code_challenge_method", "S256"),
        ("code_challenge", CHALLENGE),
        ("scopes", seed::ACCOUNT_SCOPE),
    ]);
    format!("/authorize?{query}")
}

/// The parameters a redirect hands to the client.
fn redirected(answer: &Answer) -> std::collections::BTreeMap<String, String> {
    assert_eq!(answer.status, 302, "{answer:?}");
    let location = url::Url::parse(&answer.headers["location"]).unwrap();
    assert!(location.as_str().starts_with(&format!("{REDIRECT}?")));
    location.query_pairs().into_owned().collect()
}

fn ticket(page: &Answer) -> String {
    let start = page.body.find("name=\"ticket\" value=\"").expect("a form") + 21;
    page.body[start..].split('"').next().unwrap().to_owned()
}

fn redeem(
    sandbox: &Sandbox,
    client: &(String, String),
    code: &str,
    verifier: &str,
    redirect: &str,
) -> Answer {
    post_json(
        sandbox,
        "/token",
        &json!({
            "clientId": client.0,
            "clientSecret": client.1,
            "grantType": "authorization_code",
            "code": code,
            "codeVerifier": verifier,
            "redirectUri": redirect,
        }),
    )
}

fn refresh(sandbox: &Sandbox, client: &(String, String), token: &str) -> Answer {
    post_json(
        sandbox,
        "/token",
        &json!({
            "clientId": client.0,
            "clientSecret": client.1,
            "grantType": "refresh_token",
            "refreshToken": token,
        }),
    )
}

#[test]
fn approving_the_page_yields_a_code_that_the_verifier_redeems_once() {
    let sandbox = asking();
    let client = register(&sandbox);
    let page = get(&sandbox, &authorize_target(&client.0, REDIRECT));
    assert_eq!(page.status, 200);
    assert!(page.body.contains("id=\"approve\"") && page.body.contains("id=\"deny\""));

    let ticket = ticket(&page);
    let form = [("ticket", ticket.as_str()), ("decision", "approve")];
    let answer = redirected(&post_form(&sandbox, "/authorize/decision", &form));
    assert_eq!(answer["state"], "st&te");
    assert_eq!(post_form(&sandbox, "/authorize/decision", &form).status, 400, "a ticket serves once");

    let tokens = redeem(&sandbox, &client, &answer["code"], VERIFIER, REDIRECT);
    assert_eq!(tokens.status, 200, "{tokens:?}");
    assert_eq!(tokens.json()["tokenType"], "Bearer");
    assert_eq!(tokens.json()["expiresIn"], 28_800);
    assert!(tokens.json()["refreshToken"].is_string());
    let again = redeem(&sandbox, &client, &answer["code"], VERIFIER, REDIRECT);
    assert_eq!(again.oidc_error(), (400, "invalid_grant".into()));
}

#[test]
fn denying_the_page_tells_the_client() {
    let sandbox = asking();
    let client = register(&sandbox);
    let ticket = ticket(&get(&sandbox, &authorize_target(&client.0, REDIRECT)));
    let answer = post_form(&sandbox, "/authorize/decision", &[("ticket", &ticket), ("decision", "deny")]);
    let answer = redirected(&answer);
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "st&te");
    assert!(!answer.contains_key("code"));
}

#[test]
fn a_code_is_bound_to_verifier_redirect_and_client() {
    let sandbox = quick();
    let client = register(&sandbox);
    let other = register(&sandbox);
    let code = || redirected(&get(&sandbox, &authorize_target(&client.0, REDIRECT))).remove("code").unwrap();
    let wrong_verifier = "x".repeat(64);
    let invalid = (400, "invalid_grant".to_owned());
    assert_eq!(redeem(&sandbox, &client, &code(), &wrong_verifier, REDIRECT).oidc_error(), invalid);
    assert_eq!(redeem(&sandbox, &client, &code(), CHALLENGE, REDIRECT).oidc_error(), invalid);
    let other_redirect = "http://127.0.0.1:1/oauth/callback";
    assert_eq!(redeem(&sandbox, &client, &code(), VERIFIER, other_redirect).oidc_error(), invalid);
    assert_eq!(redeem(&sandbox, &other, &code(), VERIFIER, REDIRECT).oidc_error(), invalid);
    assert_eq!(redeem(&sandbox, &client, &code(), VERIFIER, REDIRECT).status, 200);
    let stranger = (client.0.clone(), "wrong".to_owned());
    assert_eq!(
        redeem(&sandbox, &stranger, &code(), VERIFIER, REDIRECT).oidc_error(),
        (401, "invalid_client".into())
    );
}

#[test]
fn a_foreign_redirect_gets_a_page_and_no_redirect() {
    let sandbox = quick();
    let client = register(&sandbox);
    for redirect in ["http://attacker.example/oauth/callback", "http://127.0.0.1:1/other", ""] {
        let answer = get(&sandbox, &authorize_target(&client.0, redirect));
        assert_eq!(answer.status, 400);
        assert!(!answer.headers.contains_key("location"));
    }
    assert_eq!(get(&sandbox, &authorize_target("<b>", REDIRECT)).status, 400);
}

#[test]
fn authorize_insists_on_s256_and_registered_scopes() {
    let sandbox = quick();
    let client = register(&sandbox);
    let target = authorize_target(&client.0, REDIRECT);
    let plain = get(&sandbox, &target.replace("=S256", "=plain"));
    assert_eq!(redirected(&plain)["error"], "invalid_request");
    let scope = get(&sandbox, &target.replace("sso%3Aaccount%3Aaccess", "aws"));
    assert_eq!(redirected(&scope)["error"], "invalid_scope");
}

#[test]
fn names_are_escaped_on_pages() {
    let sandbox = asking();
    let answer = post_json(
        &sandbox,
        "/client/register",
        &json!({
            "clientName": "<script>alert(1)</script>",
            "clientType": "public",
            "grantTypes": ["authorization_code"],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
            "issuerUrl": seed::START_URL,
        }),
    );
    let client = answer.json()["clientId"].as_str().unwrap().to_owned();
    let page =
        get(&sandbox, &authorize_target(&client, REDIRECT).replace("&scopes=sso%3Aaccount%3Aaccess", ""));
    assert!(page.body.contains("&lt;script&gt;") && !page.body.contains("<script"), "{}", page.body);
    let page = get(&sandbox, "/device?user_code=%22%3E%3Cimg%3E");
    assert!(page.body.contains("&quot;&gt;&lt;img&gt;") && !page.body.contains("<img"), "{}", page.body);
}

#[test]
fn registration_is_strict() {
    let sandbox = quick();
    let register = |change: &str, value: serde_json::Value| {
        let mut request = json!({
            "clientName": "test",
            "clientType": "public",
            "grantTypes": ["authorization_code"],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
            "issuerUrl": seed::START_URL,
        });
        request[change] = value;
        post_json(&sandbox, "/client/register", &request).oidc_error().1
    };
    assert_eq!(register("clientType", json!("confidential")), "invalid_client_metadata");
    assert_eq!(register("clientName", json!(null)), "invalid_request");
    assert_eq!(register("scopes", json!(["everything"])), "invalid_scope");
    assert_eq!(register("grantTypes", json!(["password"])), "unsupported_grant_type");
    assert_eq!(register("redirectUris", json!(["https://example.com/"])), "invalid_redirect_uri");
    assert_eq!(register("issuerUrl", json!("https://other.awsapps.com/start")), "invalid_request");
    assert_eq!(register("clientName", json!(7)), "invalid_request");
}

#[test]
fn a_device_is_pending_until_its_code_is_approved_on_the_page() {
    let sandbox = asking();
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    let pending = (400, "authorization_pending".to_owned());
    for _ in 0..3 {
        assert_eq!(poll(&sandbox, &client, &device).oidc_error(), pending);
    }

    let complete = device["verificationUriComplete"].as_str().unwrap();
    let page = get(&sandbox, complete.strip_prefix(sandbox.url()).unwrap());
    let code = device["userCode"].as_str().unwrap();
    assert!(page.body.contains(&format!("value=\"{code}\"")));

    let decide = |ticket: &str, code: &str, decision: &str| {
        let form = [("ticket", ticket), ("user_code", code), ("decision", decision)];
        post_form(&sandbox, "/device/decision", &form)
    };
    let wrong = decide(&ticket(&page), "XXXX-XXXX", "approve");
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.contains("role=\"alert\""));
    assert_eq!(poll(&sandbox, &client, &device).oidc_error(), pending);

    let typed = code.replace('-', " ").to_lowercase();
    let done = decide(&ticket(&wrong), &typed, "approve");
    assert_eq!(done.status, 200);
    assert!(done.body.contains("may close this window"));
    assert!(poll(&sandbox, &client, &device).json()["accessToken"].is_string());
    assert_eq!(poll(&sandbox, &client, &device).oidc_error(), (400, "invalid_grant".into()));
}

#[test]
fn a_denied_and_an_expired_device_say_so() {
    let sandbox = asking();
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    let ticket = ticket(&get(&sandbox, "/device"));
    let code = device["userCode"].as_str().unwrap();
    let form = [("ticket", ticket.as_str()), ("user_code", code), ("decision", "deny")];
    assert_eq!(post_form(&sandbox, "/device/decision", &form).status, 200);
    assert_eq!(poll(&sandbox, &client, &device).oidc_error(), (400, "access_denied".into()));

    let device = start_device(&sandbox, &client);
    sandbox.expire_device_codes();
    assert_eq!(poll(&sandbox, &client, &device).oidc_error(), (400, "expired_token".into()));
}

#[test]
fn polls_are_slowed_down_as_configured_and_when_they_come_too_fast() {
    let config = Config { slow_down_polls: 1, auto_approve: true, pending_polls: 1, ..Config::default() };
    let sandbox = Sandbox::start(Config { device_interval: Duration::ZERO, ..config.clone() }).unwrap();
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    assert_eq!(poll(&sandbox, &client, &device).oidc_error().1, "slow_down");
    assert_eq!(poll(&sandbox, &client, &device).oidc_error().1, "authorization_pending");
    assert_eq!(poll(&sandbox, &client, &device).status, 200);

    let sandbox = Sandbox::start(Config {
        device_interval: Duration::from_mins(1),
        slow_down_polls: 0,
        pending_polls: 9,
        ..config
    })
    .unwrap();
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    let errors: Vec<_> = (0..3).map(|_| poll(&sandbox, &client, &device).oidc_error().1).collect();
    assert_eq!(errors, ["authorization_pending", "authorization_pending", "slow_down"]);
}

#[test]
fn a_refresh_token_serves_once() {
    let sandbox = quick();
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    let first = poll(&sandbox, &client, &device).json();
    let second = refresh(&sandbox, &client, first["refreshToken"].as_str().unwrap()).json();
    assert_ne!(first["accessToken"], second["accessToken"]);
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    let invalid = (400, "invalid_grant".to_owned());
    assert_eq!(refresh(&sandbox, &client, first["refreshToken"].as_str().unwrap()).oidc_error(), invalid);

    let current = second["refreshToken"].as_str().unwrap();
    let other = register(&sandbox);
    assert_eq!(refresh(&sandbox, &other, current).oidc_error(), invalid);
    sandbox.expire_tokens();
    assert_eq!(portal(&sandbox, second["accessToken"].as_str().unwrap(), "/assignment/accounts").status, 401);
    assert_eq!(refresh(&sandbox, &client, current).status, 200);
    sandbox.revoke_refresh_tokens();
    assert_eq!(refresh(&sandbox, &client, current).oidc_error(), invalid);
}

#[test]
fn without_scopes_there_is_no_refresh_token() {
    let sandbox = quick();
    let answer =
        post_json(&sandbox, "/client/register", &json!({ "clientName": "old", "clientType": "public" }));
    let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
    let client = (text("clientId"), text("clientSecret"));
    let device = start_device(&sandbox, &client);
    let tokens = poll(&sandbox, &client, &device).json();
    assert!(tokens["accessToken"].is_string());
    assert_eq!(tokens.get("refreshToken"), None);
}

#[test]
fn a_client_may_use_its_own_grants_only() {
    let sandbox = quick();
    let answer = post_json(
        &sandbox,
        "/client/register",
        &json!({
            "clientName": "pkce",
            "clientType": "public",
            "grantTypes": ["authorization_code"],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
            "issuerUrl": seed::START_URL,
        }),
    );
    let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
    let request = json!({
        "clientId": text("clientId"),
        "clientSecret": text("clientSecret"),
        "grantType": DEVICE_GRANT,
        "deviceCode": "x",
    });
    assert_eq!(post_json(&sandbox, "/token", &request).oidc_error(), (400, "unauthorized_client".into()));
    sandbox.expire_registrations();
    assert_eq!(post_json(&sandbox, "/token", &request).oidc_error(), (401, "invalid_client".into()));
}

#[test]
fn the_unattended_browser_decides_in_both_flows() {
    let sandbox = asking();
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    browser::open_and_approve(device["verificationUriComplete"].as_str().unwrap()).unwrap();
    assert_eq!(poll(&sandbox, &client, &device).status, 200);
    let refused = start_device(&sandbox, &client);
    browser::open_and_deny(refused["verificationUriComplete"].as_str().unwrap()).unwrap();
    assert_eq!(poll(&sandbox, &client, &refused).oidc_error().1, "access_denied");
    let without_code = device["verificationUri"].as_str().unwrap();
    assert!(browser::open_and_approve(without_code).is_err());

    let callback = TcpListener::bind("127.0.0.1:0").unwrap();
    let redirect = format!("http://{}/oauth/callback", callback.local_addr().unwrap());
    let url = format!("{}{}", sandbox.url(), authorize_target(&client.0, &redirect));
    let person = std::thread::spawn(move || browser::open_and_approve(&url));
    let (mut stream, _) = callback.accept().unwrap();
    let mut request = [0; 1024];
    let length = stream.read(&mut request).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").unwrap();
    drop(stream);
    person.join().unwrap().unwrap();
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    assert!(request.starts_with("GET /oauth/callback?code="), "{request}");
    assert!(request.contains("&state=st%26te "), "{request}");
}
