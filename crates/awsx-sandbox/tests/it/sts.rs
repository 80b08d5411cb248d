use std::time::Duration;

use awsx_sandbox::{Sandbox, seed};

use crate::client::{Answer, Keys, Signing, get, now, post_form, quick, role_keys, send, sts, sts_body};

const FORM: &str = "application/x-www-form-urlencoded";

fn assume(sandbox: &Sandbox, keys: &Keys, role: &str, more: &[(&str, &str)]) -> Answer {
    sts(sandbox, keys, "AssumeRole", &[&[("RoleArn", role), ("RoleSessionName", "test")], more].concat())
}

fn arn(sandbox: &Sandbox, keys: &Keys) -> String {
    let answer = sts(sandbox, keys, "GetCallerIdentity", &[]);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.element("Arn").to_owned()
}

/// Status and code of an error.
fn error(answer: &Answer) -> (u16, &str) {
    assert!(
        answer.body.contains("<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"),
        "{answer:?}"
    );
    (answer.status, answer.element("Code"))
}

#[test]
fn every_kind_of_session_has_its_arn() {
    let sandbox = quick();
    let alice = Keys::alice();
    assert_eq!(arn(&sandbox, &alice), seed::USER_ARN);

    let role = Keys::of_sts(&assume(&sandbox, &alice, seed::CONSOLE_READER_ARN, &[]));
    assert_eq!(arn(&sandbox, &role), "arn:aws:sts::111122223333:assumed-role/ConsoleReader/test");
    let session = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &[]));
    assert_eq!(arn(&sandbox, &session), seed::USER_ARN);
    let federated = Keys::of_sts(&sts(&sandbox, &alice, "GetFederationToken", &[("Name", "bob")]));
    assert_eq!(arn(&sandbox, &federated), "arn:aws:sts::111122223333:federated-user/bob");
    let sso = role_keys(&sandbox, seed::PRODUCTION, "Administrator");
    let sso = arn(&sandbox, &sso);
    assert!(sso.starts_with("arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Administrator_"), "{sso}");
    assert!(sso.ends_with("/alice"), "{sso}");
}

#[test]
fn signatures_are_verified() {
    let sandbox = quick();
    let alice = Keys::alice();
    let body = sts_body("GetCallerIdentity", &[]);
    let unsigned = send(&sandbox, "POST", "/", &[("content-type", FORM)], &body);
    assert_eq!(error(&unsigned), (403, "MissingAuthenticationToken"));

    let wrong_secret = Keys { secret: "x".into(), ..alice.clone() };
    assert_eq!(
        error(&sts(&sandbox, &wrong_secret, "GetCallerIdentity", &[])),
        (403, "SignatureDoesNotMatch")
    );
    let unknown = Keys { id: "AKIAUNKNOWN".into(), ..alice.clone() };
    let refused = sts(&sandbox, &unknown, "GetCallerIdentity", &[]);
    assert_eq!(error(&refused), (403, "InvalidClientTokenId"));
    assert_eq!(refused.element("Message"), "The security token included in the request is invalid.");

    let signed = Signing::new(&alice, "sts").headers(&sandbox, "POST", "/", FORM, &body);
    let signed: Vec<_> = signed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let tampered = sts_body("GetSessionToken", &[]);
    assert_eq!(error(&send(&sandbox, "POST", "/", &signed, &tampered)), (403, "SignatureDoesNotMatch"));
    assert_eq!(error(&send(&sandbox, "POST", "/?x=1", &signed, &body)), (403, "SignatureDoesNotMatch"));
    let unsigned_header = [&signed[..], &[("x-amz-extra", "1")]].concat();
    assert_eq!(error(&send(&sandbox, "POST", "/", &unsigned_header, &body)), (403, "SignatureDoesNotMatch"));
    assert_eq!(send(&sandbox, "POST", "/", &signed, &body).status, 200);
}

