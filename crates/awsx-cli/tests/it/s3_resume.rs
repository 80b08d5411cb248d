//! `--resume`: what was under way in parts when a process ended is gone on with by the next.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::time::{Duration, Instant};

use awsx_sandbox::{Config, Fault, Outcome, Request};

use crate::support::{PATIENCE, Random, TestEnv, has_extension};

const NOTES: &str = ".cache/awsx/transfers";
const PART: usize = 5 * 1024 * 1024;
const PARTS: usize = 6;
/// Of a download on two lanes: one for three parts, and three for one.
const REQUESTS: usize = 4;
const UPLOAD: &str = "s3 cp big s3://sandbox-empty/big --resume --no-progress";
const DOWNLOAD: &str = "s3 cp s3://sandbox-empty/big back --resume --no-progress";

/// A file of some parts, of which two are on their way at a time, with so many bytes a second.
fn env(rate: &str) -> TestEnv {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    let lines: Vec<String> = (0..(PARTS * PART - 1000) / 8).map(|number| format!("{number:07}")).collect();
    env.write("big", &lines.join("\n"));
    env.write(
        ".aws/config",
        &format!(
            "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n  \
             max_concurrent_requests = 2\n  max_bandwidth = {rate}\n"
        ),
    );
    env
}

fn is_part(request: &Request) -> bool {
    request.query.contains_key("partNumber") || request.headers.contains_key("range")
}

fn count_parts(env: &TestEnv) -> usize {
    env.sandbox().requests().iter().filter(|request| is_part(request)).count()
}

/// Starts a command and kills it once so many parts have been asked for.
fn kill_after_parts(env: &TestEnv, words: &str, parts: usize) {
    env.sandbox().clear_requests();
    let running = env.start(words);
    let start = Instant::now();
    while count_parts(env) < parts {
        assert!(start.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(20));
    }
    running.kill();
    env.sandbox().clear_requests();
}

fn uploads(env: &TestEnv) -> usize {
    let words = "s3api list-multipart-uploads --bucket sandbox-empty --query Uploads[].Key --output text";
    env.run(words).ok().split_whitespace().filter(|word| *word != "None").count()
}

/// The other one is the file, and nothing is left of the way there.
fn assert_is_over(env: &TestEnv, other: &str) {
    assert!(env.read("big") == env.read(other), "what came is not what went");
    assert_eq!(uploads(env), 0);
    assert_eq!(env.list(NOTES), Vec::<String>::new());
    assert!(env.list(".").iter().all(|name| !name.contains(".awsx-")), "{:?}", env.list("."));
}

#[test]
fn an_upload_goes_on_where_it_stopped() {
    let env = env("8MB/s");
    kill_after_parts(&env, UPLOAD, 4);
    assert_eq!((uploads(&env), env.count_json(NOTES)), (1, 1));
    env.sandbox().clear_requests();
    assert_eq!(env.run(UPLOAD).ok(), "upload: ./big to s3://sandbox-empty/big\n");
    assert!(count_parts(&env) <= PARTS - 2, "{}", count_parts(&env));
    env.run("s3 cp s3://sandbox-empty/big back --quiet").ok();
    assert_is_over(&env, "back");
}

#[test]
fn a_download_goes_on_where_it_stopped_and_trusts_no_byte_that_was_there() {
    let env = env("8MB/s");
    env.run("s3 cp big s3://sandbox-empty/big --quiet").ok();
    kill_after_parts(&env, DOWNLOAD, REQUESTS);
    let partial = env.list(".").into_iter().find(|name| name.starts_with(".back.awsx-")).unwrap();
    // A sync that deletes what only the target has lets it be.
    env.write("d/.big.awsx-00000000.part", "x");
    assert_eq!(
        env.run("s3 sync s3://sandbox-notes d --delete --dryrun --exclude *.txt --exclude *.md").ok(),
        ""
    );
    fs::remove_dir_all(env.path("d")).unwrap();

    let mut file = File::options().write(true).open(env.path(&partial)).unwrap();
    file.seek(SeekFrom::Start(7)).unwrap();
    file.write_all(b"?").unwrap();
    env.sandbox().clear_requests();
    assert_eq!(env.run(DOWNLOAD).ok(), "download: s3://sandbox-empty/big to ./back\n");
    let requests = env.sandbox().requests();
    let ranges: Vec<_> = requests.iter().filter_map(|request| request.headers.get("range")).collect();
    let bytes = |range: &str| {
        let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        last.parse::<usize>().unwrap() - first.parse::<usize>().unwrap() + 1
    };
    assert!(ranges.iter().map(|range| bytes(range)).sum::<usize>() <= (PARTS - 1) * PART, "{ranges:?}");
    assert!(
        ranges.iter().any(|range| range.starts_with("bytes=0-")),
        "the first part was damaged: {ranges:?}"
    );
    assert_is_over(&env, "back");
}

