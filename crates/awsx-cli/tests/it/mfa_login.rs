//! `configure mfa-login`: a code makes temporary keys in a profile of their own.

use awsx_sandbox::{Config, seed};

use crate::support::TestEnv;

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default())
}

#[test]
fn a_code_gives_keys_that_the_new_profile_uses() {
    let env = env().alice();
    let code = env.sandbox().mfa_code();
    let login = format!("configure mfa-login --serial-number {}", seed::MFA_SERIAL);
    let login = env.run_with_input(&login, &format!("{code}\n\n")).ok();
    assert!(login.starts_with("MFA token code: Profile to update [111122223333-alice]: "), "{login}");
    assert!(login.contains("Temporary credentials written to profile '111122223333-alice'\n"), "{login}");
    let identity = env.run("sts get-caller-identity --profile 111122223333-alice --query Arn --output text");
    assert_eq!(identity.ok(), "arn:aws:iam::111122223333:user/alice\n");
}

#[test]
fn keys_are_asked_for_where_there_are_none() {
    let env = env();
    let code = env.sandbox().mfa_code();
    let answers =
        format!("{}\n{}\n{}\n{code}\n", seed::ACCESS_KEY_ID, seed::SECRET_ACCESS_KEY, seed::MFA_SERIAL);
    let login = env.run_with_input("configure mfa-login --update-profile mine", &answers).ok();
    assert!(login.starts_with("Please provide your AWS credentials:\nAWS Access Key ID: "), "{login}");
    let end = login.lines().find(|line| line.starts_with("Credentials will expire at 20")).unwrap();
    assert!(end.ends_with(" UTC"), "{end}");
    assert_eq!(env.run("configure get aws_session_token --profile mine").code, 0);
}

#[test]
fn a_wrong_code_and_a_missing_one_end_with_1() {
    let env = env().alice();
    let login = format!("configure mfa-login --serial-number {} --update-profile m", seed::MFA_SERIAL);
    insta::assert_snapshot!(env.run_with_input(&login, "\n"), @r"
    exit: 1
    ----- stdout -----
    MFA token code: 
    ----- stderr -----

    awsx: [ERROR]: MFA token code is required
    ");
    insta::assert_snapshot!(env.run_with_input(&login, "000000\n"), @r"
    exit: 1
    ----- stdout -----
    MFA token code: 
    ----- stderr -----

    awsx: [ERROR]: An error occurred: An error occurred (AccessDenied) when calling the GetSessionToken operation: MultiFactorAuthentication failed with invalid MFA one time pass code.
    ");
    assert_eq!(env.run("configure get aws_session_token --profile m").code, 255);
}
