use awsx_sandbox::{Sandbox, seed};
use serde_json::json;

use crate::client::{Answer, Keys, encode, get, post_form, quick, role_keys, sts};

const CONSOLE: &str = "https://console.aws.amazon.com/s3?a=1&b=<2>";

fn session(keys: &Keys) -> String {
    json!({ "sessionId": keys.id, "sessionKey": keys.secret, "sessionToken": keys.token }).to_string()
}

fn ask(sandbox: &Sandbox, keys: &Keys, more: &[(&str, &str)]) -> Answer {
    let session = session(keys);
    post_form(
        sandbox,
        "/federation",
        &[&[("Action", "getSigninToken"), ("Session", session.as_str())], more].concat(),
    )
}

fn login(sandbox: &Sandbox, token: &str, destination: &str) -> Answer {
    let query = encode(&[("Action", "login"), ("Destination", destination), ("SigninToken", token)]);
    get(sandbox, &format!("/federation?{query}"))
}

#[test]
fn a_signin_token_opens_the_console_once() {
    let sandbox = quick();
    let keys = role_keys(&sandbox, seed::DEVELOPMENT, "ReadOnly");
    let by_get = get(
        &sandbox,
        &format!("/federation?{}", encode(&[("Action", "getSigninToken"), ("Session", &session(&keys))])),
    );
    assert!(by_get.json()["SigninToken"].is_string());

    let token = ask(&sandbox, &keys, &[("SessionDuration", "43200")]).json()["SigninToken"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(login(&sandbox, &token, "https://example.com/").status, 400);
    let page = login(&sandbox, &token, CONSOLE);
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnly_"),
        "{}",
        page.body
    );
    assert!(page.body.contains("a=1&amp;b=&lt;2&gt;"), "{}", page.body);
    assert_eq!(login(&sandbox, &token, CONSOLE).status, 400);
}

#[test]
fn only_known_sessions_of_roles_and_federated_users_sign_in() {
    let sandbox = quick();
    let alice = Keys::alice();
    assert_eq!(ask(&sandbox, &alice, &[]).status, 400);
    let user_session = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &[]));
    assert_eq!(ask(&sandbox, &user_session, &[]).status, 400);

    let federated = Keys::of_sts(&sts(&sandbox, &alice, "GetFederationToken", &[("Name", "bob")]));
    assert_eq!(ask(&sandbox, &federated, &[]).status, 200);
    assert_eq!(ask(&sandbox, &federated, &[("SessionDuration", "3600")]).status, 400);
    let wrong_secret = Keys { secret: "x".into(), ..federated.clone() };
    assert_eq!(ask(&sandbox, &wrong_secret, &[]).status, 400);
    let role = role_keys(&sandbox, seed::DEVELOPMENT, "Developer");
    assert_eq!(ask(&sandbox, &role, &[("SessionDuration", "899")]).status, 400);
    sandbox.expire_credentials();
    assert_eq!(ask(&sandbox, &federated, &[]).status, 400);
}
