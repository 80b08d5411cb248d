//! When a request is sent again.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use awsx_api::wire::{Fetch, KeySource, Keys};
use awsx_api::{CallError, Identity, RetryMode};

use crate::server::{Server, call, config};

const IDENTITY: &str =
    "200 OK\n\n<R><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></R>";

#[test]
fn a_server_that_cannot_is_asked_again() {
    let server = Server::new(&["503 Unavailable\n\n", "500 Oops\n\n<html>oops</html>", IDENTITY]);
    call(config(&server), "sts", "GetCallerIdentity", &[]).unwrap();
    let requests = server.requests();
    for (at, request) in requests.iter().enumerate() {
        assert!(request.contains(&format!("amz-sdk-request: attempt={}; max=3\n", at + 1)), "{request}");
    }
}

#[test]
fn the_number_of_repeats_is_told_when_they_ran_out() {
    let server = Server::new(&["503 Service Unavailable\n\n"; 2]);
    let mut config = config(&server);
    config.retry.max_attempts = 2;
    let error = call(config, "sts", "GetCallerIdentity", &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "An error occurred (503) when calling the GetCallerIdentity operation (reached max retries: 1): Service Unavailable"
    );
    server.requests();
}

#[test]
fn what_the_caller_did_wrong_is_not_repeated() {
    let refused = "403 Forbidden\n\n<E><Error><Code>AccessDenied</Code><Message>no</Message></Error></E>";
    let server = Server::new(&[refused]);
    let error = call(config(&server), "sts", "GetCallerIdentity", &[]).unwrap_err();
    assert_eq!(error.service().unwrap().retries, None);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn throttling_is_waited_out_in_every_mode() {
    for mode in [RetryMode::Legacy, RetryMode::Standard, RetryMode::Adaptive] {
        let throttled = "400 Bad Request\n\n<E><Error><Code>Throttling</Code></Error></E>";
        let server = Server::new(&[throttled, IDENTITY]);
        let mut config = config(&server);
        config.retry.mode = mode;
        call(config, "sts", "GetCallerIdentity", &[]).unwrap();
        server.requests();
    }
}

#[test]
fn a_wrong_clock_is_set_right_by_the_services() {
    let skewed = "403 Forbidden\ndate: Tue, 01 Jan 2030 00:00:00 GMT\n\n\
        <E><Error><Code>SignatureDoesNotMatch</Code><Message>late</Message></Error></E>";
    let server = Server::new(&[skewed, IDENTITY]);
    call(config(&server), "sts", "GetCallerIdentity", &[]).unwrap();
    let requests = server.requests();
    assert!(requests[1].contains("x-amz-date: 20300101T0000"), "{}", requests[1]);
}

/// Has another key each time.
#[derive(Debug)]
struct Another;

impl KeySource for Another {
    fn fetch(&self) -> Fetch<'_> {
        Box::pin(async { Ok(Credentials::new("AKIDOTHER", "secret", None, None, "test")) })
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the client under test asks the system's clock")]
fn keys_that_have_ended_are_replaced_and_the_call_goes_on() {
    let ended = "400 Bad Request\n\n<E><Error><Code>ExpiredToken</Code><Message>old</Message></Error></E>";
    let server = Server::new(&[ended, IDENTITY]);
    let mut config = config(&server);
    let now = SystemTime::now();
    let end = Some(now + Duration::from_hours(1));
    let first = Credentials::new("AKIDFIRST", "secret", None, end, "test");
    config.identity = Identity::Keys(Keys::renewed(first, now, Arc::new(Another)));
    config.retry.max_attempts = 1;
    call(config, "sts", "GetCallerIdentity", &[]).unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("Credential=AKIDFIRST/"), "{}", requests[0]);
    assert!(requests[1].contains("Credential=AKIDOTHER/"), "{}", requests[1]);
}

#[test]
fn nobody_there_is_said_in_aws_clis_words() {
    let server = Server::new(&[]);
    let mut config = config(&server);
    config.retry.max_attempts = 1;
    let url = server.url.clone();
    server.requests();
    let error = call(config, "sts", "GetCallerIdentity", &[]).unwrap_err();
    assert!(matches!(error, CallError::Request(_)));
    assert_eq!(error.to_string(), format!("Could not connect to the endpoint URL: \"{url}/\""));
}
