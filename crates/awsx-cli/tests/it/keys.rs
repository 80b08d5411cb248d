//! `keys`: rotation that may be killed at any step, and the list.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use awsx_sandbox::{Config, Fault, Outcome, seed};

use crate::support::{PATIENCE, TestEnv};

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

fn stall(action: &str, outcome: Outcome) -> Fault {
    Fault { method: "POST".into(), path: "/".into(), action: Some(action.into()), outcome, times: 1 }
}

/// The keys in the user's files, journal included: id and secret.
fn stored_keys(env: &TestEnv) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    let credentials = env.read(".aws/credentials");
    let value = |line: &str| line.split_once(" = ").map(|(_, value)| value.to_owned());
    let mut lines = credentials.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("aws_access_key_id") {
            keys.insert(value(line).unwrap(), lines.next().and_then(value).unwrap());
        }
    }
    for name in env.list(".aws/awsx").iter().filter(|name| name.contains("json")) {
        let journal: serde_json::Value =
            serde_json::from_str(&env.read(&format!(".aws/awsx/{name}"))).unwrap();
        if let (Some(id), Some(secret)) = (journal["newKeyId"].as_str(), journal["newSecret"].as_str()) {
            keys.insert(id.to_owned(), secret.to_owned());
        }
    }
    keys
}

fn works(env: &TestEnv, (id, secret): (&String, &String)) -> bool {
    let mut command = env.command(&["sts", "get-caller-identity"]);
    command.env("AWS_ACCESS_KEY_ID", id).env("AWS_SECRET_ACCESS_KEY", secret);
    command.stdin(Stdio::null()).output().unwrap().status.success()
}

/// Starts a rotation, waits until it meets the fault, and kills it there.
fn kill_at(env: &TestEnv, action: &str, outcome: Outcome) {
    let acts = matches!(outcome, Outcome::ActAndStall);
    env.sandbox().clear_requests();
    env.sandbox().add_fault(stall(action, outcome));
    let running = env.start("keys rotate --grace-period 0");
    let start = Instant::now();
    let asked = || {
        env.sandbox()
            .requests()
            .iter()
            .any(|request| request.form.get("Action").is_some_and(|it| it == action))
    };
    while !asked() {
        assert!(start.elapsed() < PATIENCE, "{action} was never asked for");
        std::thread::sleep(Duration::from_millis(2));
    }
    if acts {
        // The request is logged, then done; both within one turn of the sandbox's only thread, but for a lock.
        std::thread::sleep(Duration::from_millis(20));
    }
    running.kill();
}

fn assert_some_key_works(env: &TestEnv, when: &str) {
    let keys = stored_keys(env);
    assert!(keys.iter().any(|key| works(env, key)), "{when}: none of {:?} works", keys.keys());
}

/// One key at AWS, the same in the profile, and nothing left over.
fn assert_rotated(env: &TestEnv) {
    let keys = stored_keys(env);
    assert_eq!(keys.len(), 1, "{:?}", keys.keys());
    assert!(!keys.contains_key(seed::ACCESS_KEY_ID));
    let list = env.run("keys list").ok();
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains(keys.keys().next().unwrap()), "{list}");
    assert!(env.list(".aws/awsx").iter().all(|name| !name.contains("json")), "{:?}", env.list(".aws/awsx"));
}

const STEPS: [&str; 6] = [
    "GetCallerIdentity",
    "ListAccessKeys",
    "CreateAccessKey",
    "UpdateAccessKey",
    "DeleteAccessKey",
    "GetAccessKeyLastUsed",
];

#[test]
fn a_rotation_killed_at_any_step_leaves_a_key_that_works_and_goes_on() {
    // The last of the steps is taken only after a kill; see the next test.
    for step in &STEPS[..5] {
        for outcome in [Outcome::Stall, Outcome::ActAndStall] {
            let when = format!("{step} {outcome:?}");
            let env = env();
            kill_at(&env, step, outcome);
            assert_some_key_works(&env, &when);
            let resumed = env.run("keys rotate --grace-period 0");
            assert_eq!(resumed.code, 0, "{when}: {resumed}");
            assert_rotated(&env);
        }
    }
}