#[test]
fn scope_and_clock_are_checked() {
    let sandbox = quick();
    let alice = Keys::alice();
    let body = sts_body("GetCallerIdentity", &[]);
    let call = |signing: Signing<'_>| signing.send(&sandbox, "POST", "/", FORM, &body);
    let quarter = Duration::from_mins(15);

    let mut late = Signing::new(&alice, "sts");
    late.time = now() - quarter - Duration::from_secs(5);
    let late = call(late);
    assert_eq!(error(&late), (403, "SignatureDoesNotMatch"));
    assert!(late.element("Message").starts_with("Signature expired: "), "{late:?}");
    let mut early = Signing::new(&alice, "sts");
    early.time = now() + quarter + Duration::from_secs(5);
    assert!(call(early).element("Message").starts_with("Signature not yet current: "));
    let mut near = Signing::new(&alice, "sts");
    near.time = now() - quarter + Duration::from_secs(30);
    assert_eq!(call(near).status, 200);

    let mut region = Signing::new(&alice, "sts");
    region.region = "aws-global";
    assert_eq!(call(region).element("Message"), "Credential should be scoped to a valid region.");
    let mut region = Signing::new(&alice, "sts");
    region.region = "eu-central-1";
    assert_eq!(call(region).status, 200);

    let incomplete = [("content-type", FORM), ("authorization", "AWS4-HMAC-SHA256 Credential=x")];
    assert_eq!(error(&send(&sandbox, "POST", "/", &incomplete, &body)), (400, "IncompleteSignature"));
}

#[test]
fn a_service_that_is_not_there_is_named_in_every_form() {
    let sandbox = quick();
    let alice = Keys::alice();
    let call = |service, method, target, content_type| {
        Signing::new(&alice, service).send(&sandbox, method, target, content_type, "")
    };
    let ec2 = call("ec2", "POST", "/", FORM);
    assert_eq!((ec2.status, ec2.element("Code")), (404, "UnknownOperationException"));
    assert!(ec2.element("Message").contains("no service `ec2`: it has `sts`, `iam` and `s3`"), "{ec2:?}");
    let route53 = call("route53", "GET", "/2013-04-01/hostedzone", "");
    assert!(route53.element("Message").contains("no service `route53`"), "{route53:?}");
    let dynamodb = call("dynamodb", "POST", "/", "application/x-amz-json-1.0");
    assert!(dynamodb.json()["message"].as_str().unwrap().contains("no service `dynamodb`"), "{dynamodb:?}");
    let lambda = call("lambda", "GET", "/2015-03-31/functions", "");
    assert!(lambda.json()["message"].as_str().unwrap().contains("no service `lambda`"), "{lambda:?}");
}

#[test]
fn presigned_requests_last_as_long_as_they_say() {
    let sandbox = quick();
    let session = Keys::of_sts(&sts(&sandbox, &Keys::alice(), "GetSessionToken", &[]));
    let target = format!("/?{}", sts_body("GetCallerIdentity", &[]));
    let mut signing = Signing::new(&session, "sts");
    signing.time = now() - Duration::from_mins(50);
    let presigned = signing.presign(&sandbox, &target);
    assert_eq!(get(&sandbox, &presigned).element("Arn"), seed::USER_ARN);
    let longer = presigned.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200");
    assert_eq!(error(&get(&sandbox, &longer)), (403, "SignatureDoesNotMatch"));
    signing.time = now() - Duration::from_mins(61);
    let late = get(&sandbox, &signing.presign(&sandbox, &target));
    assert!(late.element("Message").starts_with("Signature expired: "), "{late:?}");
}