#[test]
fn a_copy_goes_on_where_it_stopped() {
    let env = env("100MB/s");
    env.run("s3 cp big s3://sandbox-empty/big --quiet").ok();
    // One lane waits for its first part, and the other copies the rest.
    env.sandbox().add_fault(Fault {
        method: "PUT".into(),
        path: "/sandbox-empty/copy".into(),
        action: None,
        outcome: Outcome::Stall,
        times: 1,
    });
    let copy =
        "s3 cp s3://sandbox-empty/big s3://sandbox-empty/copy --copy-props none --resume --no-progress";
    kill_after_parts(&env, copy, PARTS);
    assert_eq!((uploads(&env), env.count_json(NOTES)), (1, 1));
    env.sandbox().clear_requests();
    assert_eq!(env.run(copy).ok(), "copy: s3://sandbox-empty/big to s3://sandbox-empty/copy\n");
    assert!(count_parts(&env) <= 2, "{}", count_parts(&env));
    env.run("s3 cp s3://sandbox-empty/copy back --quiet").ok();
    assert_is_over(&env, "back");
}

#[test]
fn kills_at_any_moment_lose_nothing_and_leave_nothing() {
    let env = env("12MB/s");
    let mut random = Random(3);
    for (words, other) in [(UPLOAD, "back"), (DOWNLOAD, "back")] {
        for _ in 0..11 {
            let running = env.start(words);
            std::thread::sleep(random.around(Duration::from_millis(250)));
            running.kill();
        }
        assert_eq!(env.run(words).code, 0);
        if words == UPLOAD {
            env.run("s3 cp s3://sandbox-empty/big back --quiet").ok();
        }
        assert_is_over(&env, other);
        fs::remove_file(env.path("back")).unwrap();
    }
}

#[test]
fn what_has_changed_is_begun_anew() {
    let env = env("8MB/s");
    kill_after_parts(&env, UPLOAD, 4);
    File::options().append(true).open(env.path("big")).unwrap().write_all(b"more").unwrap();
    env.run(UPLOAD).ok();
    assert_eq!(count_parts(&env), PARTS);

    kill_after_parts(&env, DOWNLOAD, REQUESTS);
    env.write("big", &env.read("big").replace('1', "9"));
    env.run("s3 cp big s3://sandbox-empty/big --quiet").ok();
    env.sandbox().clear_requests();
    env.run(DOWNLOAD).ok();
    assert_eq!(count_parts(&env), REQUESTS);
    assert_is_over(&env, "back");
}

#[test]
fn ctrl_c_keeps_what_has_come_and_says_how_to_go_on() {
    let env = env("4MB/s");
    let mut running = env.start(UPLOAD);
    while count_parts(&env) < 2 {
        assert!(running.is_running());
        std::thread::sleep(Duration::from_millis(20));
    }
    running.interrupt();
    let run = running.finish();
    assert_eq!(run.code, 130);
    assert_eq!(
        run.stderr,
        "cancelled: ctrl-c received\nhint: what has come so far is kept: run the command again with `--resume` to go \
         on with it\n"
    );
    assert_eq!(uploads(&env), 1);
}

#[test]
fn what_nobody_comes_back_to_is_cleared_after_a_week() {
    let env = env("8MB/s");
    kill_after_parts(&env, UPLOAD, 2);
    env.run("s3 cp s3://sandbox-notes/hello.txt . --quiet").ok();
    assert_eq!((uploads(&env), env.count_json(NOTES)), (1, 1), "it may be gone on with for a while");

    let name = env.list(NOTES).into_iter().find(|name| has_extension(name, &["json"])).unwrap();
    let path = format!("{NOTES}/{name}");
    let mut note: serde_json::Value = serde_json::from_str(&env.read(&path)).unwrap();
    let week = 7 * 24 * 60 * 60;
    note["TouchedAt"] = (note["TouchedAt"].as_i64().unwrap() - week - 60).into();
    env.write(&path, &note.to_string());
    let file = File::options().write(true).open(env.path(&path)).unwrap();
    let written = file.metadata().unwrap().modified().unwrap();
    file.set_modified(written - Duration::from_secs(week.unsigned_abs() + 60)).unwrap();
    let run = env.run("s3 cp s3://sandbox-notes/hello.txt . --quiet");
    assert_eq!(
        run.stderr,
        "note: the upload to s3://sandbox-empty/big was not gone on with for 7 days and is given up\n"
    );
    assert_eq!((uploads(&env), env.list(NOTES).len()), (0, 0));
}

#[test]
fn streams_cannot_be_gone_on_with() {
    let run = env("1MB/s").run("s3 cp - s3://sandbox-empty/x --resume");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("--resume needs a file"), "{run}");
}
