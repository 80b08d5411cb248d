//! IAM: what it makes is true everywhere else.

use std::time::Duration;

use awsx_sandbox::{Config, Sandbox, seed};

use crate::client::{Answer, Keys, Signing, iam, quick, role_keys, sts};

const S3_READ_ONLY: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

fn ok(answer: Answer) -> Answer {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer
}

fn error(answer: &Answer) -> (u16, &str) {
    assert!(answer.status >= 400, "{answer:?}");
    (answer.status, answer.element("Code"))
}

fn list_buckets(sandbox: &Sandbox, keys: &Keys) -> Answer {
    Signing::new(keys, "s3").send(sandbox, "GET", "/", "text/plain", "")
}

/// Makes a user and the user's first key.
fn user(sandbox: &Sandbox, name: &str) -> Keys {
    let alice = Keys::alice();
    ok(iam(sandbox, &alice, "CreateUser", &[("UserName", name)]));
    key(sandbox, name)
}

fn key(sandbox: &Sandbox, user: &str) -> Keys {
    let key = ok(iam(sandbox, &Keys::alice(), "CreateAccessKey", &[("UserName", user)]));
    Keys { id: key.element("AccessKeyId").into(), secret: key.element("SecretAccessKey").into(), token: None }
}

fn put_policy(sandbox: &Sandbox, user: &str, statement: &str) {
    let document = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
    let fields = [("UserName", user), ("PolicyName", "test"), ("PolicyDocument", &*document)];
    ok(iam(sandbox, &Keys::alice(), "PutUserPolicy", &fields));
}

/// Makes a device for a user and enables it; its serial number and a code that is good.
fn device(sandbox: &Sandbox, user: &str) -> (String, String) {
    let alice = Keys::alice();
    let device = ok(iam(sandbox, &alice, "CreateVirtualMFADevice", &[("VirtualMFADeviceName", user)]));
    let serial = device.element("SerialNumber").to_owned();
    let [first, second, third] = sandbox.mfa_codes(&serial).unwrap();
    let fields = [
        ("UserName", user),
        ("SerialNumber", &*serial),
        ("AuthenticationCode1", &*first),
        ("AuthenticationCode2", &*second),
    ];
    ok(iam(sandbox, &alice, "EnableMFADevice", &fields));
    (serial, third)
}

#[test]
fn a_new_key_signs_and_is_allowed_nothing_until_a_policy_says_so() {
    let sandbox = quick();
    let keys = user(&sandbox, "bob");
    let identity = ok(sts(&sandbox, &keys, "GetCallerIdentity", &[]));
    assert_eq!(identity.element("Arn"), "arn:aws:iam::111122223333:user/bob");

    let denied = list_buckets(&sandbox, &keys);
    assert_eq!(error(&denied), (403, "AccessDenied"));
    assert_eq!(
        denied.element("Message"),
        "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:ListAllMyBuckets because no \
         identity-based policy allows the s3:ListAllMyBuckets action"
    );
    assert_eq!(error(&iam(&sandbox, &keys, "ListUsers", &[])), (403, "AccessDenied"));

    ok(iam(
        &sandbox,
        &Keys::alice(),
        "AttachUserPolicy",
        &[("UserName", "bob"), ("PolicyArn", S3_READ_ONLY)],
    ));
    ok(list_buckets(&sandbox, &keys));
    let put = Signing::new(&keys, "s3").send(&sandbox, "PUT", "/sandbox-notes/x", "text/plain", "x");
    assert_eq!(error(&put), (403, "AccessDenied"));
}

#[test]
fn a_policy_that_asks_for_mfa_denies_the_key_and_allows_the_session() {
    let sandbox = quick();
    let keys = user(&sandbox, "bob");
    let statement = r#"{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}"#;
    put_policy(&sandbox, "bob", statement);
    let (serial, code) = device(&sandbox, "bob");

    assert_eq!(error(&list_buckets(&sandbox, &keys)), (403, "AccessDenied"));
    let without = Keys::of_sts(&sts(&sandbox, &keys, "GetSessionToken", &[]));
    assert_eq!(error(&list_buckets(&sandbox, &without)), (403, "AccessDenied"));
    let fields = [("SerialNumber", &*serial), ("TokenCode", &*code)];
    let with = Keys::of_sts(&sts(&sandbox, &keys, "GetSessionToken", &fields));
    ok(list_buckets(&sandbox, &with));
    // A code serves once, and one user's device is of no use to another.
    assert_eq!(error(&sts(&sandbox, &keys, "GetSessionToken", &fields)), (403, "AccessDenied"));
    let fresh = sandbox.mfa_code();
    let theirs = [("SerialNumber", seed::MFA_SERIAL), ("TokenCode", &*fresh)];
    assert_eq!(error(&sts(&sandbox, &keys, "GetSessionToken", &theirs)), (403, "AccessDenied"));
}

