//! `kill -9` in the middle of writing: the old file or the new one, never half of one.

use std::process::Stdio;
use std::time::{Duration, Instant};

use awsx_sandbox::Config;

use crate::support::{DEVELOPER, Random, TestEnv, approving, has_extension, token_file};

/// Starts a command and kills it after a while, unless it is done; gives whether it was done.
fn kill_after(env: &TestEnv, arguments: &[&str], pause: Duration) -> bool {
    let mut command = env.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(pause);
    child.kill().unwrap();
    child.wait().unwrap().success()
}

/// About how long a command takes when it is left alone.
fn usual_time(env: &TestEnv, arguments: &[&str], prepare: impl Fn()) -> Duration {
    let time = |_| {
        prepare();
        let start = Instant::now();
        assert!(env.command(arguments).stdin(Stdio::null()).output().unwrap().status.success());
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..5).map(time).collect();
    times.sort_unstable();
    times[2]
}

fn config(profiles: usize) -> String {
    let profile = |number| {
        format!("[profile p{number}]\nregion = zone-00000\n# {number}\ns3 =\n    addressing_style = path\n\n")
    };
    let first = "# Kept by hand.\n[default]\nregion = us-east-1\n\n".to_owned();
    std::iter::once(first).chain((0..profiles).map(profile)).collect()
}

#[test]
fn three_hundred_kills_of_configure_set_lose_nothing() {
    const PROFILES: usize = 150;
    let env = TestEnv::new().config(&config(PROFILES));
    let set = |profile: usize, round: usize| {
        [
            "configure".to_owned(),
            "set".to_owned(),
            "region".to_owned(),
            format!("zone-{round:05}"),
            "--profile".to_owned(),
            format!("p{profile}"),
        ]
    };
    let usual = usual_time(&env, &set(0, 0).each_ref().map(String::as_str), || {});

    let mut random = Random(1);
    let mut before = env.read(".aws/config");
    for round in 1..=300 {
        let profile = round % PROFILES;
        let arguments = set(profile, round);
        let done = kill_after(&env, &arguments.each_ref().map(String::as_str), random.around(usual));
        let after = env.read(".aws/config");
        let header = format!("[profile p{profile}]\nregion = zone-");
        let value = before.find(&header).unwrap() + header.len();
        let mut intended = before.clone();
        intended.replace_range(value..value + 5, &format!("{round:05}"));
        assert!(after == intended || (after == before && !done), "round {round}, done: {done}\n{after}");
        before = after;
    }
    // One that is left alone clears what the others left.
    assert_eq!(env.run(&set(0, 301).join(" ")).ok(), "");
    assert_eq!(env.list(".aws"), ["config", "config.lock"]);
    assert_eq!(env.run("configure list-profiles").ok().lines().count(), PROFILES + 1);
}

#[test]
fn a_hundred_kills_of_renewals_leave_a_whole_token() {
    let config = Config { rotate_refresh: false, ..approving() };
    let env = TestEnv::with_sandbox(config).config(DEVELOPER).sign_in();
    env.expire_token("corp");
    let expired = env.read(&token_file("corp"));
    let words = ["configure", "export-credentials", "--profile", "dev"];
    let prepare = || {
        env.write(&token_file("corp"), &expired);
        env.forget_role_credentials();
    };
    let usual = usual_time(&env, &words, prepare);
    let mut random = Random(2);
    for round in 0..100 {
        prepare();
        kill_after(&env, &words, random.around(usual));
        let after = env.read(&token_file("corp"));
        let token: serde_json::Value =
            serde_json::from_str(&after).unwrap_or_else(|error| panic!("round {round}: {error}\n{after}"));
        for key in ["accessToken", "expiresAt", "refreshToken", "clientSecret"] {
            assert!(token[key].is_string(), "round {round}: {key}\n{after}");
        }
    }
    prepare();
    assert_eq!(env.run_args(&words).code, 0);
    let left: Vec<String> =
        [".aws/sso/cache", ".aws/cli/cache"].iter().flat_map(|folder| env.list(folder)).collect();
    assert!(left.iter().all(|name| has_extension(name, &["json", "lock"])), "{left:?}");
}
