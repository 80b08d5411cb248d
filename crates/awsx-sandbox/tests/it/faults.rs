use awsx_sandbox::{Config, Fault, Outcome, Sandbox, seed};

use crate::client::{Keys, poll, post_json, quick, register, send, start_device, sts, try_send};

fn fault(method: &str, path: &str, action: Option<&str>, outcome: Outcome) -> Fault {
    Fault { method: method.into(), path: path.into(), action: action.map(str::to_owned), outcome, times: 1 }
}

fn respond(status: u16, code: &str) -> Outcome {
    Outcome::Respond { status, code: code.into() }
}

#[test]
fn a_fault_hits_its_action_as_often_as_told() {
    let sandbox = Sandbox::start(Config {
        faults: vec![fault("POST", "/", Some("GetSessionToken"), respond(400, "Throttling"))],
        ..Config::default()
    })
    .unwrap();
    let alice = Keys::alice();
    assert_eq!(sts(&sandbox, &alice, "GetCallerIdentity", &[]).status, 200);
    let hit = sts(&sandbox, &alice, "GetSessionToken", &[]);
    assert_eq!((hit.status, hit.element("Code")), (400, "Throttling"));
    assert_eq!(sts(&sandbox, &alice, "GetSessionToken", &[]).status, 200);
}

#[test]
fn a_fault_speaks_the_protocol_of_its_path() {
    let sandbox = quick();
    sandbox.add_fault(fault("POST", "/token", None, respond(500, "InternalServerException")));
    let client = register(&sandbox);
    let device = start_device(&sandbox, &client);
    assert_eq!(poll(&sandbox, &client, &device).oidc_error(), (500, "internal_server".into()));
    sandbox.add_fault(fault("GET", "/assignment/accounts", None, respond(429, "TooManyRequestsException")));
    let hit = send(&sandbox, "GET", "/assignment/accounts", &[], "");
    assert_eq!((hit.status, hit.headers["x-amzn-errortype"].as_str()), (429, "TooManyRequestsException"));
}

#[test]
fn a_cut_connection_gives_no_answer() {
    let sandbox = quick();
    sandbox.add_fault(fault("GET", "/device", None, Outcome::Cut));
    assert!(try_send(&sandbox, "GET", "/device", &[], "").is_none());
    assert_eq!(send(&sandbox, "GET", "/device", &[], "").status, 200);
}

#[test]
fn requests_are_logged_and_large_ones_refused() {
    let sandbox = quick();
    let client = register(&sandbox);
    let log = sandbox.requests();
    assert_eq!((log[0].method.as_str(), log[0].path.as_str()), ("POST", "/client/register"));
    assert_eq!(log[0].json.as_ref().unwrap()["scopes"][0], seed::ACCOUNT_SCOPE);
    sandbox.clear_requests();
    sts(&sandbox, &Keys::alice(), "GetCallerIdentity", &[]);
    assert_eq!(sandbox.requests()[0].form["Action"], "GetCallerIdentity");
    assert!(sandbox.requests()[0].headers["authorization"].starts_with("AWS4-HMAC-SHA256 "));

    for _ in 0..40 {
        start_device(&sandbox, &client);
    }
    assert_eq!(sandbox.requests().len(), 41);
    let large = "x".repeat(300 * 1024);
    assert_eq!(send(&sandbox, "POST", "/token", &[], &large).status, 413);
    let unknown = post_json(&sandbox, "/nowhere", &serde_json::json!({}));
    assert_eq!(unknown.status, 403);
}

#[test]
fn dropping_a_sandbox_frees_its_port() {
    let sandbox = quick();
    let port = sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    drop(sandbox);
    let again = Sandbox::start(Config { port, ..Config::default() }).unwrap();
    assert_eq!(again.environment()[0], ("AWS_ENDPOINT_URL".to_owned(), format!("http://127.0.0.1:{port}")));
}