#[test]
fn a_session_needs_its_own_unexpired_token() {
    let sandbox = quick();
    let alice = Keys::alice();
    let one = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &[]));
    let other = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &[]));
    let mixed = Keys { token: other.token.clone(), ..one.clone() };
    assert_eq!(error(&sts(&sandbox, &mixed, "GetCallerIdentity", &[])), (403, "InvalidClientTokenId"));
    let bare = Keys { token: None, ..one.clone() };
    assert_eq!(error(&sts(&sandbox, &bare, "GetCallerIdentity", &[])), (403, "InvalidClientTokenId"));
    sandbox.expire_credentials();
    assert_eq!(error(&sts(&sandbox, &one, "GetCallerIdentity", &[])), (403, "ExpiredToken"));
}

#[test]
fn a_role_trusts_whom_it_names() {
    let sandbox = quick();
    let alice = Keys::alice();
    for role in [seed::FORBIDDEN_ARN, seed::DEPLOYER_ARN, "arn:aws:iam::111122223333:role/Nowhere"] {
        let answer = assume(&sandbox, &alice, role, &[]);
        assert_eq!(error(&answer), (403, "AccessDenied"));
        assert_eq!(
            answer.element("Message"),
            format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {role}",
                seed::USER_ARN
            )
        );
    }
    assert_eq!(error(&assume(&sandbox, &alice, seed::AUDITOR_ARN, &[])), (403, "AccessDenied"));
    let external = [("ExternalId", seed::EXTERNAL_ID)];
    assert_eq!(assume(&sandbox, &alice, seed::AUDITOR_ARN, &external).status, 200);
}

#[test]
fn durations_have_their_limits() {
    let sandbox = quick();
    let alice = Keys::alice();
    let seconds = |seconds| [("DurationSeconds", seconds)];
    let reader = |keys: &Keys, length| assume(&sandbox, keys, seed::CONSOLE_READER_ARN, &seconds(length));
    let short = reader(&alice, "899");
    assert_eq!(error(&short), (400, "ValidationError"));
    assert_eq!(
        short.element("Message"),
        "1 validation error detected: Value &#39;899&#39; at &#39;durationSeconds&#39; failed to satisfy constraint: \
         Member must have value greater than or equal to 900"
    );
    assert_eq!(error(&reader(&alice, "43201")), (400, "ValidationError"));
    let external = [("ExternalId", seed::EXTERNAL_ID), ("DurationSeconds", "3601")];
    let over = assume(&sandbox, &alice, seed::AUDITOR_ARN, &external);
    assert!(over.element("Message").contains("MaxSessionDuration"), "{over:?}");

    let chained = Keys::of_sts(&reader(&alice, "43200"));
    let chain = reader(&chained, "3601");
    assert_eq!(error(&chain), (400, "ValidationError"));
    assert!(chain.element("Message").contains("1 hour session limit for roles assumed by role chaining"));
    assert_eq!(reader(&chained, "3600").status, 200);
    let sso = role_keys(&sandbox, seed::DEVELOPMENT, "Developer");
    assert_eq!(reader(&sso, "3601").status, 400);
    assert_eq!(reader(&sso, "3600").status, 200);

    let session = |length| sts(&sandbox, &alice, "GetSessionToken", &seconds(length)).status;
    assert_eq!([session("129601"), session("129600"), session("x")], [400, 200, 400]);
}

#[test]
fn parameters_are_validated() {
    let sandbox = quick();
    let alice = Keys::alice();
    let call = |fields: &[(&str, &str)]| sts(&sandbox, &alice, "AssumeRole", fields);
    let missing = call(&[("RoleSessionName", "test")]);
    assert!(missing.element("Message").contains("Value null at &#39;roleArn&#39;"), "{missing:?}");
    let name = call(&[("RoleArn", seed::CONSOLE_READER_ARN), ("RoleSessionName", "no spaces")]);
    assert!(name.element("Message").contains("[\\w+=,.@-]*"), "{name:?}");
    let arn = call(&[("RoleArn", "arn:aws:iam::111122223333:user/alice"), ("RoleSessionName", "test")]);
    assert_eq!(arn.element("Message"), "arn:aws:iam::111122223333:user/alice is invalid");
    let policy = assume(&sandbox, &alice, seed::CONSOLE_READER_ARN, &[("Policy", "{")]);
    assert_eq!(error(&policy), (400, "MalformedPolicyDocument"));
    let policy = assume(&sandbox, &alice, seed::CONSOLE_READER_ARN, &[("Policy", "{\"Statement\":[]}")]);
    assert_eq!(policy.element("PackedPolicySize"), "1");
    assert_eq!(error(&sts(&sandbox, &alice, "Nothing", &[])), (400, "InvalidAction"));
}

