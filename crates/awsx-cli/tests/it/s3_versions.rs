//! `s3 ls --all-versions`, `rm --all-versions` and `rb --all-versions`, over a bucket that keeps versions.

use awsx_sandbox::Config;
use serde_json::{Value, json};

use crate::support::TestEnv;

/// A bucket with three versions of `a`, a deleted `b` and two versions of `d/c`.
fn env() -> TestEnv {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    env.write("1", "1");
    env.write("2", "22");
    env.run("s3 cp 1 s3://sandbox-empty/a --quiet").ok();
    env.run("s3api put-bucket-versioning --bucket sandbox-empty --versioning-configuration Status=Enabled")
        .ok();
    for words in ["cp 2 s3://sandbox-empty/a", "cp 1 s3://sandbox-empty/a", "cp 1 s3://sandbox-empty/b"] {
        env.run(&format!("s3 {words} --quiet")).ok();
    }
    env.run("s3 rm s3://sandbox-empty/b --quiet").ok();
    env.run("s3 cp 1 s3://sandbox-empty/d/c --quiet").ok();
    env.run("s3 cp 2 s3://sandbox-empty/d/c --quiet").ok();
    env
}

fn versions(env: &TestEnv, words: &str) -> Vec<Value> {
    let out = env.run(&format!("s3 ls {words} --all-versions --output jsonl")).stdout;
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sizes(versions: &[Value]) -> Vec<(&str, Option<u64>, bool)> {
    let size = |line: &Value| line["size"].as_u64();
    let of = |line: &'_ Value| (size(line), line["is_latest"].as_bool().unwrap());
    versions.iter().map(|line| (line["key"].as_str().unwrap(), of(line).0, of(line).1)).collect()
}

#[test]
fn all_versions_are_listed_with_markers_the_newest_first() {
    let env = env();
    let all = versions(&env, "s3://sandbox-empty --recursive");
    assert_eq!(
        sizes(&all),
        [
            ("a", Some(1), true),
            ("a", Some(2), false),
            ("a", Some(1), false),
            ("b", None, true),
            ("b", Some(1), false),
            ("d/c", Some(2), true),
            ("d/c", Some(1), false)
        ]
    );
    assert_eq!((&all[2]["version_id"], &all[3]["type"]), (&json!("null"), &json!("delete-marker")));

    let listing = env.run("s3 ls s3://sandbox-empty --all-versions --summarize").ok();
    let lines: Vec<_> = listing.lines().collect();
    assert_eq!(lines[0], format!("{:>30} d/", "PRE"));
    assert!(lines[1].ends_with(" latest a"), "{listing}");
    assert!(lines[3][20..].starts_with(&format!("{:>10} {:<32} {:<6} a", 1, "null", "")), "{listing}");
    assert!(lines[4][20..].starts_with("   deleted "), "{listing}");
    assert!(listing.ends_with("\nTotal Objects: 4\n   Total Size: 5\nDelete Markers: 1\n"), "{listing}");
    assert_eq!(
        env.run("s3 ls s3://sandbox-empty/").ok().lines().count(),
        2,
        "plain listings stay as they are"
    );
}

#[test]
fn pages_of_versions_go_on_where_the_last_one_ended() {
    let env = env();
    let all = versions(&env, "s3://sandbox-empty --recursive");
    for size in [1, 2, 3] {
        env.sandbox().clear_requests();
        assert_eq!(versions(&env, &format!("s3://sandbox-empty --recursive --page-size {size}")), all);
        let asked = env.count_requests("GET", "/sandbox-empty");
        assert_eq!(asked, all.len().div_ceil(size));
    }
}

#[test]
fn all_versions_of_an_object_or_below_a_prefix_go() {
    let env = env();
    let dry = env.run("s3 rm s3://sandbox-empty/a --all-versions --dryrun").ok();
    assert_eq!(dry.lines().count(), 3);
    assert!(dry.ends_with("(dryrun) delete: s3://sandbox-empty/a (version null)\n"), "{dry}");
    assert_eq!(versions(&env, "s3://sandbox-empty --recursive").len(), 7);

    // `d` is no key: nothing of what lies below it.
    assert_eq!(env.run("s3 rm s3://sandbox-empty/d --all-versions").ok(), "");
    env.run("s3 rm s3://sandbox-empty/a --all-versions").ok();
    assert_eq!(versions(&env, "s3://sandbox-empty --recursive").len(), 4);
    env.run("s3 rm s3://sandbox-empty --recursive --all-versions --exclude d/*").ok();
    let left = versions(&env, "s3://sandbox-empty --recursive");
    assert_eq!(sizes(&left), [("d/c", Some(2), true), ("d/c", Some(1), false)]);
    let run = env.run("s3 rm s3://sandbox-empty/d/ --recursive --all-versions --output jsonl").ok();
    let first: Value = serde_json::from_str(run.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["source"], &first["version_id"]),
        (&json!("s3://sandbox-empty/d/c"), &left[0]["version_id"])
    );
    assert!(versions(&env, "s3://sandbox-empty --recursive").is_empty());
}

#[test]
fn many_versions_go_with_one_request() {
    let env = env();
    for _ in 0..12 {
        env.run("s3 cp 1 s3://sandbox-empty/a --quiet").ok();
    }
    env.sandbox().clear_requests();
    let lines = env.run("s3 rm s3://sandbox-empty --recursive --all-versions").ok();
    assert_eq!(lines.lines().count(), 19);
    assert_eq!(env.count_requests("POST", "/sandbox-empty"), 1);
    assert!(versions(&env, "s3://sandbox-empty --recursive").is_empty());
}

#[test]
fn a_bucket_with_versions_goes_with_all_of_them() {
    let env = env();
    env.run("s3 mb s3://kept").ok();
    env.run("s3api put-bucket-versioning --bucket kept --versioning-configuration Status=Enabled").ok();
    env.run("s3 cp 1 s3://kept/x --quiet").ok();
    let run = env.run("s3 rb s3://kept --force");
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stderr.contains("BucketNotEmpty"), "{run}");
    let out = env.run("s3 rb s3://kept --force --all-versions").ok();
    assert!(out.ends_with("remove_bucket: kept\n"), "{out}");
    assert_eq!(env.run("s3 rb s3://kept --all-versions").code, 252);
}

#[test]
fn what_is_written_into_such_a_bucket_tells_its_version() {
    let env = env();
    let line = env.run("s3 cp 1 s3://sandbox-empty/new --output jsonl").ok();
    let line: Value = serde_json::from_str(&line).unwrap();
    let listed = versions(&env, "s3://sandbox-empty/new");
    assert_eq!(line["version_id"], listed[0]["version_id"]);
    let gone: Value =
        serde_json::from_str(&env.run("s3 rm s3://sandbox-empty/new --output jsonl").ok()).unwrap();
    let listed = versions(&env, "s3://sandbox-empty/new");
    assert_eq!(
        (&gone["version_id"], &listed[0]["type"]),
        (&listed[0]["version_id"], &json!("delete-marker"))
    );
}
