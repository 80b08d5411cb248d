use awsx_sandbox::{Config, Fault, Outcome, Sandbox, seed};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use crate::client::{Answer, CHALLENGE, Keys, REDIRECT, VERIFIER, encode, get, now, post_form, send, sts};

const SAME_DEVICE: &str = "arn:aws:signin:::devtools/same-device";
const CROSS_DEVICE: &str = "arn:aws:signin:::devtools/cross-device";

fn approving() -> Sandbox {
    Sandbox::start(Config { auto_approve: true, ..Config::default() }).unwrap()
}

/// A client with a key of its own.
struct Client(SigningKey);

impl Client {
    fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn proof(&self, url: &str, id: &str) -> String {
        let point = self.0.verifying_key().to_sec1_bytes();
        let (x, y) = point[1..].split_at(32);
        let part = |json: Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        let coordinate = |bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": coordinate(x), "y": coordinate(y) });
        let issued_at = now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let message = format!(
            "{}.{}",
            part(json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk })),
            part(json!({ "htm": "POST", "htu": url, "iat": issued_at, "jti": id })),
        );
        let signature: Signature = self.0.sign(message.as_bytes());
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn ask(&self, sandbox: &Sandbox, id: &str, body: &Value) -> Answer {
        post(sandbox, Some(&self.proof(&format!("{}/v1/token", sandbox.url()), id)), body)
    }

    fn refresh(&self, sandbox: &Sandbox, id: &str, token: &Value) -> Answer {
        let body = json!({ "clientId": SAME_DEVICE, "grantType": "refresh_token", "refreshToken": token });
        self.ask(sandbox, id, &body)
    }
}

fn post(sandbox: &Sandbox, proof: Option<&str>, body: &Value) -> Answer {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(proof.map(|proof| ("dpop", proof)));
    send(sandbox, "POST", "/v1/token", &headers, &body.to_string())
}

fn authorize(client: &str, redirect: &str) -> String {
    let query = encode(&[
        ("response_type", "code"),
        ("client_id", client),
        ("state", "st&te"),
        ("code_challenge_method", "SHA-256"),
        ("scope", "openid"),
        ("redirect_uri", redirect),
        ("code_challenge", CHALLENGE),
    ]);
    format!("/v1/authorize?{query}")
}

