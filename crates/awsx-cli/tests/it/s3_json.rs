//! `s3` commands with `--output jsonl` or `json`: one object for each result.

use awsx_sandbox::{Config, Fault, Outcome};
use serde_json::{Value, json};

use crate::support::{Run, TestEnv};

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

fn objects(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{run}"))).collect()
}

#[test]
fn each_result_is_an_object_with_what_s3_told() {
    let env = env();
    env.write("a.txt", "hello");
    let run = env.run("s3 cp a.txt s3://sandbox-empty/ --output jsonl");
    assert_eq!(
        objects(&run),
        [json!({
            "operation": "upload", "source": "./a.txt", "destination": "s3://sandbox-empty/a.txt", "size": 5,
            "status": "done", "etag": "5d41402abc4b2a76b9719d911017c592",
            "checksum": {"algorithm": "CRC64NVME", "value": "M3eFcAZSQlc="}
        })]
    );
    let copy = objects(&env.run("s3 mv s3://sandbox-empty/a.txt s3://sandbox-empty/b.txt --output json"));
    assert_eq!(copy[0]["operation"], "move");
    assert_eq!(copy[0]["etag"], "5d41402abc4b2a76b9719d911017c592");
    let down = objects(&env.run("s3 cp s3://sandbox-empty/b.txt out/ --output jsonl"));
    assert_eq!((&down[0]["operation"], &down[0]["destination"]), (&json!("download"), &json!("out/b.txt")));
    assert_eq!(down[0]["etag"], "5d41402abc4b2a76b9719d911017c592");
    let gone = env.run("s3 rm s3://sandbox-empty/b.txt --output jsonl").ok();
    assert_eq!(
        gone,
        "{\"operation\":\"delete\",\"source\":\"s3://sandbox-empty/b.txt\",\"status\":\"done\"}\n"
    );
}

#[test]
fn failures_warnings_and_what_is_passed_over_are_objects_too() {
    let env = env();
    env.write("d/one", "1");
    env.write("d/two", "22");
    let dry = objects(&env.run("s3 sync d s3://sandbox-empty --dryrun --output jsonl"));
    assert_eq!(dry.iter().map(|line| &line["status"]).collect::<Vec<_>>(), ["dryrun", "dryrun"]);

    let outcome = Outcome::Respond { status: 403, code: "AccessDenied".into() };
    let path = "/sandbox-empty/one".into();
    env.sandbox().add_fault(Fault { method: "PUT".into(), path, action: None, outcome, times: 1 });
    let run = env.run("s3 cp d s3://sandbox-empty --recursive --output jsonl");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with("upload failed: d/one to s3://sandbox-empty/one An error occurred"),
        "{run}"
    );
    let mut lines = objects(&run);
    lines.sort_by_key(|line| line["source"].to_string());
    assert_eq!((&lines[0]["status"], &lines[0]["error"]["code"]), (&json!("failed"), &json!("AccessDenied")));
    assert_eq!(lines[1]["status"], "done");

    let run = env.run("s3 cp d s3://sandbox-empty --recursive --no-overwrite --output jsonl");
    let skipped = objects(&run).iter().filter(|line| line["status"] == "skipped").count();
    assert_eq!((run.code, skipped), (0, 1), "{run}");
    let down = env.run("s3 cp s3://sandbox-empty d --recursive --no-overwrite --output jsonl");
    assert!(objects(&down).iter().all(|line| line["status"] == "skipped"), "{down}");

    let fatal = env.run("s3 cp s3://sandbox-empty/nope x --output jsonl");
    let message = "Key \"nope\" does not exist";
    assert_eq!(
        objects(&fatal),
        [json!({
            "operation": "download", "source": "s3://sandbox-empty/nope", "destination": "./x", "status": "failed",
            "error": {"code": "404", "message": message}
        })]
    );
    assert_eq!(env.run("s3 cp d s3://sandbox-empty --recursive --quiet --output jsonl").ok(), "");
    assert_eq!(env.run("s3 cp d s3://sandbox-empty --recursive --only-show-errors --output jsonl").ok(), "");
}

