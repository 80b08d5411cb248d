//! `ecr get-login-password`, and the public registry's.

use super::asking;
use crate::support::Route;

/// `AWS:pass:word`, in base64.
const TOKEN: &str = "QVdTOnBhc3N3b3Jk";

#[test]
fn the_password_is_all_that_is_printed() {
    let data = format!(r#"{{"authorizationToken": "{TOKEN}", "expiresAt": 1.8e9}}"#);
    let private = Route::operation(
        "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
        &format!(r#"{{"authorizationData": [{data}]}}"#),
    );
    let public = Route::operation(
        "SpencerFrontendService.GetAuthorizationToken",
        &format!(r#"{{"authorizationData": {data}}}"#),
    );
    let (env, service) = asking(vec![private, public]);
    assert_eq!(env.run("ecr get-login-password").ok(), "password\n");
    assert_eq!(env.run("--region us-east-1 ecr-public get-login-password").ok(), "password\n");
    assert_eq!(service.bodies(), ["{}", "{}"]);
}

#[test]
fn a_request_can_be_seen_without_being_sent() {
    let (env, service) = asking(Vec::new());
    let shown = env.run("ecr get-login-password --dry-run-request").ok();
    assert!(shown.contains("GetAuthorizationToken") && !shown.contains("authorization:"), "{shown}");
    assert!(service.requests().is_empty());
}

#[test]
fn a_refusal_is_the_service_s() {
    let refusal = Route::operation(
        "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
        r#"{"__type": "AccessDeniedException", "message": "no"}"#,
    );
    let (env, _service) = asking(vec![refusal.failing(400)]);
    let run = env.run("ecr get-login-password");
    assert_eq!(run.code, 254);
    let said =
        "An error occurred (AccessDeniedException) when calling the GetAuthorizationToken operation: no";
    assert!(run.stderr.contains(said), "{run}");
}