#[test]
fn iam_takes_sessions_of_users_only_with_mfa() {
    let sandbox = quick();
    let alice = Keys::alice();
    let without = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &[]));
    assert_eq!(error(&iam(&sandbox, &without, "GetUser", &[])), (403, "InvalidClientTokenId"));
    let code = sandbox.mfa_code();
    let fields = [("SerialNumber", seed::MFA_SERIAL), ("TokenCode", &*code)];
    let with = Keys::of_sts(&sts(&sandbox, &alice, "GetSessionToken", &fields));
    assert_eq!(ok(iam(&sandbox, &with, "GetUser", &[])).element("UserName"), "alice");
}

#[test]
fn a_device_is_enabled_by_two_codes_in_order() {
    let sandbox = quick();
    let alice = Keys::alice();
    let made = ok(iam(&sandbox, &alice, "CreateVirtualMFADevice", &[("VirtualMFADeviceName", "phone")]));
    let serial = made.element("SerialNumber").to_owned();
    assert_eq!(serial, "arn:aws:iam::111122223333:mfa/phone");
    assert!(made.element("QRCodePNG").starts_with("iVBORw0KGgo"), "a PNG");
    let [first, second, _] = sandbox.mfa_codes(&serial).unwrap();
    let enable = |one: &str, two: &str| {
        let codes = [("AuthenticationCode1", one), ("AuthenticationCode2", two)];
        let device = [("UserName", "alice"), ("SerialNumber", &*serial)];
        iam(&sandbox, &alice, "EnableMFADevice", &[device, codes].concat())
    };
    assert_eq!(error(&enable(&second, &first)), (403, "InvalidAuthenticationCode"));
    assert_eq!(error(&enable(&first, &first)), (403, "InvalidAuthenticationCode"));
    ok(enable(&first, &second));
    let list = ok(iam(&sandbox, &alice, "ListMFADevices", &[]));
    assert!(list.body.contains(&serial) && list.body.contains(seed::MFA_SERIAL), "{list:?}");

    let serial = [("SerialNumber", &*serial)];
    assert_eq!(error(&iam(&sandbox, &alice, "DeleteVirtualMFADevice", &serial)), (409, "DeleteConflict"));
    ok(iam(&sandbox, &alice, "DeactivateMFADevice", &[serial[0], ("UserName", "alice")]));
    ok(iam(&sandbox, &alice, "DeleteVirtualMFADevice", &serial));
    let list = ok(iam(&sandbox, &alice, "ListVirtualMFADevices", &[("AssignmentStatus", "Any")]));
    assert!(!list.body.contains("mfa/phone") && list.body.contains("<UserName>alice"), "{list:?}");
}

#[test]
fn a_user_has_two_keys_at_most_and_an_inactive_one_does_not_sign() {
    let sandbox = quick();
    let alice = Keys::alice();
    let (first, second) = (user(&sandbox, "bob"), key(&sandbox, "bob"));
    let third = iam(&sandbox, &alice, "CreateAccessKey", &[("UserName", "bob")]);
    assert_eq!(error(&third), (409, "LimitExceeded"));

    let used = |id: &str| ok(iam(&sandbox, &alice, "GetAccessKeyLastUsed", &[("AccessKeyId", id)]));
    assert_eq!(used(&first.id).element("ServiceName"), "N/A");
    ok(sts(&sandbox, &first, "GetCallerIdentity", &[]));
    assert_eq!(used(&first.id).element("ServiceName"), "sts");

    let deactivate = [("UserName", "bob"), ("AccessKeyId", &*first.id), ("Status", "Inactive")];
    ok(iam(&sandbox, &alice, "UpdateAccessKey", &deactivate));
    let refused = sts(&sandbox, &first, "GetCallerIdentity", &[]);
    assert_eq!(error(&refused), (403, "InvalidClientTokenId"));
    assert_eq!(error(&list_buckets(&sandbox, &first)), (403, "InvalidAccessKeyId"));
    ok(sts(&sandbox, &second, "GetCallerIdentity", &[]));

    let delete = [("UserName", "bob"), ("AccessKeyId", &*first.id)];
    ok(iam(&sandbox, &alice, "DeleteAccessKey", &delete));
    let list = ok(iam(&sandbox, &alice, "ListAccessKeys", &[("UserName", "bob")]));
    assert!(!list.body.contains(&first.id) && list.body.contains(&second.id), "{list:?}");
    assert_eq!(error(&iam(&sandbox, &alice, "DeleteUser", &[("UserName", "bob")])), (409, "DeleteConflict"));
}