#[cfg(unix)]
#[test]
fn a_warning_names_its_file() {
    let env = env();
    env.write("d/one", "1");
    std::os::unix::fs::symlink("nowhere", env.path("d/broken")).unwrap();
    let run = env.run("s3 cp d s3://sandbox-empty --recursive --output jsonl");
    assert_eq!(run.code, 2);
    let lines = objects(&run);
    let warning = lines.iter().find(|line| line["status"] == "warning").unwrap();
    assert_eq!(warning["source"], "d/broken");
    assert!(warning["error"]["message"].as_str().unwrap().contains("File does not exist."), "{run}");
}

#[test]
fn streams_are_told_of_unless_they_are_the_output() {
    let env = env();
    env.write("a.txt", "hello");
    let run = env.run_with_input("s3 cp - s3://sandbox-empty/x --output jsonl", "streamed");
    let lines = objects(&run);
    assert_eq!((&lines[0]["source"], &lines[0]["size"]), (&json!("-"), &json!(8)));
    assert_eq!(env.run("s3 cp s3://sandbox-empty/x - --output jsonl").ok(), "streamed");
    assert_eq!(env.run("s3 cat s3://sandbox-empty/x --output json").ok(), "streamed");
}

#[test]
fn listings_are_objects() {
    let env = env();
    let list = |words: &str| objects(&env.run(&format!("s3 {words} --output jsonl")));
    assert_eq!(list("ls")[0]["path"], "s3://sandbox-empty");
    let notes = list("ls s3://sandbox-notes --summarize");
    assert_eq!((&notes[0]["type"], &notes[0]["key"]), (&json!("prefix"), &json!("recipes/")));
    let hello = notes.iter().find(|line| line["type"] == "object").unwrap();
    assert_eq!(hello["path"], "s3://sandbox-notes/hello.txt");
    assert_eq!(hello["last_modified"], "2025-01-01T00:00:00Z");
    assert_eq!((&hello["size"], &hello["storage_class"]), (&json!(24), &json!("STANDARD")));
    assert_eq!(notes.last().unwrap()["type"], "summary");
    assert_eq!(
        list("du s3://sandbox-notes"),
        [json!({"type": "sum", "path": "s3://sandbox-notes", "size": 87, "objects": 3})]
    );
    assert_eq!(list("find s3://sandbox-notes --name *.md")[0]["key"], "recipes/bread.md");
    assert_eq!(
        list("mb s3://made"),
        [json!({"operation": "make_bucket", "destination": "s3://made", "status": "done"})]
    );
    assert_eq!(list("rb s3://made")[0]["operation"], "remove_bucket");
    let failed = env.run("s3 rb s3://made --output jsonl");
    assert_eq!((failed.code, &objects(&failed)[0]["error"]["code"]), (1, &json!("NoSuchBucket")));
    assert_eq!(list("presign s3://sandbox-notes/hello.txt")[0]["expires_in"], 3600);
}

/// AWS CLI takes `--output` on these commands and pays it no heed.
#[test]
fn settings_change_nothing_and_json_leaves_alone_what_scripts_read() {
    let env = env();
    let plain = env.run("s3 ls s3://sandbox-notes").ok();
    assert_eq!(env.run("s3 ls s3://sandbox-notes --output json").ok(), plain);
    assert_eq!(env.run("s3 mb s3://made --output json").ok(), "make_bucket: made\n");
    env.run("configure set output jsonl").ok();
    assert_eq!(env.run("s3 ls s3://sandbox-notes").ok(), plain);
    let moved = env.run("s3 mv s3://sandbox-notes/hello.txt s3://sandbox-empty/x --no-progress").ok();
    assert_eq!(moved, "move: s3://sandbox-notes/hello.txt to s3://sandbox-empty/x\n");
    for format in ["text", "table", "yaml"] {
        let run = env.run(&format!("s3 rm s3://sandbox-empty/x --dryrun --output {format}"));
        assert_eq!(run.ok(), "(dryrun) delete: s3://sandbox-empty/x\n");
    }
}
