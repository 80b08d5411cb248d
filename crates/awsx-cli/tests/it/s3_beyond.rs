//! The words of `s3` that AWS CLI does not have: `cat`, `du`, `find`, `run`, `bench`.

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

#[test]
fn bench_measures_each_number_of_workers_and_leaves_nothing() {
    let env = env();
    let words = "--size 1KB --size 9MB --count 3 --numworkers 1 --numworkers 2";
    let run = env.run(&format!("s3 bench s3://sandbox-empty/p/ {words} --output jsonl"));
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((run.code, lines.len()), (0, 6), "{run}");
    let (small, large) = (&lines[0], &lines[3]);
    assert_eq!((&small["size"], &small["parts"], &small["workers"]), (&1024.into(), &1.into(), &1.into()));
    assert_eq!((&small["upload"]["requests"], &small["download"]["requests"]), (&3.into(), &3.into()));
    assert_eq!((&large["parts"], &large["download"]["requests"]), (&2.into(), &6.into()));
    for line in [small, large] {
        for direction in ["upload", "download"] {
            let measured = |name: &str| line[direction][name].as_f64().unwrap();
            assert!(measured("objects_per_second") > 0.0 && measured("bytes_per_second") > 0.0, "{line}");
            assert!(measured("p50_milliseconds") <= measured("p99_milliseconds"), "{line}");
        }
    }
    assert_eq!((&lines[2]["type"], &lines[5]["type"]), (&"best".into(), &"best".into()));
    assert_eq!(env.run("s3 ls s3://sandbox-empty/ --all-versions --recursive").ok(), "");

    let out = env.run("s3 bench --size 1KB --count 2 --numworkers 1").ok();
    assert!(out.starts_with("2 objects of 1.0 KiB\n"), "{out}");
    assert!(out.ends_with("best for 1.0 KiB: 1 workers\n\n"), "{out}");
    assert_eq!(env.run("s3 ls").ok().lines().count(), 3, "its own bucket is gone");
    assert_eq!(env.run("s3 bench sandbox-empty").code, 252);
}

#[test]
fn bench_in_a_bucket_with_versions_leaves_none() {
    let env = env();
    env.run("s3api put-bucket-versioning --bucket sandbox-empty --versioning-configuration Status=Enabled")
        .ok();
    env.run("s3 bench s3://sandbox-empty --size 1KB --count 2 --numworkers 2").ok();
    assert_eq!(env.run("s3 ls s3://sandbox-empty --all-versions --recursive").ok(), "");
}

/// Ctrl-C once some objects or parts have gone up.
#[cfg(unix)]
fn interrupted(env: &TestEnv, words: &str) {
    let mut running = env.start(words);
    while env.sandbox().requests().iter().filter(|request| request.method == "PUT").count() < 5 {
        assert!(running.is_running());
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    running.interrupt();
    let run = running.finish();
    assert_eq!((run.code, run.stderr.as_str()), (130, ""), "{words}: {run}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_bench_and_what_it_made_goes() {
    let env = env();
    interrupted(&env, "s3 bench s3://sandbox-empty/p/ --size 10KB --count 4000 --numworkers 2");
    assert_eq!(env.run("s3 ls s3://sandbox-empty --recursive").ok(), "");
    env.sandbox().clear_requests();
    interrupted(&env, "s3 bench s3://sandbox-empty/p/ --size 12MB --count 60 --numworkers 2");
    assert_eq!(env.run("s3 ls s3://sandbox-empty --recursive").ok(), "");
    let left = "s3api list-multipart-uploads --bucket sandbox-empty --query length(Uploads||`[]`)";
    assert_eq!(env.run(left).ok().trim(), "0");
    env.sandbox().clear_requests();
    interrupted(&env, "s3 bench --size 10KB --count 4000 --numworkers 2");
    assert_eq!(env.run("s3 ls").ok().lines().count(), 3, "its own bucket is gone");
}
