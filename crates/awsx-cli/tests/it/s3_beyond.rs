//! The words of `s3` that AWS CLI does not have: `cat`, `du`, `find`, `run`.

use awsx_sandbox::Config;

use crate::support::TestEnv;

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

#[test]
fn cat_prints_objects_one_after_the_other() {
    let env = env();
    let out = env.run("s3 cat s3://sandbox-notes/hello.txt s3://sandbox-logs/2025/01/02/app.log").ok();
    assert_eq!(out, "Hello from the sandbox.\n00:00:01 started\n");
    assert_eq!(env.run("s3 cat s3://sandbox-notes/nope").code, 1);
    assert_eq!(env.run("s3 cat hello.txt").code, 252);
}

#[test]
fn du_sums_what_lies_below_a_prefix() {
    let env = env();
    assert_eq!(env.run("s3 du s3://sandbox-notes").ok(), "        87        3 objects s3://sandbox-notes\n");
    let out = env.run("s3 du s3://sandbox-notes/recipes --human-readable --by-class").ok();
    assert_eq!(out, "  35 Bytes        1 objects s3://sandbox-notes/recipes STANDARD\n");
    assert_eq!(env.run("s3 du s3://sandbox-empty").ok(), "         0        0 objects s3://sandbox-empty\n");
}

#[test]
fn find_takes_objects_by_name_size_and_time() {
    let env = env();
    let found = |words: &str| env.run(&format!("s3 find s3://sandbox-notes {words}")).ok();
    assert_eq!(found("--name *.md"), "s3://sandbox-notes/recipes/bread.md\n");
    assert_eq!(found("--larger 30 --smaller 1KB"), "s3://sandbox-notes/recipes/bread.md\n");
    assert_eq!(found("--changed-after 2025-01-01").lines().count(), 0);
    assert_eq!(found("--changed-before 2025-01-01T00:00:01Z").lines().count(), 3);
    assert_eq!(env.run("s3 find s3://sandbox-notes --larger much").code, 252);
}

#[test]
fn run_does_the_lines_of_a_file() {
    let env = env();
    env.write("a b", "hello");
    env.write(
        "lines",
        "# moves\ncp 'a b' s3://sandbox-empty/x --no-progress\n\nls nonsense extra\nrm s3://sandbox-empty/x\n",
    );
    let run = env.run("s3 run lines");
    assert_eq!(run.code, 252, "{run}");
    assert!(run.stdout.starts_with("upload: ./a b to s3://sandbox-empty/x\n"), "{run}");
    assert!(run.stdout.ends_with("delete: s3://sandbox-empty/x\n"), "{run}");
    assert!(run.stderr.starts_with("lines:4: ls nonsense extra\n"), "{run}");
    let run = env.run("s3 run lines --stop");
    assert!(!run.stdout.ends_with("delete: s3://sandbox-empty/x\n"), "{run}");
    assert_eq!(env.run("s3 run nofile").code, 255);
}
