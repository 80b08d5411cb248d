//! `status` and `sso login --min-valid`: what is good, told without asking anybody.

use awsx_sandbox::{Config, seed};
use serde_json::Value;

use crate::support::{DEVELOPER, TestEnv, approving};

fn state(env: &TestEnv, words: &str) -> (i32, Vec<(String, String)>) {
    let before = env.sandbox().requests().len();
    let run = env.run(&format!("status --json {words}"));
    assert_eq!(env.sandbox().requests().len(), before, "nobody is asked");
    let json: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"));
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = json.as_array().unwrap().iter().map(|row| (text(row, "name"), text(row, "state"))).collect();
    (run.code, rows)
}

fn rows(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn each_state_has_its_exit_code() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER);
    assert_eq!(state(&env, ""), (4, rows(&[("corp", "expired")])));
    assert_eq!(state(&env, "--profile dev"), (4, rows(&[("dev", "expired")])));

    let env = env.sign_in();
    assert_eq!(state(&env, ""), (0, rows(&[("corp", "valid")])));
    assert_eq!(state(&env, "--profile dev"), (3, rows(&[("dev", "refreshable")])));
    assert_eq!(state(&env, "--min-valid 9h"), (3, rows(&[("corp", "refreshable")])));
    assert_eq!(state(&env, "--min-valid 100d"), (4, rows(&[("corp", "expired")])));

    env.run("sts get-caller-identity --profile dev").ok();
    assert_eq!(state(&env, ""), (0, rows(&[("corp", "valid"), ("dev", "valid")])));
    assert_eq!(state(&env, "--min-valid 2h"), (3, rows(&[("corp", "valid"), ("dev", "refreshable")])));

    env.expire_token("corp");
    assert_eq!(state(&env, ""), (3, rows(&[("corp", "refreshable"), ("dev", "valid")])));
    env.run("sso logout").ok();
    assert_eq!(state(&env, "").0, 4);
}

#[test]
fn keys_programs_and_codes_are_told_apart() {
    let config = format!(
        "[profile tool]\ncredential_process = /no/such/tool\n\
         [profile reader]\nrole_arn = {reader}\nsource_profile = default\n\
         [profile operator]\nrole_arn = {operator}\nsource_profile = default\nmfa_serial = {serial}\n\
         [profile none]\nregion = eu-west-1\n",
        reader = seed::CONSOLE_READER_ARN,
        operator = seed::OPERATOR_ARN,
        serial = seed::MFA_SERIAL
    );
    let env = TestEnv::with_sandbox(Config::default()).alice().config(&config);
    assert_eq!(state(&env, ""), (0, rows(&[("default", "valid")])));
    assert_eq!(state(&env, "--profile reader"), (3, rows(&[("reader", "refreshable")])));
    assert_eq!(state(&env, "--profile operator"), (4, rows(&[("operator", "expired")])));
    assert_eq!(state(&env, "--profile tool"), (5, rows(&[("tool", "unknown")])));
    assert_eq!(state(&env, "--profile none"), (5, Vec::new()));
    assert_eq!(env.run("status --profile nobody").code, 255);
}

#[test]
fn the_table_is_for_people() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER);
    insta::assert_snapshot!(env.run("status"), @"
    exit: 4
    ----- stdout -----
     KIND         NAME  STATE    ENDS  NOTE
     sso-session  corp  expired  -     not signed in
    ");
    insta::assert_snapshot!(TestEnv::new().run("status"), @"
    exit: 5
    ----- stderr -----
    Nothing is configured; `awsx configure sso` or `awsx configure` sets it up.
    ");
}

#[test]
fn a_sign_in_that_lasts_is_not_made_again() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER);
    let login = "sso login --profile dev --use-device-code --no-browser --min-valid";
    assert_eq!(env.run(&format!("{login} 2h")).code, 0);
    let asked = env.sandbox().requests().len();
    assert!(asked > 0, "there was nothing that lasts");

    // Good for eight hours; renewable for as long as the registration lasts.
    for span in ["2h", "9h"] {
        let run = env.run(&format!("{login} {span}"));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run}");
        assert!(run.stderr.contains("already"), "{run}");
    }
    env.expire_token("corp");
    assert_eq!(env.run(&format!("{login} 2h")).stdout, "");
    assert_eq!(env.sandbox().requests().len(), asked);

    assert_eq!(env.run(&format!("{login} 100d")).code, 0);
    assert!(env.sandbox().requests().len() > asked);
}