#[test]
fn a_rotation_killed_at_one_step_after_the_other_ends_all_the_same() {
    let env = env();
    kill_at(&env, "CreateAccessKey", Outcome::ActAndStall);
    // Now there is a key whose secret nobody has.
    for (step, outcome) in [
        ("ListAccessKeys", Outcome::ActAndStall),
        ("GetAccessKeyLastUsed", Outcome::Stall),
        ("DeleteAccessKey", Outcome::ActAndStall),
        ("CreateAccessKey", Outcome::Stall),
        ("CreateAccessKey", Outcome::ActAndStall),
        // This is the proof of the new key, since whose the old one is stands in the journal.
        ("GetCallerIdentity", Outcome::Stall),
        ("GetCallerIdentity", Outcome::ActAndStall),
        ("UpdateAccessKey", Outcome::Stall),
        ("UpdateAccessKey", Outcome::ActAndStall),
        ("DeleteAccessKey", Outcome::Stall),
        ("DeleteAccessKey", Outcome::ActAndStall),
    ] {
        kill_at(&env, step, outcome.clone());
        assert_some_key_works(&env, &format!("{step} {outcome:?}"));
    }
    assert_eq!(env.run("keys rotate --grace-period 0").code, 0);
    assert_rotated(&env);
}

#[test]
fn the_old_key_waits_out_its_grace_period_and_can_be_finished() {
    let env = env().credentials(&format!(
        "[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n\n# The same again.\n[work]\n\
         aws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
        id = seed::ACCESS_KEY_ID,
        secret = seed::SECRET_ACCESS_KEY,
    ));
    let rotated = env.run("keys rotate --grace-period 7d");
    assert_eq!((rotated.code, rotated.stdout.as_str()), (0, ""), "{rotated}");
    for said in
        ["Created the access key AKIA", "Wrote it to: default, work.", "Deactivated AKIAIOSFODNN7EXAMPLE."]
    {
        assert!(rotated.stderr.contains(said), "{said}: {rotated}");
    }
    assert!(env.read(".aws/credentials").contains("\n\n# The same again.\n[work]\n"));
    assert_eq!(stored_keys(&env).len(), 1, "the journal keeps no secret that the files hold");
    let list = env.run("keys list --profile work").ok();
    assert!(list.contains("inactive") && list.contains("default, work"), "{list}");

    let again = env.run("keys rotate --profile work");
    assert_eq!(again.code, 0, "{again}");
    assert!(again.stderr.contains("AKIAIOSFODNN7EXAMPLE can be deleted from "), "{again}");
    let finished = env.run("keys rotate --profile work --finish");
    assert!(finished.stderr.ends_with("Deleted AKIAIOSFODNN7EXAMPLE.\n"), "{finished}");
    assert_eq!(finished.code, 0);
    assert_rotated(&env);
    insta::assert_snapshot!(env.run("keys rotate --finish"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: no rotation of the keys of the profile `default` is under way
    hint: run `awsx keys rotate --profile default`
    ");
}

#[test]
fn a_new_key_is_waited_for() {
    let config = Config { propagation: Duration::from_millis(600), ..Config::default() };
    let env = TestEnv::with_sandbox(config).alice();
    assert_eq!(env.run("keys rotate --grace-period 0").code, 0);
    let proofs = env.sandbox().requests();
    let proofs = proofs.iter().filter(|it| it.form.get("Action").is_some_and(|it| it == "GetCallerIdentity"));
    assert!(proofs.count() > 2, "one for the old key, several for the new one");
    assert_rotated(&env);
}

#[test]
fn a_second_key_is_no_room_for_a_third() {
    let env = env();
    kill_at(&env, "CreateAccessKey", Outcome::ActAndStall);
    // As if somebody else had made it: there is no journal.
    std::fs::remove_dir_all(env.path(".aws/awsx")).unwrap();
    let run = env.run("keys rotate");
    assert_eq!(run.code, 255);
    let first = run.stderr.lines().nth(1).unwrap();
    assert_eq!(first, "awsx: [ERROR]: the user `alice` has two access keys already, and AWS allows no third");
    assert!(
        run.stderr.contains("hint: if nothing needs it, run `awsx iam delete-access-key --user-name alice"),
        "{run}"
    );
    assert_eq!(stored_keys(&env).len(), 1);
}

#[test]
fn only_a_users_own_keys_are_rotated() {
    let env = TestEnv::with_sandbox(Config::default()).config("[profile p]\nregion = us-east-1\n");
    insta::assert_snapshot!(env.run("keys rotate --profile p"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: the profile `p` has no access keys of its own
    hint: name one that has with `--profile`; `awsx configure explain` shows where a profile's credentials come from
    ");
}

#[cfg(unix)]
#[test]
fn the_journal_is_for_its_owner_only() {
    let env = env();
    assert_eq!(env.run("keys rotate").code, 0);
    let journal = env.list(".aws/awsx").into_iter().find(|name| name.contains("json")).unwrap();
    assert_eq!(crate::support::mode_of(&env.path(&format!(".aws/awsx/{journal}"))), 0o600);
    assert_eq!(crate::support::mode_of(&env.path(".aws/awsx")), 0o700);
}
