//! Fewer rights: what STS is asked for, and that nothing narrow is ever given out at full power.

use awsx_sandbox::{Config, seed};
use serde_json::Value;

use crate::support::{DEVELOPER, TestEnv, approving};

fn env() -> TestEnv {
    let config = format!(
        "[profile reader]\nrole_arn = {}\nsource_profile = default\nregion = eu-west-1\n",
        seed::CONSOLE_READER_ARN
    );
    TestEnv::with_sandbox(Config::default()).alice().config(&config)
}

/// The forms of every `AssumeRole` so far.
fn asked(env: &TestEnv) -> Vec<std::collections::BTreeMap<String, String>> {
    let requests = env.sandbox().requests().into_iter().map(|request| request.form);
    requests.filter(|form| form.get("Action").is_some_and(|action| action == "AssumeRole")).collect()
}

#[test]
fn the_profiles_own_role_is_taken_with_all_that_was_asked() {
    let env = env();
    env.write("policy.json", "{ \"Version\": \"2012-10-17\",\n  \"Statement\": [] }\n");
    let words = "configure export-credentials --profile reader --policy policy.json --policy-arn \
                 arn:aws:iam::aws:policy/ReadOnlyAccess --policy-arn arn:aws:iam::aws:policy/AmazonS3FullAccess --tag team=blue --tag a==b \
                 --source-identity alice --duration 2h --role-session-name me";
    env.run(words).ok();
    let forms = asked(&env);
    let [form] = &forms[..] else { panic!("{forms:?}") };
    for (name, value) in [
        ("Policy", r#"{"Version":"2012-10-17","Statement":[]}"#),
        ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("PolicyArns.member.2.arn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
        ("Tags.member.2.Value", "=b"),
        ("SourceIdentity", "alice"),
        ("DurationSeconds", "7200"),
        ("RoleSessionName", "me"),
    ] {
        assert_eq!(form.get(name).map(String::as_str), Some(value), "{name} in {form:?}");
    }
}

#[test]
fn narrow_and_full_credentials_never_stand_for_one_another() {
    let env = env();
    let key = |options: &str| {
        let run = env.run(&format!("configure export-credentials --profile reader {options}"));
        let json: Value = serde_json::from_str(&run.ok()).unwrap();
        json["AccessKeyId"].as_str().unwrap().to_owned()
    };
    let full = key("");
    let narrow = key("--read-only");
    let tagged = key("--tag team=blue");
    let named = key("--source-identity alice");
    let keys = [&full, &narrow, &tagged, &named];
    assert!(keys.iter().enumerate().all(|(at, key)| !keys[..at].contains(key)), "{keys:?}");
    // Each is kept for the next command, under what it is.
    assert_eq!((key(""), key("--read-only")), (full, narrow));
    assert_eq!(asked(&env).len(), 4);
}

#[test]
fn read_only_is_awss_policy_of_the_roles_partition() {
    let env = env();
    env.run("env --profile reader --read-only").ok();
    assert_eq!(asked(&env)[0]["PolicyArns.member.1.arn"], "arn:aws:iam::aws:policy/ReadOnlyAccess");
    let china = env.run("env --role-arn arn:aws-cn:iam::111122223333:role/R --read-only --region cn-north-1");
    assert_eq!(china.code, 254, "the sandbox knows no such role: {china}");
    assert_eq!(asked(&env)[1]["PolicyArns.member.1.arn"], "arn:aws-cn:iam::aws:policy/ReadOnlyAccess");
}

#[test]
fn policies_beside_read_only_would_widen_it_and_are_refused() {
    let env = env();
    for more in ["--policy x.json", "--policy-arn arn:aws:iam::aws:policy/AdministratorAccess"] {
        assert_eq!(env.run(&format!("env --profile reader --read-only {more}")).code, 252, "{more}");
    }
    assert!(asked(&env).is_empty());
}

#[test]
fn keys_that_no_role_stands_behind_are_refused_before_anything_runs() {
    let env = env();
    insta::assert_snapshot!(env.run("exec --read-only -- /usr/bin/touch started"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: only a role that is taken can be narrowed, labelled or timed, and these credentials come from keys as they are
    hint: name a role to take with `--role-arn`
    ");
    for option in [
        "--tag a=b",
        "--source-identity alice",
        "--duration 15m",
        "--policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess",
    ] {
        assert_eq!(env.run(&format!("env {option}")).code, 255, "{option}");
    }
    assert!(!env.path("started").exists());
    assert!(env.sandbox().requests().is_empty());
}

#[test]
fn an_identity_center_role_is_refused_as_it_is_and_narrowed_through_a_role() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    insta::assert_snapshot!(env.run("env --profile dev --read-only"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: only a role that is taken can be narrowed, labelled or timed, and these credentials come from an Identity Center role
    hint: name a role to take with `--role-arn`
    ");
    let role = seed::CONSOLE_READER_ARN;
    env.run(&format!("env --profile dev --read-only --role-arn {role}")).ok();
    insta::assert_snapshot!(env.run(&format!("env --profile dev --role-arn {role} --duration 2h")), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: the role `arn:aws:iam::111122223333:role/ConsoleReader` is taken with another role's credentials, and such a session lasts an hour at most
    hint: ask for `1h` or less; `awsx exec --server` renews by itself
    ");
}

#[test]
fn what_cannot_be_a_policy_a_tag_or_a_span_is_said() {
    let env = env();
    env.write("list.json", "[]");
    env.write("torn.json", "{");
    for (options, text) in [
        ("--policy nowhere.json", "could not read the policy `nowhere.json`"),
        ("--policy torn.json", "the policy `torn.json` is not JSON"),
        ("--policy list.json", "the policy `list.json` is no JSON object"),
        ("--tag team", "`team` is not `KEY=VALUE`"),
        ("--tag team=a --tag Team=b", "the tag `Team` is given twice"),
        ("--duration soon", "`soon` is no length of time"),
    ] {
        let run = env.run(&format!("env --profile reader {options}"));
        assert!(run.code != 0 && run.stderr.contains(text), "{options}: {run}");
    }
    assert!(asked(&env).is_empty());
}