#[test]
fn a_role_is_assumed_by_whom_its_trust_policy_names() {
    let sandbox = quick();
    let alice = Keys::alice();
    let (bob, eve) = (user(&sandbox, "bob"), user(&sandbox, "eve"));
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/bob"},
        "Condition": {"StringEquals": {"sts:ExternalId": "x1"}}}]}"#;
    let create = |trust: &str| {
        iam(&sandbox, &alice, "CreateRole", &[("RoleName", "r"), ("AssumeRolePolicyDocument", trust)])
    };
    let arn = ok(create(trust)).element("Arn").to_owned();
    assert_eq!(error(&create(trust)), (409, "EntityAlreadyExists"));
    assert_eq!(error(&create(&trust.replace("bob", "nobody"))), (400, "MalformedPolicyDocument"));
    ok(iam(&sandbox, &alice, "AttachRolePolicy", &[("RoleName", "r"), ("PolicyArn", S3_READ_ONLY)]));

    let assume = |keys: &Keys, more: &[(&str, &str)]| {
        let fields = [&[("RoleArn", &*arn), ("RoleSessionName", "test")], more].concat();
        sts(&sandbox, keys, "AssumeRole", &fields)
    };
    let external_id = [("ExternalId", "x1")];
    assert_eq!(error(&assume(&bob, &[])), (403, "AccessDenied"));
    assert_eq!(error(&assume(&eve, &external_id)), (403, "AccessDenied"));
    ok(list_buckets(&sandbox, &Keys::of_sts(&assume(&bob, &external_id))));

    let nothing = r#"{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}"#;
    let narrowed = Keys::of_sts(&assume(&bob, &[external_id[0], ("Policy", nothing)]));
    let denied = list_buckets(&sandbox, &narrowed);
    assert!(denied.element("Message").ends_with("with an explicit deny in a session policy"), "{denied:?}");

    assert_eq!(error(&iam(&sandbox, &alice, "DeleteRole", &[("RoleName", "r")])), (409, "DeleteConflict"));
    ok(iam(&sandbox, &alice, "DetachRolePolicy", &[("RoleName", "r"), ("PolicyArn", S3_READ_ONLY)]));
    ok(iam(&sandbox, &alice, "DeleteRole", &[("RoleName", "r")]));
    assert_eq!(error(&assume(&bob, &external_id)), (403, "AccessDenied"));
}

#[test]
fn federated_users_have_what_both_their_policies_allow() {
    let sandbox = quick();
    let alice = Keys::alice();
    let federate = |more: &[(&str, &str)]| {
        let fields = [&[("Name", "guest")], more].concat();
        Keys::of_sts(&sts(&sandbox, &alice, "GetFederationToken", &fields))
    };
    assert_eq!(error(&list_buckets(&sandbox, &federate(&[]))), (403, "AccessDenied"));
    ok(list_buckets(&sandbox, &federate(&[("PolicyArns.member.1.arn", S3_READ_ONLY)])));
}

#[test]
fn other_services_learn_of_changes_with_a_delay() {
    let config = Config { propagation: Duration::from_millis(400), ..Config::default() };
    let sandbox = Sandbox::start(config).unwrap();
    let keys = user(&sandbox, "bob");
    assert_eq!(error(&sts(&sandbox, &keys, "GetCallerIdentity", &[])), (403, "InvalidClientTokenId"));
    std::thread::sleep(Duration::from_millis(400));
    ok(sts(&sandbox, &keys, "GetCallerIdentity", &[]));
}

#[test]
fn lists_come_in_pages() {
    let sandbox = quick();
    let alice = Keys::alice();
    user(&sandbox, "bob");
    user(&sandbox, "carol");
    let page = ok(iam(&sandbox, &alice, "ListUsers", &[("MaxItems", "2")]));
    assert_eq!((page.element("IsTruncated"), page.body.matches("<UserName>").count()), ("true", 2));
    let marker = page.element("Marker");
    let page = ok(iam(&sandbox, &alice, "ListUsers", &[("MaxItems", "2"), ("Marker", marker)]));
    assert_eq!((page.element("IsTruncated"), page.element("UserName")), ("false", "carol"));
}

#[test]
fn permission_sets_may_do_everything() {
    let sandbox = quick();
    let admin = role_keys(&sandbox, seed::PRODUCTION, "Administrator");
    let users = ok(iam(&sandbox, &admin, "ListUsers", &[]));
    assert!(!users.body.contains("alice"), "another account's users: {users:?}");
    ok(iam(&sandbox, &admin, "CreateUser", &[("UserName", "alice")]));
}
