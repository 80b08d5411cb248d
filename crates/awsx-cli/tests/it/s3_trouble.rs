//! What the machine does to transfers: signals, full disks, files that go away or change.

use std::fs;
use std::time::Duration;

use awsx_sandbox::Config;
use rustix::process::Signal;

use crate::support::{Running, TestEnv};

const UP: &str = "s3 cp big s3://sandbox-empty/up --no-progress";
const DOWN: &str = "s3 cp s3://sandbox-empty/big down --no-progress";

/// An object of 6 MB, here and at S3; what moves takes a minute.
fn env() -> TestEnv {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    env.write("big", &"0123456789".repeat(600_000));
    env.run("s3 cp big s3://sandbox-empty/big --quiet").ok();
    env.write(
        ".aws/config",
        "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n  max_bandwidth = 100KB/s\n",
    );
    env
}

/// Waits until the transfer is under way.
fn wait(env: &TestEnv, running: &mut Running<'_>) {
    let is_under_way = || {
        let requests = env.sandbox().requests();
        requests.iter().any(|it| it.query.contains_key("partNumber") || it.headers.contains_key("range"))
    };
    while !is_under_way() {
        assert!(running.is_running());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_termination_and_a_hang_up_clean_up_like_ctrl_c() {
    let env = env();
    for (signal, words) in [(Signal::TERM, UP), (Signal::TERM, DOWN), (Signal::HUP, UP), (Signal::HUP, DOWN)]
    {
        env.sandbox().clear_requests();
        let mut running = env.start(words);
        wait(&env, &mut running);
        running.signal(signal);
        let run = running.finish();
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (130, "cancelled: ctrl-c received\n"),
            "{signal:?}: {run}"
        );
        assert_eq!(env.list("."), [".aws", "big"]);
    }
    let left =
        env.run("s3api list-multipart-uploads --bucket sandbox-empty --query length(Uploads||`[]`)").ok();
    assert_eq!(left.trim(), "0");
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let env = env();
    env.sandbox().clear_requests();
    let mut running = env.start_after("trap '' HUP", UP);
    wait(&env, &mut running);
    running.signal(Signal::HUP);
    std::thread::sleep(Duration::from_millis(500));
    assert!(running.is_running());
    running.signal(Signal::TERM);
    assert_eq!(running.finish().code, 130);
}

#[test]
fn a_full_disk_is_told_of_its_file_and_leaves_nothing() {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    env.write("d/large", &"x".repeat(2_000_000));
    env.write("d/small", "x");
    env.run("s3 cp d s3://sandbox-empty/d --recursive --quiet").ok();
    // What is longer than this many blocks cannot be written.
    let run = env
        .start_after(
            "ulimit -f 500; trap '' XFSZ",
            "s3 cp s3://sandbox-empty/d down --recursive --no-progress",
        )
        .finish();
    insta::assert_snapshot!(run, @"
    exit: 1
    ----- stdout -----
    download: s3://sandbox-empty/d/small to down/small
    ----- stderr -----
    download failed: s3://sandbox-empty/d/large to down/large [Errno 27] File too large: '[HOME]/down/large'
    ");
    assert_eq!(env.list("down"), ["small"]);

    let run = env.run("s3 cp s3://sandbox-empty/d/large /dev/full --no-progress");
    assert_eq!(run.code, 1);
    assert!(run.stderr.ends_with("[Errno 28] No space left on device: '/dev/full'\n"), "{run}");
    let run = env.start_after("exec > /dev/full", "s3 cp s3://sandbox-empty/d/large -").finish();
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("No space left on device"), "{run}");
}

#[test]
fn files_that_go_away_or_become_shorter_are_told_of_and_the_rest_goes_on() {
    let env = env();
    env.write("d/a", &"x".repeat(4_000_000));
    env.write("d/b", "x");
    env.write("d/c", "x");
    let slowly = fs::read_to_string(env.path(".aws/config")).unwrap().replace("100KB/s", "1MB/s");
    env.write(".aws/config", &slowly);
    env.sandbox().clear_requests();
    let mut running = env.start("s3 cp d s3://sandbox-empty/d --recursive --numworkers 1 --no-progress");
    while env.count_requests("PUT", "/sandbox-empty/d/a") == 0 && running.is_running() {
        // The request is known once it has come whole; by then this is over.
        if env.path("d/b").exists() {
            std::thread::sleep(Duration::from_millis(1500));
            fs::remove_file(env.path("d/b")).unwrap();
            fs::File::options().write(true).open(env.path("d/a")).unwrap().set_len(1_000_000).unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let run = running.finish();
    assert_eq!((run.code, run.stdout.as_str()), (1, "upload: d/c to s3://sandbox-empty/d/c\n"), "{run}");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{run}");
    assert!(lines[0].starts_with("upload failed: d/a to s3://sandbox-empty/d/a "), "{run}");
    assert!(lines[1].contains("d/b [Errno 2] No such file or directory: "), "{run}");
    assert_eq!(env.run("s3 ls s3://sandbox-empty/d/").ok().lines().count(), 1);
}
