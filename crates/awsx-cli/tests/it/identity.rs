//! `sts get-caller-identity`: credentials from everywhere, results in every format, failures in their places.

use awsx_sandbox::{Config, Fault, Outcome, seed};

use crate::support::TestEnv;

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

const IDENTITY: &str = "sts get-caller-identity";

#[test]
fn json_is_the_format_when_none_is_named() {
    insta::assert_snapshot!(env().run(IDENTITY), @r#"
    exit: 0
    ----- stdout -----
    {
        "UserId": "AIDAXYDN7IBDLKQVIMBW5",
        "Account": "111122223333",
        "Arn": "arn:aws:iam::111122223333:user/alice"
    }
    "#);
}

#[test]
fn every_format_shows_the_same_facts() {
    let env = env();
    insta::assert_snapshot!(env.run("sts get-caller-identity --output text"), @"
    exit: 0
    ----- stdout -----
    111122223333	arn:aws:iam::111122223333:user/alice	AIDAXYDN7IBDLKQVIMBW5
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identity --output table"), @"
    exit: 0
    ----- stdout -----
    -----------------------------------------------------
    |                 GetCallerIdentity                 |
    +---------+-----------------------------------------+
    |  Account|  111122223333                           |
    |  Arn    |  arn:aws:iam::111122223333:user/alice   |
    |  UserId |  AIDAXYDN7IBDLKQVIMBW5                  |
    +---------+-----------------------------------------+
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identity --output yaml"), @"
    exit: 0
    ----- stdout -----
    Account: '111122223333'
    Arn: arn:aws:iam::111122223333:user/alice
    UserId: AIDAXYDN7IBDLKQVIMBW5
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identity --output yaml-stream"), @"
    exit: 0
    ----- stdout -----
    - Account: '111122223333'
      Arn: arn:aws:iam::111122223333:user/alice
      UserId: AIDAXYDN7IBDLKQVIMBW5
    ");
    assert_eq!(env.run("sts get-caller-identity --output off").ok(), "");
}

#[test]
fn the_format_may_come_from_variable_and_profile_and_the_flag_beats_both() {
    let env = env().config("[default]\noutput = table\n").var("AWS_DEFAULT_OUTPUT", "text");
    let query = "sts get-caller-identity --query Account";
    assert_eq!(env.run(query).ok(), "111122223333\n");
    assert_eq!(env.run(&format!("{query} --output json")).ok(), "\"111122223333\"\n");
}

#[test]
fn a_query_picks_from_the_result_and_a_bad_one_costs_no_request() {
    let env = env();
    let words = ["sts", "get-caller-identity", "--query", "[Account, Arn]", "--output", "text"];
    assert_eq!(env.run_args(&words).ok(), "111122223333\tarn:aws:iam::111122223333:user/alice\n");
    env.sandbox().clear_requests();
    insta::assert_snapshot!(env.run("sts get-caller-identity --query [Account"), @r#"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Bad value for --query [Account: Invalid jmespath expression: Incomplete expression:
    "[Account"
             ^
    "#);
    assert!(env.sandbox().requests().is_empty());
}

#[test]
fn variables_come_before_the_profiles_file() {
    let env = env()
        .var("AWS_ACCESS_KEY_ID", seed::ACCESS_KEY_ID)
        .var("AWS_SECRET_ACCESS_KEY", "not-the-secret-of-this-key");
    assert_eq!(env.run(IDENTITY).code, 254);
    assert_eq!(env.run("sts get-caller-identity --profile default").code, 0);
}

fn reader_config() -> String {
    format!(
        "[profile reader]\nrole_arn = {}\nsource_profile = default\nrole_session_name = me\n",
        seed::CONSOLE_READER_ARN
    )
}

#[test]
fn a_role_is_taken_once_and_its_keys_are_kept() {
    let env = env().config(&reader_config());
    let words = "sts get-caller-identity --profile reader --query Arn --output text";
    let arn = "arn:aws:sts::111122223333:assumed-role/ConsoleReader/me\n";
    assert_eq!(env.run(words).ok(), arn);
    assert_eq!(env.run(words).ok(), arn);
    let roles_taken = || {
        env.sandbox()
            .requests()
            .iter()
            .filter(|it| it.form.get("Action").is_some_and(|it| it == "AssumeRole"))
            .count()
    };
    assert_eq!(roles_taken(), 1);
    assert_eq!(env.count_json(".aws/cli/cache"), 1);
}

#[cfg(unix)]
#[test]
fn kept_keys_are_for_their_owner_only() {
    let env = env().config(&reader_config());
    assert_eq!(env.run("sts get-caller-identity --profile reader").code, 0);
    for name in env.list(".aws/cli/cache") {
        assert_eq!(crate::support::mode_of(&env.path(".aws/cli/cache").join(&name)), 0o600, "{name}");
    }
}

#[test]
fn debug_tells_of_a_role_without_its_keys() {
    let env = env().config(&reader_config());
    let run = env.run("sts get-caller-identity --profile reader --debug");
    assert_eq!(run.code, 0, "{run}");
    // `finish` has looked for secrets.
    assert!(run.stderr.contains(" - DEBUG - "), "{run}");
}

#[test]
fn a_chain_that_cannot_be_stops_before_any_request() {
    let env = env().config(
        "[profile loop]
role_arn = arn:aws:iam::111122223333:role/ConsoleReader
source_profile = loop2
[profile loop2]
role_arn = arn:aws:iam::111122223333:role/ConsoleReader
source_profile = loop
[profile ghost]
role_arn = arn:aws:iam::111122223333:role/ConsoleReader
source_profile = gone
[profile half]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
",
    );
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile loop"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Infinite loop in credential configuration detected. Attempting to load from profile loop which has already been visited. Visited profiles: ['loop', 'loop2']
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile ghost"), @r#"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The source_profile "gone" referenced in the profile "ghost" does not exist.
    "#);
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile half"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Partial credentials found in config-file, missing: aws_secret_access_key
    ");
    assert!(env.sandbox().requests().is_empty());
}

fn operator() -> TestEnv {
    env().config(&format!(
        "[profile operator]\nrole_arn = {}\nsource_profile = default\nmfa_serial = {}\n",
        seed::OPERATOR_ARN,
        seed::MFA_SERIAL
    ))
}

#[test]
fn a_role_that_asks_for_mfa_needs_somebody_to_ask() {
    let env = operator();
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile operator"), @"
    exit: 255
    ----- stderr -----
    Enter MFA code for arn:aws:iam::111122223333:mfa/alice: 

    awsx: [ERROR]: an MFA code is needed for arn:aws:iam::111122223333:mfa/alice, and there is no terminal to ask at
    hint: pass `--mfa-code CODE`
    ");
}

#[cfg(unix)]
#[test]
fn an_mfa_code_is_asked_for_at_a_terminal_and_not_shown() {
    let env = operator();
    let words = "sts get-caller-identity --profile operator --query Arn --output text --no-cli-pager";
    let mut terminal = crate::support::Terminal::start(&env, words);
    terminal.wait_for("Enter MFA code for arn:aws:iam::111122223333:mfa/alice");
    terminal.wait_for_hidden_input();
    let code = env.sandbox().mfa_code();
    terminal.press(&format!("{code}\r"));
    terminal.wait_for("arn:aws:sts::111122223333:assumed-role/Operator/");
    let (exit, screen) = terminal.finish();
    assert_eq!(exit, 0, "{screen}");
    assert!(!screen.contains(&code), "{screen}");
}

#[test]
fn no_credentials_no_region_and_no_profile_have_their_own_texts() {
    let env = TestEnv::new().var("AWS_REGION", "us-east-1");
    insta::assert_snapshot!(env.run(IDENTITY), @r#"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (NoCredentials): Unable to locate credentials. You can configure credentials by running "awsx login".
    hint: run `awsx configure sso` for IAM Identity Center, or `awsx configure` for access keys
    "#);
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile nobody"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The config profile (nobody) could not be found
    hint: see the profiles you have with `awsx configure list-profiles`
    ");
    let env = TestEnv::new().alice();
    insta::assert_snapshot!(env.run(IDENTITY), @r#"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (NoRegion): You must specify a region. You can also configure your region by running "awsx configure".
    hint: pass `--region us-east-1`, say, or keep it with `awsx configure set region us-east-1`
    "#);
}

#[test]
fn a_wrong_secret_is_the_services_error() {
    let env = TestEnv::with_sandbox(Config::default()).credentials(
        "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = not-the-secret-of-this-key\n",
    );
    insta::assert_snapshot!(env.run(IDENTITY), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
    ");
}

/// AWS CLI reads its global options and the command's name before it knows of formats.
#[test]
fn mistakes_of_the_whole_line_are_told_in_one_format() {
    let env = TestEnv::new();
    for words in
        ["iamm list-users", "iam list-users --output wrong", "configure list --region", "--profile", ""]
    {
        let usual = env.run(words);
        assert_eq!(usual.code, 252, "{usual}");
        for format in ["json", "legacy", "table"] {
            let run = env.run(&format!("--cli-error-format {format} {words}"));
            assert_eq!((run.code, &run.stderr), (252, &usual.stderr), "{words} {format}");
        }
    }
    let run = env.run("--cli-error-format json iam create-user");
    assert!(run.stderr.starts_with("{\n    \"Code\": \"ParamValidation\""), "{run}");
    assert!(run.stderr.contains("<subcommand> help\\n\""), "{run}");
}

#[test]
fn of_a_repeated_option_the_last_one_counts() {
    let env = TestEnv::new();
    env.write(".aws/config", "[profile b]\nregion = eu-central-1\n");
    let run = env.run("configure get region --profile a --profile b");
    assert_eq!(run.ok(), "eu-central-1\n");
}

#[test]
fn error_formats_are_aws_clis() {
    let env = env();
    env.sandbox().add_fault(Fault {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        action: None,
        outcome: Outcome::Respond { status: 403, code: "AccessDenied".to_owned() },
        times: u32::MAX,
    });
    let run = |format| env.run(&format!("sts get-caller-identity --cli-error-format {format}"));
    insta::assert_snapshot!(run("enhanced"), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (AccessDenied) when calling the GetCallerIdentity operation: The sandbox was told to answer AccessDenied
    ");
    insta::assert_snapshot!(run("legacy"), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (AccessDenied) when calling the GetCallerIdentity operation: The sandbox was told to answer AccessDenied
    ");
    insta::assert_snapshot!(run("json"), @r#"
    exit: 254
    ----- stderr -----
    {
        "Code": "AccessDenied",
        "Message": "The sandbox was told to answer AccessDenied"
    }
    "#);
    insta::assert_snapshot!(run("yaml"), @"
    exit: 254
    ----- stderr -----
    Code: AccessDenied
    Message: The sandbox was told to answer AccessDenied
    ");
    insta::assert_snapshot!(run("text"), @"
    exit: 254
    ----- stderr -----
    AccessDenied	The sandbox was told to answer AccessDenied
    ");
    insta::assert_snapshot!(run("table"), @"
    exit: 254
    ----- stderr -----
    -----------------------------------------------------------------
    |                             error                             |
    +---------------+-----------------------------------------------+
    |     Code      |                    Message                    |
    +---------------+-----------------------------------------------+
    |  AccessDenied |  The sandbox was told to answer AccessDenied  |
    +---------------+-----------------------------------------------+
    ");
}

#[test]
fn a_server_that_stumbles_is_asked_again() {
    let env = env();
    env.sandbox().add_fault(Fault {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        action: None,
        outcome: Outcome::Respond { status: 503, code: "ServiceUnavailable".to_owned() },
        times: 1,
    });
    assert_eq!(env.run(IDENTITY).code, 0);
    assert_eq!(env.count_requests("POST", "/"), 2);
}

#[test]
fn a_refused_connection_is_told_as_aws_cli_tells_it() {
    // Port 9 is the discard service's, which nobody runs any more.
    let env = TestEnv::new()
        .alice()
        .var("AWS_REGION", "us-east-1")
        .var("AWS_MAX_ATTEMPTS", "1")
        .var("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let run = env.run(IDENTITY);
    assert_eq!(run.code, 255, "{run}");
    // The cause is in the system's words.
    let told = "\nawsx: [ERROR]: Could not connect to the endpoint URL: \"http://127.0.0.1:9/\"\ncaused by: ";
    assert!(run.stderr.starts_with(told), "{run}");
}

/// awsx hands itself the credentials of another profile.
#[test]
fn a_credential_process_gives_the_credentials_and_a_circle_of_them_ends() {
    let awsx = env!("CARGO_BIN_EXE_awsx");
    let export = |profile: &str| format!("{awsx} configure export-credentials --profile {profile}");
    let env = env().config(&format!(
        "[profile tool]\nregion = us-east-1\ncredential_process = {}\n[profile circle]\ncredential_process = {}\n",
        export("default"),
        export("circle"),
    ));
    let identity = env.run("sts get-caller-identity --profile tool --query Arn --output text");
    assert_eq!(identity.ok(), "arn:aws:iam::111122223333:user/alice\n");
    insta::assert_snapshot!(env.run("configure export-credentials --profile circle"), @r"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (Configuration): Unable to retrieve credentials: Error when retrieving credentials from custom-process: 
    awsx: [ERROR]: An error occurred (Configuration): Credential process resolution detected an infinite loop, profile cycle: circle -> circle
    ");
}

/// Where the home cannot be written, credentials are fetched each time instead of failing.
#[cfg(unix)]
#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let env = env().config(&format!(
        "[profile role]\nregion = us-east-1\nsource_profile = default\nrole_arn = {}\n",
        seed::CONSOLE_READER_ARN
    ));
    // A file where the folder of the cache would be: even root cannot write below it.
    env.write(".aws/cli", "not a folder");
    let identity = env.run("sts get-caller-identity --profile role --query Account --output text");
    assert_eq!(identity.ok(), "111122223333\n");
}

#[test]
fn a_request_without_a_signature_needs_no_credentials() {
    let env = TestEnv::with_sandbox(Config::default());
    let identity = env.run("sts get-caller-identity --no-sign-request");
    assert_eq!(identity.code, 254);
    assert!(identity.stderr.contains("An error occurred (MissingAuthenticationToken)"), "{identity}");
}

#[test]
fn a_request_without_a_signature_does_not_look_at_credentials() {
    let env =
        TestEnv::with_sandbox(Config::default()).config("[profile half]\naws_access_key_id = AKIAHALF\n");
    let identity = env.run("sts get-caller-identity --no-sign-request --profile half");
    assert_eq!(identity.code, 254, "{identity}");
    let unknown = env.run("sts get-caller-identity --no-sign-request --profile nope");
    assert_eq!(unknown.code, 255, "{unknown}");
}
