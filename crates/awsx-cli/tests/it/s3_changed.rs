//! `s3 sync --if-changed checksum`: contents decide, not sizes and times.

use std::time::Duration;

use awsx_sandbox::Config;

use crate::support::TestEnv;

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

/// Makes a file younger or, with a negative number, older.
fn touch(env: &TestEnv, path: &str, seconds: i64) {
    let file = std::fs::File::options().append(true).open(env.path(path)).unwrap();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let modified = file.metadata().unwrap().modified().unwrap();
    file.set_modified(if seconds < 0 { modified - distance } else { modified + distance }).unwrap();
}

#[test]
fn what_is_equal_stays_and_what_differs_goes_though_size_and_time_agree() {
    let env = env();
    env.write("d/same", "hello");
    env.write("d/other", "hello");
    let sync = "s3 sync d s3://sandbox-empty --no-progress";
    env.run(sync).ok();
    touch(&env, "d/same", 3600);
    env.write("d/other", "hellp");
    touch(&env, "d/other", -3600);
    let plain = env.run(&format!("{sync} --dryrun")).ok();
    assert_eq!(plain, "(dryrun) upload: d/same to s3://sandbox-empty/same\n", "times say the opposite");
    let changed = "upload: d/other to s3://sandbox-empty/other\n";
    assert_eq!(
        env.run(&format!("{sync} --dryrun --if-changed checksum")).ok(),
        format!("(dryrun) {changed}")
    );
    assert_eq!(env.run(&format!("{sync} --if-changed checksum")).ok(), changed);
    assert_eq!(env.run(&format!("{sync} --if-changed checksum")).ok(), "");

    touch(&env, "d/same", 7200);
    env.write("d/other", "hellq");
    let down = env.run("s3 sync s3://sandbox-empty d --if-changed checksum --no-progress").ok();
    assert_eq!(down, "download: s3://sandbox-empty/other to d/other\n");
    assert_eq!(env.read("d/other"), "hellp");
    env.write("d/same", "hello, longer");
    let up = env.run(&format!("{sync} --if-changed checksum")).ok();
    assert_eq!(up, "upload: d/same to s3://sandbox-empty/same\n", "sizes tell without a question");
    assert_eq!(env.run(&format!("{sync} --if-changed checksum --size-only")).code, 252);
}

#[test]
fn an_equal_md5_needs_no_request_and_parts_are_summed_as_they_were_sent() {
    let env = env().config("[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n");
    env.write("d/small", "hello");
    env.write("d/large", &"0123456789abcdef".repeat(700_000));
    env.run("s3 sync d s3://sandbox-empty --quiet --checksum-algorithm SHA256").ok();
    touch(&env, "d/small", 3600);
    touch(&env, "d/large", 3600);
    env.sandbox().clear_requests();
    assert_eq!(env.run("s3 sync d s3://sandbox-empty --if-changed checksum").ok(), "");
    assert_eq!(env.count_requests("HEAD", "/sandbox-empty/small"), 0);
    let mut large = "0123456789abcdef".repeat(700_000);
    large.replace_range(9_000_000..9_000_001, "X");
    env.write("d/large", &large);
    touch(&env, "d/large", -3600);
    let out = env.run("s3 sync d s3://sandbox-empty --if-changed checksum --no-progress").ok();
    assert_eq!(out, "upload: d/large to s3://sandbox-empty/large\n");
}

#[test]
fn objects_are_compared_by_what_s3_tells_of_both() {
    let env = env();
    env.run("s3 mb s3://copies").ok();
    env.write("d/a", "hello");
    env.write("d/b", "hello");
    env.run("s3 sync d s3://sandbox-empty --quiet").ok();
    std::thread::sleep(Duration::from_millis(1100));
    env.run("s3 sync d s3://copies --quiet").ok();
    env.write("d/b", "hellp");
    env.run("s3 cp d/b s3://copies/b --quiet").ok();
    let sync = "s3 sync s3://copies s3://sandbox-empty --no-progress";
    assert_eq!(env.run(&format!("{sync} --dryrun")).ok().lines().count(), 2, "both are newer");
    let out = env.run(&format!("{sync} --if-changed checksum")).ok();
    assert_eq!(out, "copy: s3://copies/b to s3://sandbox-empty/b\n");
}