/// A fresh code.
fn code(sandbox: &Sandbox) -> String {
    let answer = get(sandbox, &authorize(SAME_DEVICE, REDIRECT));
    let location = url::Url::parse(&answer.headers["location"]).unwrap();
    assert!(location.as_str().starts_with(&format!("{REDIRECT}?")));
    location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

fn redemption(code: &str) -> Value {
    json!({
        "clientId": SAME_DEVICE,
        "grantType": "authorization_code",
        "code": code,
        "codeVerifier": VERIFIER,
        "redirectUri": REDIRECT,
    })
}

/// Status, exception and OAuth code of a refusal.
fn refusal(answer: &Answer) -> (u16, String, String) {
    let json = answer.json();
    assert!(json["message"].is_string());
    (answer.status, answer.headers["x-amzn-errortype"].clone(), json["error"].as_str().unwrap().to_owned())
}

fn invalid() -> (u16, String, String) {
    (400, "ValidationException".into(), "INVALID_REQUEST".into())
}

fn expired() -> (u16, String, String) {
    (401, "AccessDeniedException".into(), "TOKEN_EXPIRED".into())
}

#[test]
fn a_code_gives_keys_that_work_and_says_whose_they_are() {
    let sandbox = approving();
    let answer = Client::new(1).ask(&sandbox, "1", &redemption(&code(&sandbox))).json();
    assert_eq!((&answer["tokenType"], &answer["expiresIn"]), (&json!("aws_sigv4"), &json!(900)));
    let claims = answer["idToken"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["sub"], seed::USER_ARN);
    let text = |name: &str| answer["accessToken"][name].as_str().unwrap().to_owned();
    let keys =
        Keys { id: text("accessKeyId"), secret: text("secretAccessKey"), token: Some(text("sessionToken")) };
    assert_eq!(sts(&sandbox, &keys, "GetCallerIdentity", &[]).element("Arn"), seed::USER_ARN);
    sandbox.expire_credentials();
    assert_eq!(sts(&sandbox, &keys, "GetCallerIdentity", &[]).element("Code"), "ExpiredToken");
}

#[test]
fn a_code_serves_once_and_for_its_own_request_only() {
    let sandbox = approving();
    let client = Client::new(1);
    for (id, field, value) in [
        ("1", "codeVerifier", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"),
        ("2", "redirectUri", "http://127.0.0.1:1/oauth/callback"),
        ("3", "clientId", CROSS_DEVICE),
        ("4", "clientId", "arn:aws:signin:::devtools/another"),
        ("5", "grantType", "password"),
        ("6", "code", "unknown"),
    ] {
        let mut body = redemption(&code(&sandbox));
        body[field] = value.into();
        assert_eq!(refusal(&client.ask(&sandbox, id, &body)), invalid(), "{field}");
    }
    let body = redemption(&code(&sandbox));
    assert_eq!(client.ask(&sandbox, "7", &body).status, 200);
    assert_eq!(refusal(&client.ask(&sandbox, "8", &body)), invalid());
}

#[test]
fn nothing_is_given_without_a_proof_for_this_very_request() {
    let sandbox = approving();
    let client = Client::new(1);
    let body = redemption(&code(&sandbox));
    assert_eq!(refusal(&post(&sandbox, None, &body)), invalid());
    assert_eq!(refusal(&post(&sandbox, Some("x.y.z"), &body)), invalid());
    let elsewhere = client.proof("https://signin.example/v1/token", "1");
    assert_eq!(refusal(&post(&sandbox, Some(&elsewhere), &body)), invalid());
    assert_eq!(client.ask(&sandbox, "2", &body).status, 200, "the code was not touched");
    let again = client.ask(&sandbox, "2", &redemption(&code(&sandbox)));
    assert_eq!(refusal(&again), invalid(), "a proof serves once");
}

#[test]
fn a_refresh_token_rotates_and_serves_the_holder_of_its_key_only() {
    let sandbox = approving();
    let (client, thief) = (Client::new(1), Client::new(2));
    let first = client.ask(&sandbox, "1", &redemption(&code(&sandbox))).json();
    assert_eq!(refusal(&thief.refresh(&sandbox, "2", &first["refreshToken"])), invalid());
    let second = client.refresh(&sandbox, "3", &first["refreshToken"]).json();
    assert!(second["idToken"].is_null());
    assert_ne!(second["accessToken"]["accessKeyId"], first["accessToken"]["accessKeyId"]);
    assert_eq!(refusal(&client.refresh(&sandbox, "4", &first["refreshToken"])), expired());
    assert_eq!(client.refresh(&sandbox, "5", &second["refreshToken"]).status, 200);
    sandbox.revoke_refresh_tokens();
    assert_eq!(refusal(&client.refresh(&sandbox, "6", &second["refreshToken"])), expired());
}

#[test]
fn a_person_decides_on_the_page() {
    let sandbox = Sandbox::start(Config::default()).unwrap();
    let decide = |decision: &str| {
        let page = get(&sandbox, &authorize(SAME_DEVICE, REDIRECT));
        assert_eq!(page.status, 200, "{page:?}");
        let start = page.body.find("name=\"ticket\" value=\"").unwrap() + 21;
        let ticket = page.body[start..].split('"').next().unwrap();
        post_form(&sandbox, "/authorize/decision", &[("ticket", ticket), ("decision", decision)])
    };
    assert!(decide("approve").headers["location"].contains("code="));
    assert!(decide("deny").headers["location"].contains("error=access_denied"));
}

#[test]
fn another_device_shows_the_code_to_copy() {
    let sandbox = approving();
    let confirmation = format!("{}/v1/sessions/confirmation", sandbox.url());
    let redirect = get(&sandbox, &authorize(CROSS_DEVICE, &confirmation));
    let location = redirect.headers["location"].strip_prefix(sandbox.url()).unwrap().to_owned();
    let page = get(&sandbox, &location);
    let start = page.body.find("<code id=\"code\">").unwrap() + 16;
    let shown = BASE64_STANDARD.decode(page.body[start..].split('<').next().unwrap()).unwrap();
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&shown).into_owned().collect();
    assert_eq!(fields[0], ("state".to_owned(), "st&te".to_owned()));
    assert_eq!(fields[1].0, "code");
    assert_eq!(get(&sandbox, "/v1/sessions/confirmation").status, 400);
}

#[test]
fn an_unknown_client_or_redirect_leads_nowhere() {
    let sandbox = approving();
    for (client, redirect) in [
        ("arn:aws:signin:::devtools/another", REDIRECT),
        (SAME_DEVICE, "http://attacker.example/oauth/callback"),
        (SAME_DEVICE, "http://127.0.0.1:1/elsewhere"),
        (CROSS_DEVICE, REDIRECT),
    ] {
        let answer = get(&sandbox, &authorize(client, redirect));
        assert_eq!(answer.status, 400, "{client} {redirect}");
        assert!(!answer.headers.contains_key("location"));
    }
}

#[test]
fn faults_speak_the_service_s_protocol() {
    let sandbox = approving();
    let outcome = Outcome::Respond { status: 403, code: "USER_CREDENTIALS_CHANGED".into() };
    let action = Some("refresh_token".to_owned());
    sandbox.add_fault(Fault { method: "POST".into(), path: "/v1/token".into(), action, outcome, times: 1 });
    let answer = Client::new(1).refresh(&sandbox, "1", &json!("any"));
    assert_eq!(refusal(&answer), (403, "AccessDeniedException".into(), "USER_CREDENTIALS_CHANGED".into()));
}
