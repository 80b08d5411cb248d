//! Transfers over a connection on which things go wrong: what is not told of as lost is there and whole.

use std::collections::BTreeSet;
use std::fs;

use awsx_sandbox::{Break, Breakage, Config, Proxy};

use crate::support::{Run, TestEnv};

const SMALL: usize = 25;
const BREAKS: [Break; 9] = [
    Break::CutBefore,
    Break::CutAnswer,
    Break::CutUp,
    Break::CutDown,
    Break::Error,
    Break::SlowDown,
    Break::CorruptUp,
    Break::CorruptDown,
    Break::Stall,
];

/// A folder of small files, and one that moves in parts.
fn env() -> TestEnv {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    env.write(".aws/config", "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n");
    for number in 0..SMALL {
        env.write(&format!("d/{number:02}"), &format!("{number:03}").repeat(number * 300 + 1));
    }
    env.write("d/large", &"0123456789abcdef".repeat(700_000));
    env
}

/// A proxy before the sandbox that hits one request of seven.
fn proxy(env: &TestEnv, kind: Break) -> Proxy {
    let server = env.sandbox().url().trim_start_matches("http://").to_owned();
    Proxy::start(Breakage { server, breaks: vec![kind], per_thousand: 140, seed: 7 }).unwrap()
}

fn run_over(env: &TestEnv, proxy: &Proxy, words: &str) -> Run {
    env.run(&format!("{words} --no-progress --cli-read-timeout 1 --endpoint-url {}", proxy.url()))
}

/// The names whose transfer is said to have failed; the code must say so too.
fn lost(kind: Break, run: &Run) -> BTreeSet<String> {
    let name = |line: &str| {
        let (_, path) = line.split_once(" failed: ")?;
        Some(path.split(" to ").next()?.rsplit('/').next()?.to_owned())
    };
    let lost: BTreeSet<String> = run.stderr.lines().filter_map(name).collect();
    assert_eq!(run.code, i32::from(!lost.is_empty()), "{kind:?}: {run}");
    lost
}

/// Each file of the folder is in the other one as it is, unless it was told of; then it may be missing.
fn assert_whole(env: &TestEnv, kind: Break, other: &str, lost: &BTreeSet<String>) {
    for name in env.list("d") {
        let path = format!("{other}/{name}");
        if !lost.contains(&name) || env.path(&path).exists() {
            assert!(env.read(&path) == env.read(&format!("d/{name}")), "{kind:?}: {name}");
        }
    }
    let names: Vec<String> =
        env.list(other).into_iter().filter(|name| !env.path(&format!("d/{name}")).exists()).collect();
    assert!(names.is_empty(), "{kind:?}: {names:?}");
}

#[test]
fn uploads_are_whole_or_told_of_and_leave_no_parts() {
    let env = env();
    for kind in BREAKS {
        let proxy = proxy(&env, kind);
        let run = run_over(&env, &proxy, "s3 cp d s3://sandbox-empty/d --recursive");
        assert!(kind == Break::CutDown || kind == Break::CorruptDown || proxy.hits() > 0, "{kind:?}");
        let lost = lost(kind, &run);
        env.run("s3 cp s3://sandbox-empty/d up --recursive --quiet").ok();
        assert_whole(&env, kind, "up", &lost);
        let left =
            env.run("s3api list-multipart-uploads --bucket sandbox-empty --query length(Uploads||`[]`)").ok();
        assert_eq!(left.trim(), "0", "{kind:?}: {run}");
        env.run("s3 rm s3://sandbox-empty --recursive --quiet").ok();
        fs::remove_dir_all(env.path("up")).unwrap();
    }
}

#[test]
fn downloads_are_whole_or_told_of_and_leave_no_temporary_file() {
    let env = env();
    env.run("s3 cp d s3://sandbox-empty/d --recursive --quiet").ok();
    for kind in BREAKS {
        let proxy = proxy(&env, kind);
        // The sandbox keeps no checksum of what came in parts, so nothing could tell.
        let rest = if kind == Break::CorruptDown { " --exclude large" } else { "" };
        let run = run_over(&env, &proxy, &format!("s3 cp s3://sandbox-empty/d down --recursive{rest}"));
        assert!(kind == Break::CutUp || kind == Break::CorruptUp || proxy.hits() > 0, "{kind:?}");
        let mut lost = lost(kind, &run);
        assert_eq!(
            kind == Break::CorruptDown,
            run.stderr.contains("did not match calculated checksum"),
            "{run}"
        );
        lost.extend(rest.split_whitespace().last().map(str::to_owned));
        assert_whole(&env, kind, "down", &lost);
        fs::remove_dir_all(env.path("down")).unwrap();
    }
}