#[test]
fn mfa_codes_serve_once_and_open_roles_that_ask_for_them() {
    let sandbox = quick();
    let alice = Keys::alice();
    let session = |serial: &str, code: &str| {
        sts(&sandbox, &alice, "GetSessionToken", &[("SerialNumber", serial), ("TokenCode", code)])
    };
    let operator = |keys: &Keys, more: &[(&str, &str)]| assume(&sandbox, keys, seed::OPERATOR_ARN, more);
    assert_eq!(error(&operator(&alice, &[])), (403, "AccessDenied"));

    let code = sandbox.mfa_code();
    assert_eq!(error(&session("arn:aws:iam::111122223333:mfa/bob", &code)), (403, "AccessDenied"));
    assert_eq!(error(&session(seed::MFA_SERIAL, "12345")), (400, "ValidationError"));
    let with_mfa = Keys::of_sts(&session(seed::MFA_SERIAL, &code));
    let again = session(seed::MFA_SERIAL, &code);
    assert_eq!(error(&again), (403, "AccessDenied"));
    assert_eq!(
        again.element("Message"),
        "MultiFactorAuthentication failed with invalid MFA one time pass code. "
    );
    assert_eq!(operator(&with_mfa, &[]).status, 200);
    let code = sandbox.mfa_code();
    assert_eq!(operator(&alice, &[("SerialNumber", seed::MFA_SERIAL), ("TokenCode", &code)]).status, 200);
    assert_eq!(error(&operator(&alice, &[("SerialNumber", seed::MFA_SERIAL)])), (403, "AccessDenied"));
}

#[test]
fn sessions_cannot_make_user_sessions() {
    let sandbox = quick();
    let role = Keys::of_sts(&assume(&sandbox, &Keys::alice(), seed::CONSOLE_READER_ARN, &[]));
    let answer = sts(&sandbox, &role, "GetSessionToken", &[]);
    assert_eq!(answer.element("Message"), "Cannot call GetSessionToken with session credentials");
    assert_eq!(error(&sts(&sandbox, &role, "GetFederationToken", &[("Name", "bob")])), (403, "AccessDenied"));
}

#[test]
fn web_identity_is_unsigned_and_read() {
    let sandbox = quick();
    let call = |role: &str, token: &str| {
        post_form(
            &sandbox,
            "/",
            &[
                ("Action", "AssumeRoleWithWebIdentity"),
                ("Version", "2011-06-15"),
                ("RoleArn", role),
                ("RoleSessionName", "pod"),
                ("WebIdentityToken", token),
            ],
        )
    };
    let token = sandbox.web_identity_token();
    let answer = call(seed::DEPLOYER_ARN, &token);
    assert_eq!(answer.element("Audience"), "sts.amazonaws.com");
    let keys = Keys::of_sts(&answer);
    assert_eq!(arn(&sandbox, &keys), "arn:aws:sts::111122223333:assumed-role/Deployer/pod");
    assert_eq!(error(&call(seed::CONSOLE_READER_ARN, &token)), (403, "AccessDenied"));
    assert_eq!(error(&call(seed::DEPLOYER_ARN, "not.a.token")), (400, "InvalidIdentityToken"));
    // {"exp":1}
    assert_eq!(error(&call(seed::DEPLOYER_ARN, "e30.eyJleHAiOjF9.x")), (400, "ExpiredTokenException"));
}
