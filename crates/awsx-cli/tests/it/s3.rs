//! `s3 ls`, over the sandbox's buckets.

use awsx_sandbox::Config;

use crate::support::TestEnv;

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

#[test]
fn buckets_are_listed_by_name() {
    insta::assert_snapshot!(env().run("s3 ls"), @"
    exit: 0
    ----- stdout -----
    2025-01-01 00:00:00 sandbox-empty
    2025-01-01 00:00:00 sandbox-logs
    2025-01-01 00:00:00 sandbox-notes
    ");
}

#[test]
fn without_a_region_buckets_are_listed_all_the_same() {
    let env = env().without("AWS_REGION").without("AWS_DEFAULT_REGION");
    assert_eq!(env.run("s3 ls").ok().lines().count(), 3);
}

#[test]
fn folders_come_before_objects() {
    let env = env();
    insta::assert_snapshot!(env.run("s3 ls s3://sandbox-notes"), @"
    exit: 0
    ----- stdout -----
                               PRE recipes/
                               PRE unicode/
    2025-01-01 00:00:00         24 hello.txt
    ");
    insta::assert_snapshot!(env.run("s3 ls sandbox-notes/recipes/"), @"
    exit: 0
    ----- stdout -----
    2025-01-01 00:00:00         35 bread.md
    ");
}

#[test]
fn a_recursive_listing_shows_whole_keys_and_a_summary() {
    let env = env();
    insta::assert_snapshot!(env.run("s3 ls s3://sandbox-notes --recursive --human-readable --summarize"), @"
    exit: 0
    ----- stdout -----
    2025-01-01 00:00:00   24 Bytes hello.txt
    2025-01-01 00:00:00   35 Bytes recipes/bread.md
    2025-01-01 00:00:00   28 Bytes unicode/grüße.txt

    Total Objects: 3
       Total Size: 87 Bytes
    ");
    let by_one = env.run("s3 ls s3://sandbox-notes --recursive --page-size 1").ok();
    assert_eq!(by_one, env.run("s3 ls s3://sandbox-notes --recursive").ok());
}

#[test]
fn an_empty_bucket_is_no_error_and_a_missing_key_is() {
    let env = env();
    assert_eq!(env.run("s3 ls s3://sandbox-empty").ok(), "");
    insta::assert_snapshot!(env.run("s3 ls s3://sandbox-notes/nothing-here"), @"exit: 1");
}

#[test]
fn a_missing_bucket_is_the_services_error() {
    insta::assert_snapshot!(env().run("s3 ls s3://sandbox-gone"), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation:
    ");
}

#[test]
fn a_subcommand_is_needed() {
    assert_eq!(TestEnv::new().run("s3").code, 252);
}

#[test]
fn a_key_or_prefix_that_is_not_there_is_code_1() {
    let env = env();
    for path in ["nope", "nope/", "recipes/nope"] {
        let run = env.run(&format!("s3 ls s3://sandbox-notes/{path}"));
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (1, "", ""), "{path}");
    }
    assert_eq!(env.run("s3 ls s3://sandbox-empty").code, 0);
}
