//! `configure sso` and `configure sso-session` without a terminal: by options, and by lines from a pipe.

use awsx_sandbox::{Account, Config, Fault, Outcome, browser, seed};

use crate::support::{CORP, SESSION, TestEnv, approving, authorize_url, profile_of_role};

const SESSION_FLAGS: &str = "--sso-session-name corp --sso-start-url https://sandbox.awsapps.com/start \
                             --sso-region us-east-1 --sso-registration-scopes sso:account:access";
const ROLE_FLAGS: &str =
    "--sso-account-id 111122223333 --sso-role-name ReadOnly --region eu-west-1 --output json --profile dev";
const IN_JSON: &str = "region = eu-west-1\noutput = json\n";
const UNATTENDED: &str = "--use-device-code --no-browser";

/// The lines that the sign-in does not make different each time.
fn after_sign_in(stdout: &str) -> String {
    let lines: Vec<&str> = stdout.lines().collect();
    let shown = lines.iter().rposition(|line| line.contains("http")).map_or(0, |line| line + 1);
    lines[shown..].join("\n")
}

fn single_role() -> Vec<Account> {
    let only = seed::accounts().swap_remove(0);
    vec![Account { roles: vec!["Developer".to_owned()], ..only }]
}

#[test]
fn with_every_option_given_nothing_is_asked() {
    let env = TestEnv::with_sandbox(approving());
    let run = env.run(&format!("configure sso {UNATTENDED} {SESSION_FLAGS} {ROLE_FLAGS}"));
    insta::assert_snapshot!(run, @r#"
    exit: 0
    ----- stdout -----
    Using the account ID 111122223333
    Using the role name "ReadOnly"
    To use this profile, specify the profile name using --profile, as shown:

    awsx sts get-caller-identity --profile dev
    "#);
    let written = profile_of_role("dev", "111122223333", "ReadOnly", IN_JSON);
    assert_eq!(env.read(".aws/config"), written);
    let arn = env.run("sts get-caller-identity --profile dev --query Arn --output text").ok();
    assert!(arn.contains("AWSReservedSSO_ReadOnly_"), "{arn}");
}

#[test]
fn the_browser_sign_in_is_the_default() {
    let env = TestEnv::with_sandbox(Config::default());
    let configure = env.start(&format!("configure sso --no-browser {SESSION_FLAGS} {ROLE_FLAGS}"));
    browser::open_and_approve(&configure.wait_for_stdout(authorize_url)).unwrap();
    let run = configure.finish();
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(env.count_grants("authorization_code"), 1);
}

#[test]
fn a_missing_answer_names_its_option() {
    let env = TestEnv::with_sandbox(approving());
    insta::assert_snapshot!(env.run(&format!("configure sso {UNATTENDED}")), @"
    exit: 255
    ----- stdout -----
    SSO session name (Recommended): 
    ----- stderr -----

    awsx: [ERROR]: cannot ask for `SSO session name (Recommended)`: standard input has ended
    hint: pass `--sso-session-name`
    ");
    insta::assert_snapshot!(env.run(&format!("configure sso {UNATTENDED} --sso-session-name corp")), @"
    exit: 255
    ----- stdout -----
    SSO start URL [None]: 
    ----- stderr -----

    awsx: [ERROR]: cannot ask for `SSO start URL`: standard input has ended
    hint: pass `--sso-start-url`
    ");
    assert!(env.list(".aws").is_empty());
}

#[test]
fn answers_are_read_from_a_pipe_line_by_line() {
    let env = TestEnv::with_sandbox(approving());
    let role = [
        ("AWS account ID", "444455556666"),
        ("Role name", "Administrator"),
        ("Default client Region", "eu-west-1"),
        ("CLI default output format", ""),
        ("Profile name", ""),
    ];
    let dialogue = [&SESSION[..], &role].concat();
    let run = env.run_dialogue(&format!("configure sso {UNATTENDED}"), &dialogue);
    insta::assert_snapshot!(run, @r#"
    exit: 0
    ----- stdout -----
    SSO session name (Recommended): SSO start URL [None]: SSO region [None]: SSO registration scopes [sso:account:access]: There are 2 AWS accounts available to you.
    AWS account ID: Using the account ID 444455556666
    There are 2 roles available to you.
    Role name: Using the role name "Administrator"
    Default client Region [None]: CLI default output format (json if not specified) [None]: Profile name [Administrator-444455556666]: To use this profile, specify the profile name using --profile, as shown:

    awsx sts get-caller-identity --profile Administrator-444455556666
    "#);
    let written = profile_of_role(
        "Administrator-444455556666",
        "444455556666",
        "Administrator",
        "region = eu-west-1\n",
    );
    assert_eq!(env.read(".aws/config"), written);
}

#[test]
fn without_a_session_name_the_older_form_is_written() {
    let env = TestEnv::with_sandbox(approving());
    let dialogue = [
        ("SSO session name", ""),
        SESSION[1],
        SESSION[2],
        ("AWS account ID", "111122223333"),
        ("Role name", "Developer"),
        ("Default client Region", ""),
        ("CLI default output format", ""),
        ("Profile name", "old"),
    ];
    let run = env.run_dialogue(&format!("configure sso {UNATTENDED}"), &dialogue);
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [profile old]
    sso_start_url = https://sandbox.awsapps.com/start
    sso_region = us-east-1
    sso_account_id = 111122223333
    sso_role_name = Developer
    ");
    assert_eq!(env.run("sts get-caller-identity --profile old --region us-east-1").code, 0);
}

#[test]
fn a_session_that_exists_is_used_with_its_token() {
    let env = TestEnv::with_sandbox(approving()).config(CORP).sign_in();
    env.sandbox().clear_requests();
    let run = env.run(&format!("configure sso --sso-session-name corp {ROLE_FLAGS}"));
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(env.count_requests("POST", "/token"), 0);
    assert!(env.read(".aws/config").starts_with(CORP));
}

#[test]
fn what_was_answered_is_kept_when_a_later_step_fails() {
    let env = TestEnv::with_sandbox(approving());
    let run = env.run(&format!(
        "configure sso {UNATTENDED} {SESSION_FLAGS} --sso-account-id 111122223333 --sso-role-name Nobody --profile dev"
    ));
    assert_eq!(run.code, 255, "{run}");
    insta::assert_snapshot!(run.stderr.trim(), @"
    awsx: [ERROR]: you have no role Nobody in the account 111122223333
    hint: your roles there: Developer, ReadOnly
    hint: your answers are kept; `awsx configure sso --sso-session-name corp` goes on from there
    ");
    assert_eq!(env.read(".aws/config"), CORP);
    let run = env.run(&format!("configure sso --sso-session-name corp {ROLE_FLAGS}"));
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn an_answer_is_kept_when_signing_in_fails() {
    let env = TestEnv::with_sandbox(Config::default());
    let configure = env.start(&format!("configure sso --no-browser {SESSION_FLAGS} {ROLE_FLAGS}"));
    browser::open_and_deny(&configure.wait_for_stdout(authorize_url)).unwrap();
    let run = configure.finish();
    assert_eq!(run.code, 255, "{run}");
    assert!(env.read(".aws/config").contains("[sso-session corp]\n"));
    assert!(!env.read(".aws/config").contains("[profile dev]"));
}

#[test]
fn an_only_account_and_role_are_taken_without_asking() {
    let env = TestEnv::with_sandbox(Config { accounts: single_role(), ..approving() });
    let run = env.run(&format!(
        "configure sso {UNATTENDED} {SESSION_FLAGS} --region eu-west-1 --output json --profile dev"
    ));
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(after_sign_in(&run.stdout), @r#"
    The only AWS account available to you is: 111122223333
    Using the account ID 111122223333
    The only role available to you is: Developer
    Using the role name "Developer"
    To use this profile, specify the profile name using --profile, as shown:

    awsx sts get-caller-identity --profile dev
    "#);
    let written = profile_of_role("dev", "111122223333", "Developer", IN_JSON);
    assert_eq!(env.read(".aws/config"), written);
}

#[test]
fn the_suggested_profile_name_is_role_and_account() {
    let env = TestEnv::with_sandbox(Config { accounts: single_role(), ..approving() });
    let dialogue = [("Default client Region", ""), ("CLI default output format", ""), ("Profile name", "")];
    let run = env.run_dialogue(&format!("configure sso {UNATTENDED} {SESSION_FLAGS}"), &dialogue);
    assert_eq!(run.code, 0, "{run}");
    assert!(env.read(".aws/config").contains("[profile Developer-111122223333]\n"));
}

#[test]
fn nobody_without_an_account_gets_a_profile() {
    let env = TestEnv::with_sandbox(Config { accounts: Vec::new(), ..approving() });
    let run = env.run(&format!("configure sso {UNATTENDED} {SESSION_FLAGS} --profile dev"));
    assert_eq!(run.code, 255, "{run}");
    insta::assert_snapshot!(run.stderr.trim(), @"
    awsx: [ERROR]: No AWS accounts are available to you.
    hint: your answers are kept; `awsx configure sso --sso-session-name corp` goes on from there
    ");
    assert!(!env.read(".aws/config").contains("[profile"));
}

#[test]
fn a_token_that_may_not_list_makes_a_profile_for_bearers() {
    let env = TestEnv::with_sandbox(approving());
    env.sandbox().add_fault(Fault {
        method: "GET".to_owned(),
        path: "/assignment/accounts".to_owned(),
        action: None,
        outcome: Outcome::Respond { status: 401, code: "UnauthorizedException".to_owned() },
        times: u32::MAX,
    });
    let run = env.run(&format!(
        "configure sso {UNATTENDED} {SESSION_FLAGS} --region eu-west-1 --output json --profile bearer"
    ));
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(after_sign_in(&run.stdout), @"
    Unable to list AWS accounts and/or roles. Skipping configuring AWS credential provider for profile.
    Successfully configured SSO for profile: bearer
    ");
    assert_eq!(env.read(".aws/config"), format!("[profile bearer]\nsso_session = corp\n{IN_JSON}{CORP}"));
}

#[test]
fn an_answer_that_cannot_be_is_told_before_signing_in() {
    let env = TestEnv::with_sandbox(approving());
    insta::assert_snapshot!(env.run("configure sso --sso-session-name corp --sso-start-url nonsense"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Not a valid Start URL: `nonsense`
    ");
    insta::assert_snapshot!(env.run_with_input("configure sso", "corp\nnonsense\n"), @"
    exit: 255
    ----- stdout -----
    SSO session name (Recommended): SSO start URL [None]: 
    ----- stderr -----

    awsx: [ERROR]: Not a valid Start URL
    hint: the answer to `SSO start URL` was `nonsense`
    ");
    assert!(env.sandbox().requests().is_empty());
}

#[test]
fn a_session_is_set_up_by_itself() {
    let env = TestEnv::new();
    let mut dialogue = SESSION;
    dialogue[3].1 = "sso:account:access, openid";
    insta::assert_snapshot!(env.run_dialogue("configure sso-session", &dialogue), @"
    exit: 0
    ----- stdout -----
    SSO session name: SSO start URL [None]: SSO region [None]: SSO registration scopes [sso:account:access]: 
    Completed configuring SSO session: corp
    Run the following to login and refresh access token for this session:

    awsx sso login --sso-session corp
    ");
    let before = env.read(".aws/config");
    assert_eq!(before, CORP.replace("access\n", "access, openid\n"));
    // Empty answers keep what there is.
    let keeping: Vec<_> = SESSION[1..].iter().map(|(question, _)| (*question, "")).collect();
    assert_eq!(env.run_dialogue("configure sso-session --sso-session-name corp", &keeping).code, 0);
    assert_eq!(env.read(".aws/config"), before);
    assert_eq!(env.run(&format!("configure sso-session {SESSION_FLAGS}")).code, 0);
    assert_eq!(env.read(".aws/config"), before.replace("access, openid", "access"));
}
