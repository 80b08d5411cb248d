//! Many processes at once, and some that are killed: one of them works, none fails.

use std::fs::{File, TryLockError};
use std::process::{Child, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use awsx_sandbox::{Account, Config, browser, seed};

use crate::support::{CORP, DEVELOPER, PATIENCE, TestEnv, approving, authorize_url, token_file};

/// Starts `awsx` once for each list of words, all before the first is waited for.
fn run_all(env: &TestEnv, words: impl IntoIterator<Item = String>) -> Vec<Output> {
    let start = |words: String| -> Child {
        let mut command = env.command(&words.split_whitespace().collect::<Vec<_>>());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<Child> = words.into_iter().map(start).collect();
    children.into_iter().map(|child| child.wait_with_output().unwrap()).collect()
}

/// What they all printed, if all went well and printed the same.
#[track_caller]
fn same_output(outputs: &[Output]) -> &str {
    for output in outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, outputs[0].stdout);
    }
    str::from_utf8(&outputs[0].stdout).unwrap()
}

#[test]
fn sixty_four_processes_renew_a_token_once() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    env.expire_token("corp");
    env.sandbox().clear_requests();
    let words = "sts get-caller-identity --profile dev --query Arn --output text";
    let outputs = run_all(&env, (0..64).map(|_| words.to_owned()));
    let arn = same_output(&outputs);
    assert!(arn.starts_with("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Developer_"), "{arn}");
    assert_eq!(env.count_grants("refresh_token"), 1);
    assert_eq!(env.count_requests("GET", "/federation/credentials"), 1);
}

/// Each takes another role, so nothing but the token makes them wait for each other.
#[test]
fn a_token_is_renewed_once_for_many_profiles_too() {
    let id = |number: usize| format!("{:012}", 100_000_000_000 + number);
    let accounts = (0..24).map(|number| Account {
        id: id(number),
        name: format!("Account {number}"),
        email: String::new(),
        roles: vec!["ReadOnly".to_owned()],
    });
    let profile = |number| {
        let account = id(number);
        format!(
            "[profile p{number}]\nsso_session = corp\nsso_account_id = {account}\nsso_role_name = ReadOnly\n\
             region = us-east-1\n"
        )
    };
    let config: String = (0..24).map(profile).chain([CORP.to_owned()]).collect();
    let sandbox = Config { accounts: accounts.collect(), ..approving() };
    let env = TestEnv::with_sandbox(sandbox).config(&config).sign_in();
    env.expire_token("corp");
    env.sandbox().clear_requests();
    let words = |number| format!("sts get-caller-identity --profile p{number} --query Account --output text");
    for (number, output) in run_all(&env, (0..24).map(words)).iter().enumerate() {
        assert_eq!(same_output(std::slice::from_ref(output)).trim(), id(number));
    }
    assert_eq!(env.count_grants("refresh_token"), 1);
}

#[test]
fn sixteen_processes_renew_a_console_login_once() {
    let env = TestEnv::with_sandbox(approving()).log_in("dev");
    env.end_login_keys_at("2020-01-01T00:00:00Z");
    env.sandbox().expire_credentials();
    env.sandbox().clear_requests();
    let words = "sts get-caller-identity --profile dev --query Arn --output text";
    let outputs = run_all(&env, (0..16).map(|_| words.to_owned()));
    assert_eq!(same_output(&outputs).trim(), seed::USER_ARN);
    assert_eq!(env.count_requests("POST", "/v1/token"), 1);
}

#[test]
fn role_credentials_are_fetched_once_by_thirty_two() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    let outputs = run_all(&env, (0..32).map(|_| "configure export-credentials --profile dev".to_owned()));
    assert!(same_output(&outputs).contains("\"SessionToken\""));
    assert_eq!(env.count_requests("GET", "/federation/credentials"), 1);
}

const IDENTITY: &str = "sts get-caller-identity --query Arn --output text --profile";

/// How often the sandbox was asked for something of STS.
fn count_actions(env: &TestEnv, action: &str) -> usize {
    let requests = env.sandbox().requests();
    requests.iter().filter(|it| it.form.get("Action").is_some_and(|asked| asked == action)).count()
}

