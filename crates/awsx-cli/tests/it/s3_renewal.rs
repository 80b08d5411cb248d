//! Transfers that outlive the keys they began with.

use std::time::Duration;

use awsx_sandbox::{Config, Fault, Outcome, seed};

use crate::support::{DEVELOPER, TestEnv, approving};

const FILES: usize = 30;
const KEYS_OF_A_ROLE: &str = "/federation/credentials";

/// A role whose keys last three seconds, and files that take twice as long on their way.
fn env() -> TestEnv {
    let config = Config { role_lifetime: Duration::from_secs(3), ..approving() };
    let slowly = "[profile dev]\ns3 =\n    max_bandwidth = 500KB/s\n";
    let env = TestEnv::with_sandbox(config).config(&DEVELOPER.replace("[profile dev]\n", slowly)).sign_in();
    for number in 0..FILES {
        env.write(&format!("d/{number:02}"), &"x".repeat(100_000));
    }
    env
}

/// From now on the portal says that the sign-in is over.
fn end_sign_in(env: &TestEnv) {
    env.sandbox().add_fault(Fault {
        method: "GET".into(),
        path: KEYS_OF_A_ROLE.into(),
        action: None,
        outcome: Outcome::Respond { status: 401, code: "UnauthorizedException".into() },
        times: 1000,
    });
}

#[test]
fn keys_are_renewed_in_time_and_once_for_all_lanes() {
    let env = env();
    let run = env.run("s3 cp d s3://sandbox-empty/d --recursive --profile dev --quiet");
    assert_eq!(run.ok(), "");
    let fetched = env.count_requests("GET", KEYS_OF_A_ROLE);
    // The first, and one for each time that keys were about to end: ten lanes that each asked would make more.
    assert!((2..=6).contains(&fetched), "{fetched}");
    let listing = env.run("s3 ls s3://sandbox-empty/d/ --profile dev").ok();
    assert_eq!(listing.lines().count(), FILES);
    let sent = env.sandbox().requests().iter().filter(|request| request.method == "PUT").count();
    assert_eq!(sent, FILES, "none was sent with keys that had ended");
}

#[test]
fn keys_that_cannot_be_renewed_end_the_work_with_one_word() {
    let env = env();
    let running = env.start("s3 cp d s3://sandbox-empty/d --recursive --profile dev --numworkers 2");
    std::thread::sleep(Duration::from_secs(1));
    end_sign_in(&env);
    let run = running.finish();
    assert_eq!(run.code, 1);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines.len() <= 4, "{run}");
    assert!(
        run.stderr.contains("fatal error: the credentials have ended and there are no others: "),
        "{run}"
    );
    assert!(run.stderr.ends_with("hint: run `awsx sso login --sso-session corp`\n"), "{run}");
}

#[test]
fn a_role_that_wants_a_code_says_in_mid_work_what_to_do() {
    let env = TestEnv::with_sandbox(Config::default()).alice().config(&format!(
        "[profile operator]\nrole_arn = {}\nsource_profile = default\nmfa_serial = {}\ns3 =\n    max_bandwidth = 100KB/s\n",
        seed::OPERATOR_ARN,
        seed::MFA_SERIAL
    ));
    for number in 0..FILES {
        env.write(&format!("d/{number:02}"), &"x".repeat(100_000));
    }
    let code = env.sandbox().mfa_code();
    let words = "s3 cp d s3://sandbox-empty/d --recursive --no-progress --numworkers 2 --profile operator";
    let mut running = env.start(&format!("{words} --mfa-code {code}"));
    while env.sandbox().requests().iter().all(|request| request.method != "PUT") {
        assert!(running.is_running());
        std::thread::sleep(Duration::from_millis(20));
    }
    // As if the role had lasted its hour.
    std::fs::remove_dir_all(env.path(".aws/cli/cache")).unwrap();
    for number in 0..FILES {
        env.sandbox().add_fault(Fault {
            method: "PUT".into(),
            path: format!("/sandbox-empty/d/{number:02}"),
            action: None,
            outcome: Outcome::Respond { status: 400, code: "ExpiredToken".into() },
            times: 1000,
        });
    }
    let run = running.finish();
    assert_eq!(run.code, 1, "{run}");
    let device = seed::MFA_SERIAL;
    assert!(
        run.stderr.ends_with(&format!(
            "fatal error: the credentials have ended and there are no others: others need an MFA code of {device}, and \
             nobody is asked for one in the middle of work\nhint: run the command again, with a new code; a larger \
             `duration_seconds` in the profile lets the role last longer\n"
        )),
        "{run}"
    );
}
