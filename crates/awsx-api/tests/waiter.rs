//! Waiters as botocore has them.

mod script;

use awsx_api::ServiceError;
use awsx_api::waiter::{WaitError, wait};
use awsx_model::{Acceptor, Expected, Input, Matcher, Outcome, Waiter};
use awsx_output::{Map, Value};

use crate::script::{Script, from_json};

#[tokio::test(flavor = "current_thread")]
async fn waits_until_it_is_so() {
    let script = Script::of_lines("iam", vec![Err(error("NoSuchEntity", 404)), answer("{}")]);
    waited(&script, "UserExists").await.unwrap();
    assert_eq!(script.asked.borrow().len(), 2);
}

#[tokio::test(flavor = "current_thread")]
async fn gives_up_after_the_last_attempt() {
    let script = Script::of_lines("iam", (0..20).map(|_| Err(error("NoSuchEntity", 404))).collect());
    let failed = waited(&script, "UserExists").await.unwrap_err().to_string();
    assert_eq!(
        failed,
        "Waiter UserExists failed: Max attempts exceeded. Previously accepted state: \
         Matched expected service error code: NoSuchEntity"
    );
    assert_eq!(script.asked.borrow().len(), 20);
}

#[tokio::test(flavor = "current_thread")]
async fn says_less_where_nothing_ever_fitted() {
    let script = Script::of_lines("dynamodb", (0..25).map(|_| answer("{}")).collect());
    let failed = waited(&script, "TableExists").await.unwrap_err().to_string();
    assert_eq!(failed, "Waiter TableExists failed: Max attempts exceeded");
}

#[tokio::test(flavor = "current_thread")]
async fn an_error_nobody_expects_ends_the_wait() {
    let script = Script::of_lines("iam", vec![Err(error("AccessDenied", 403))]);
    let failed = waited(&script, "UserExists").await.unwrap_err().to_string();
    assert_eq!(failed, "Waiter UserExists failed: An error occurred (AccessDenied): no");
}

#[tokio::test(flavor = "current_thread")]
async fn a_state_that_cannot_change_ends_the_wait() {
    let terminated = r#"{"Reservations": [{"Instances": [{"State": {"Name": "terminated"}}]}]}"#;
    let script = Script::of_lines("ec2", vec![answer(terminated)]);
    let failed = waited(&script, "InstanceRunning").await.unwrap_err().to_string();
    assert_eq!(
        failed,
        "Waiter InstanceRunning failed: Waiter encountered a terminal failure state: For expression \
         \"Reservations[].Instances[].State.Name\" we matched expected path: \"terminated\" at least once"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn all_elements_must_fit_and_there_must_be_one() {
    let instances = |states: &[&str]| {
        let states: Vec<_> =
            states.iter().map(|state| format!(r#"{{"State": {{"Name": "{state}"}}}}"#)).collect();
        answer(&format!(r#"{{"Reservations": [{{"Instances": [{}]}}]}}"#, states.join(",")))
    };
    let lines = vec![instances(&[]), instances(&["running", "pending"]), instances(&["running", "running"])];
    let script = Script::of_lines("ec2", lines);
    waited(&script, "InstanceRunning").await.unwrap();
    assert_eq!(script.asked.borrow().len(), 3);
}

#[tokio::test(flavor = "current_thread")]
async fn status_counts_for_errors_too() {
    let script = Script::of_lines("s3", vec![Err(error("NotThere", 404))]);
    waited(&script, "BucketNotExists").await.unwrap();
}

#[tokio::test(flavor = "current_thread")]
async fn errors_can_be_asked_for_or_against_as_such() {
    let any =
        Acceptor { outcome: Outcome::Success, matcher: Matcher::Error, expected: Expected::Boolean(true) };
    let none = Acceptor { outcome: Outcome::Failure, expected: Expected::Boolean(false), ..any.clone() };
    let waiter = at_once(Waiter {
        name: "Failing",
        operation: "GetUser",
        delay: 0,
        max_attempts: 3,
        acceptors: vec![any, none],
    });
    let script = Script::of_lines("iam", vec![Err(error("Whatever", 500))]);
    wait(&script, waiter, Input::empty()).await.unwrap();
    let script = Script::of_lines("iam", vec![answer("{}")]);
    let failed = wait(&script, waiter, Input::empty()).await.unwrap_err().to_string();
    assert_eq!(
        failed,
        "Waiter Failing failed: Waiter encountered a terminal failure state: \
         Matched expected service error code: False"
    );
}

#[tokio::test(flavor = "current_thread")]
async fn numbers_and_truths_are_compared_as_such() {
    let path =
        |path, expected| Acceptor { outcome: Outcome::Success, matcher: Matcher::Path(path), expected };
    for (expected, fitting, other) in [
        (Expected::Boolean(true), r#"{"a": true}"#, r#"{"a": "true"}"#),
        (Expected::Integer(1), r#"{"a": 1}"#, r#"{"a": "1"}"#),
        (Expected::Text("1"), r#"{"a": "1"}"#, r#"{"a": 1}"#),
    ] {
        let acceptors = vec![path("a", expected)];
        let waiter =
            at_once(Waiter { name: "W", operation: "GetUser", delay: 0, max_attempts: 1, acceptors });
        let answered = |text| Script::of_lines("iam", vec![answer(text)]);
        wait(&answered(fitting), waiter, Input::empty()).await.unwrap();
        wait(&answered(other), waiter, Input::empty()).await.unwrap_err();
    }
}

/// Waits without pauses.
async fn waited(script: &Script, waiter: &str) -> Result<(), WaitError> {
    let waiter = script.service.waiter(waiter).expect("the service has it");
    wait(script, at_once(Waiter { delay: 0, ..waiter.clone() }), Input::empty()).await
}

fn at_once(waiter: Waiter) -> &'static Waiter {
    Box::leak(Box::new(waiter))
}

#[expect(clippy::unnecessary_wraps, reason = "lines of a script are answers or errors")]
fn answer(json: &str) -> Result<Value, Box<ServiceError>> {
    Ok(from_json(&serde_json::from_str(json).expect("the answer is JSON")))
}

#[expect(clippy::unnecessary_box_returns, reason = "results carry it in a box")]
fn error(code: &str, status: u16) -> Box<ServiceError> {
    Box::new(ServiceError {
        operation: "Any",
        code: code.to_owned(),
        message: "no".to_owned(),
        fields: Map::new(),
        status,
        request_id: None,
        retries: None,
    })
}