fn keys(profile: &str) -> String {
    let (id, secret) = (seed::ACCESS_KEY_ID, seed::SECRET_ACCESS_KEY);
    format!("[profile {profile}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
}

fn role(profile: &str, role_arn: &str, more: &str) -> String {
    format!("[profile {profile}]\nrole_arn = {role_arn}\nrole_session_name = {profile}\n{more}\n")
}

/// A slow sandbox: whoever does not wait for the others is there in time to ask too.
fn slow() -> Config {
    Config { delay: Duration::from_millis(150), ..Config::default() }
}

#[test]
fn a_chain_of_roles_is_taken_once_by_thirty_two() {
    let config = keys("base")
        + &role("one", seed::CONSOLE_READER_ARN, "source_profile = base")
        + &role("two", seed::CONSOLE_READER_ARN, "source_profile = one");
    let env = TestEnv::with_sandbox(slow()).config(&config);
    let outputs = run_all(&env, (0..32).map(|_| format!("{IDENTITY} two")));
    assert_eq!(same_output(&outputs), "arn:aws:sts::111122223333:assumed-role/ConsoleReader/two\n");
    assert_eq!(count_actions(&env, "AssumeRole"), 2);
}

#[test]
fn a_web_identity_is_exchanged_once_by_thirty_two() {
    let config = role("web", seed::DEPLOYER_ARN, "web_identity_token_file = ~/token");
    let env = TestEnv::with_sandbox(slow()).config(&config);
    env.write("token", &env.sandbox().web_identity_token());
    let outputs = run_all(&env, (0..32).map(|_| format!("{IDENTITY} web")));
    assert_eq!(same_output(&outputs), "arn:aws:sts::111122223333:assumed-role/Deployer/web\n");
    assert_eq!(count_actions(&env, "AssumeRoleWithWebIdentity"), 1);
}

/// A profile whose program counts its runs and takes a moment.
#[cfg(unix)]
fn counting_process(expiration: &str) -> TestEnv {
    let env = TestEnv::with_sandbox(Config::default())
        .var("PATH", "/usr/bin:/bin")
        .config("[profile p]\ncredential_process = sh -c 'echo run >> runs; sleep 0.2; cat keys.json'\n");
    let json = format!(
        r#"{{"Version": 1, "AccessKeyId": "{}", "SecretAccessKey": "{}"{expiration}}}"#,
        seed::ACCESS_KEY_ID,
        seed::SECRET_ACCESS_KEY
    );
    env.write("keys.json", &json);
    env
}

#[cfg(unix)]
#[test]
fn a_credential_process_runs_once_for_thirty_two() {
    let env = counting_process(r#", "Expiration": "2999-01-01T00:00:00Z""#);
    let outputs = run_all(&env, (0..32).map(|_| format!("{IDENTITY} p")));
    assert_eq!(same_output(&outputs), "arn:aws:iam::111122223333:user/alice\n");
    assert_eq!(env.read("runs").lines().count(), 1);
    assert_eq!(env.count_json(".aws/cli/cache"), 0);
}

#[cfg(unix)]
#[test]
fn keys_without_an_end_are_not_kept_nor_those_that_shall_not_be() {
    let env = counting_process("");
    for runs in 1..=3 {
        assert_eq!(env.run(&format!("{IDENTITY} p")).code, 0);
        assert_eq!(env.read("runs").lines().count(), runs);
    }
    let env = counting_process(r#", "Expiration": "2999-01-01T00:00:00Z""#)
        .var("AWSX_CREDENTIAL_PROCESS_CACHE", "off");
    for runs in 1..=2 {
        assert_eq!(env.run(&format!("{IDENTITY} p")).code, 0);
        assert_eq!(env.read("runs").lines().count(), runs);
    }
}

/// A person would have typed one code; the program that stands for them is asked once.
#[cfg(unix)]
#[test]
fn one_mfa_code_serves_all_that_wait_for_the_role() {
    let device = format!("source_profile = base\nmfa_serial = {}\n", seed::MFA_SERIAL);
    let asks = "mfa_process = sh -c 'echo asked >> asked; cat code'\n";
    let config = keys("base") + &role("op", seed::OPERATOR_ARN, &(device + asks));
    let env = TestEnv::with_sandbox(slow()).var("PATH", "/usr/bin:/bin").config(&config);
    env.write("code", &env.sandbox().mfa_code());
    let outputs = run_all(&env, (0..24).map(|_| format!("{IDENTITY} op")));
    assert_eq!(same_output(&outputs), "arn:aws:sts::111122223333:assumed-role/Operator/op\n");
    assert_eq!(env.read("asked").lines().count(), 1);
    assert_eq!(count_actions(&env, "AssumeRole"), 1);
}

#[cfg(unix)]
#[test]
fn one_session_serves_every_profile_with_the_device() {
    let session = format!("mfa_session = auto\nmfa_serial = {}\n", seed::MFA_SERIAL);
    let config: String = (0..16).map(|number| keys(&format!("p{number}")) + &session).collect();
    let asks = "sh -c 'echo asked >> asked; cat code'";
    let env = TestEnv::with_sandbox(slow())
        .var("PATH", "/usr/bin:/bin")
        .var("AWSX_MFA_PROCESS", asks)
        .config(&config);
    env.write("code", &env.sandbox().mfa_code());
    let outputs = run_all(&env, (0..16).map(|number| format!("{IDENTITY} p{number}")));
    assert_eq!(same_output(&outputs), "arn:aws:iam::111122223333:user/alice\n");
    assert_eq!(env.read("asked").lines().count(), 1);
    assert_eq!(count_actions(&env, "GetSessionToken"), 1);
}

/// Takes up to half a minute: the device has one code at a time.
#[cfg(unix)]
#[test]
fn a_used_code_is_waited_out() {
    let device =
        format!("source_profile = base\nmfa_serial = {}\nmfa_process = cat code\n", seed::MFA_SERIAL);
    let config = keys("base")
        + &role("first", seed::OPERATOR_ARN, &device)
        + &role("second", seed::OPERATOR_ARN, &device);
    let env = TestEnv::with_sandbox(Config::default()).var("PATH", "/usr/bin:/bin").config(&config);
    env.write("code", &env.sandbox().mfa_code());
    assert_eq!(env.run(&format!("{IDENTITY} first")).code, 0);
    let second = env.start(&format!("{IDENTITY} second"));
    second.wait_for_stderr(" s for the next one.");
    env.write("code", &env.sandbox().mfa_code());
    let second = second.finish();
    assert_eq!(second.code, 0, "{second}");
    assert_eq!(count_actions(&env, "AssumeRole"), 2);
}

/// Waits until another process holds the lock of a file.
fn wait_for_lock_on(env: &TestEnv, file: &str) {
    let start = Instant::now();
    let path = env.path(&format!("{file}.lock"));
    loop {
        // Given back at once, if it is free.
        let taken =
            File::open(&path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
        if taken {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "nobody locks {}", path.display());
        sleep(Duration::from_millis(2));
    }
}

/// The refresh token serves more than once here: the service may have answered the one that is killed.
#[test]
fn a_renewal_that_is_killed_is_taken_over() {
    let config = Config { delay: Duration::from_millis(700), rotate_refresh: false, ..approving() };
    let env = TestEnv::with_sandbox(config).config(DEVELOPER).sign_in();
    env.expire_token("corp");
    env.sandbox().clear_requests();
    let words = "sts get-caller-identity --profile dev --query Arn --output text";
    let holder = env.start(words);
    wait_for_lock_on(&env, &token_file("corp"));
    let waiting = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| run_all(&env, (0..64).map(|_| words.to_owned())));
        holder.kill();
        waiting.join().unwrap()
    });
    let arn = same_output(&waiting);
    assert!(arn.starts_with("arn:aws:sts::111122223333:assumed-role/"), "{arn}");
    let renewals = env.count_grants("refresh_token");
    assert!((1..=2).contains(&renewals), "{renewals}");
    assert_eq!(env.count_requests("GET", "/federation/credentials"), 1);
}

#[test]
fn two_sign_ins_to_one_session_ask_the_person_once() {
    let env = TestEnv::with_sandbox(Config::default()).config(CORP);
    let words = "sso login --sso-session corp --no-browser";
    let first = env.start(words);
    let url = first.wait_for_stdout(authorize_url);
    let second = env.start(words);
    second.wait_for_stderr("Another process is signing in to corp");
    browser::open_and_approve(&url).unwrap();
    let (first, second) = (first.finish(), second.finish());
    assert_eq!(first.code, 0, "{first}");
    insta::assert_snapshot!(second, @"
    exit: 0
    ----- stdout -----
    Successfully logged into Start URL: https://sandbox.awsapps.com/start
    ----- stderr -----
    Another process is signing in to corp; waiting for it.
    ");
    assert_eq!(env.count_grants("authorization_code"), 1);
}

#[test]
fn a_sign_in_that_is_killed_leaves_its_place_to_the_next() {
    let env = TestEnv::with_sandbox(Config::default()).config(CORP);
    let words = "sso login --sso-session corp --no-browser";
    let first = env.start(words);
    first.wait_for_stdout(authorize_url);
    let second = env.start(words);
    second.wait_for_stderr("Another process is signing in to corp");
    first.kill();
    browser::open_and_approve(&second.wait_for_stdout(authorize_url)).unwrap();
    let second = second.finish();
    assert_eq!(second.code, 0, "{second}");
}
