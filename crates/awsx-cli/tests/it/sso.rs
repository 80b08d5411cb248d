//! Signing in and out, and what stays in the files.

use std::time::{Duration, Instant};

use awsx_sandbox::{Config, Fault, Outcome, browser};

use crate::support::{CORP, DEVELOPER, TestEnv, approving, authorize_url, device_url, token_file};

const LEGACY: &str = "[profile old]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_account_id = 444455556666
sso_role_name = ReadOnly
region = us-east-1
";

fn attended() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).config(DEVELOPER)
}

fn cut(method: &str, path: &str, times: u32) -> Fault {
    Fault { method: method.to_owned(), path: path.to_owned(), action: None, outcome: Outcome::Cut, times }
}

/// A text with the parts of URLs and codes that are made up anew each time replaced.
fn without_random(text: &str) -> String {
    let mut shown = String::new();
    for line in text.lines() {
        let is_code = line.len() == 9 && line.as_bytes()[4] == b'-';
        let known = match line.split_once('?') {
            _ if is_code => "[CODE]".to_owned(),
            Some((page, _)) if page.ends_with("/authorize") => format!("{page}?[QUERY]"),
            Some((page, _)) if page.ends_with("/device") => format!("{page}?user_code=[CODE]"),
            _ => line.to_owned(),
        };
        shown += &known;
        shown.push('\n');
    }
    shown
}

#[test]
fn a_browser_sign_in_ends_with_a_token_for_every_tool() {
    let env = attended();
    let login = env.start("sso login --profile dev --no-browser");
    browser::open_and_approve(&login.wait_for_stdout(authorize_url)).unwrap();
    let run = login.finish();
    insta::assert_snapshot!(without_random(&run.to_string()), @"
    exit: 0
    ----- stdout -----
    Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/authorize?[QUERY]
    Successfully logged into Start URL: https://sandbox.awsapps.com/start
    ");
    let token: serde_json::Value = serde_json::from_str(&env.read(&token_file("corp"))).unwrap();
    let keys: Vec<_> = token.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "startUrl",
            "region",
            "accessToken",
            "expiresAt",
            "clientId",
            "clientSecret",
            "registrationExpiresAt",
            "refreshToken"
        ]
    );
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile dev"), @r#"
    exit: 0
    ----- stdout -----
    {
        "UserId": "AROAXYUH2WL2XM6LITM5M:alice",
        "Account": "111122223333",
        "Arn": "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Developer_88d411b1963c229d/alice"
    }
    "#);
}

#[cfg(unix)]
#[test]
fn tokens_are_for_their_owner_only_whatever_they_were_before() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    let path = env.path(&token_file("corp"));
    assert_eq!(crate::support::mode_of(&path), 0o600);
    env.expire_token("corp");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
    assert_eq!(env.count_grants("refresh_token"), 1);
    for name in env.list(".aws/sso/cache") {
        assert_eq!(crate::support::mode_of(&env.path(".aws/sso/cache").join(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_device_sign_in_shows_page_and_code() {
    let env = attended();
    let login = env.start("sso login --sso-session corp --use-device-code --no-browser");
    browser::open_and_approve(&login.wait_for_stdout(device_url)).unwrap();
    let run = login.finish();
    insta::assert_snapshot!(without_random(&run.to_string()), @"
    exit: 0
    ----- stdout -----
    Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/device

    Then enter the code:

    [CODE]

    Alternatively, you may visit the following URL which will autofill the code upon loading:
    [SANDBOX]/device?user_code=[CODE]
    Successfully logged into Start URL: https://sandbox.awsapps.com/start
    ");
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
}

#[test]
fn a_qr_code_is_drawn_beside_the_data() {
    let env = attended();
    let login = env.start("sso login --sso-session corp --use-device-code --no-browser --qr");
    browser::open_and_approve(&login.wait_for_stdout(device_url)).unwrap();
    let run = login.finish();
    assert!(run.code == 0 && run.stderr.contains('█') && !run.stdout.contains('█'), "{run}");
}

#[test]
fn a_profile_of_the_older_form_signs_in_with_a_code() {
    let env = TestEnv::with_sandbox(Config::default()).config(LEGACY);
    let login = env.start("sso login --profile old --no-browser");
    browser::open_and_approve(&login.wait_for_stdout(device_url)).unwrap();
    let run = login.finish();
    assert_eq!(run.code, 0, "{run}");
    assert!(env.path(&token_file("https://sandbox.awsapps.com/start")).exists());
    let arn = env.run("sts get-caller-identity --profile old --query Arn --output text").ok();
    assert!(arn.starts_with("arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_ReadOnly_"), "{arn}");
}

/// The "browser" is awsx itself, which writes down the one argument it was given.
#[test]
fn the_browser_variable_gets_the_url_as_one_argument_and_no_shell() {
    let opened = format!("{} configure set opened_url", env!("CARGO_BIN_EXE_awsx"));
    let env = attended().var("BROWSER", &opened);
    let login = env.start("sso login --sso-session corp");
    let url = login.wait_for_stdout(authorize_url);
    let start = Instant::now();
    let written = loop {
        let run = env.run("configure get opened_url");
        if run.code == 0 {
            break run.stdout;
        }
        assert!(start.elapsed() < crate::support::PATIENCE, "no browser was started");
    };
    assert_eq!(written.trim(), url);
    browser::open_and_approve(&url).unwrap();
    let run = login.finish();
    insta::assert_snapshot!(without_random(&run.to_string()), @"
    exit: 0
    ----- stdout -----
    Attempting to open your default browser. If the browser does not open, open the following URL.
    If you are unable to open the URL on this device, run this command again with the '--use-device-code' option.

    [SANDBOX]/authorize?[QUERY]

    Successfully logged into Start URL: https://sandbox.awsapps.com/start
    ");
}

#[test]
fn over_ssh_the_text_tells_of_the_device_code() {
    let env = attended().var("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22");
    let login = env.start("sso login --sso-session corp --no-browser");
    browser::open_and_approve(&login.wait_for_stdout(authorize_url)).unwrap();
    let run = login.finish();
    assert!(run.stderr.contains("--use-device-code"), "{run}");
}

#[test]
fn a_device_that_is_told_to_slow_down_waits_longer() {
    let config = Config { slow_down_polls: 2, ..approving() };
    let env = TestEnv::with_sandbox(config).config(CORP);
    let start = Instant::now();
    let run = env.run("sso login --sso-session corp --use-device-code --no-browser");
    assert_eq!(run.code, 0, "{run}");
    assert!(start.elapsed() >= Duration::from_secs(6), "{:?}", start.elapsed());
}

#[test]
fn a_refusal_ends_the_sign_in() {
    let env = attended();
    let login = env.start("sso login --sso-session corp --no-browser");
    browser::open_and_deny(&login.wait_for_stdout(authorize_url)).unwrap();
    insta::assert_snapshot!(without_random(&login.finish().to_string()), @"
    exit: 255
    ----- stdout -----
    Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/authorize?[QUERY]
    ----- stderr -----

    awsx: [ERROR]: Error loading authorization code: Failed to retrieve an authorization code.
    caused by: access_denied
    ");

    let login = env.start("sso login --sso-session corp --use-device-code --no-browser");
    browser::open_and_deny(&login.wait_for_stdout(device_url)).unwrap();
    let run = login.finish();
    assert_eq!(run.code, 254, "{run}");
    insta::assert_snapshot!(run.stderr.trim(), @"
    awsx: [ERROR]: An error occurred (AccessDeniedException) when calling the CreateToken operation:

    Additional error details:
    error: access_denied
    error_description: The request was denied
    ");
    assert!(!env.path(&token_file("corp")).exists());
}

#[test]
fn a_code_that_nobody_approves_runs_out() {
    let config = Config { device_lifetime: Duration::from_secs(2), ..Config::default() };
    let env = TestEnv::with_sandbox(config).config(CORP);
    let run = env.run("sso login --sso-session corp --use-device-code --no-browser");
    assert_eq!(run.code, 255, "{run}");
    insta::assert_snapshot!(run.stderr.trim(), @"awsx: [ERROR]: The pending authorization to retrieve an SSO token has expired. The login flow to retrieve an SSO token must be restarted.");
}

#[test]
fn debug_shows_a_whole_sign_in_and_renewal_without_a_secret() {
    let env = attended();
    let login = env.start("sso login --sso-session corp --no-browser --debug");
    browser::open_and_approve(&login.wait_for_stdout(authorize_url)).unwrap();
    assert_eq!(login.finish().code, 0);
    env.expire_token("corp");
    let run = env.run("configure export-credentials --profile dev --debug");
    assert!(run.code == 0 && run.stderr.contains("renewing the token"), "{run}");
    assert_eq!(env.run("sso logout --debug").code, 0);
}

#[test]
fn who_is_not_signed_in_is_told_how() {
    insta::assert_snapshot!(attended().run("sts get-caller-identity --profile dev"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error loading SSO Token: Token for corp does not exist
    hint: run `awsx sso login --sso-session corp`
    ");
    insta::assert_snapshot!(attended().run("sso login --sso-session nobody"), @r#"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (Configuration): The specified sso-session does not exist: "nobody"
    "#);
}

#[test]
fn a_token_that_cannot_be_renewed_is_told_with_the_way_back() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    env.expire_token("corp");
    env.sandbox().revoke_refresh_tokens();
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile dev"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error when retrieving token from sso: Token has expired and refresh failed
    hint: run `awsx sso login --sso-session corp`
    ");
}

#[test]
fn a_corrupt_token_is_set_aside_and_signing_in_heals() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    let whole = env.read(&token_file("corp"));
    for broken in ["", "{", &whole[..whole.len() / 2], "[1, 2]", "\0\0\0\0"] {
        env.write(&token_file("corp"), broken);
        let run = env.run("sts get-caller-identity --profile dev");
        assert_eq!(run.code, 255, "{broken:?}: {run}");
        assert!(run.stderr.contains("Token for corp does not exist\nhint: run `awsx sso login"), "{run}");
        assert_eq!(env.read(&format!("{}.corrupt", token_file("corp"))), broken);
        assert!(!env.path(&token_file("corp")).exists(), "{broken:?}");
    }
    let env = env.sign_in();
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
}

#[test]
fn status_tells_each_session_apart() {
    let config = format!(
        "{DEVELOPER}\n{}\n[sso-session half]\nsso_region = us-east-1\n",
        CORP.replace("corp", "spare")
    );
    let env = TestEnv::with_sandbox(approving()).config(&config).sign_in();
    let signed_in = env.run("sso status").ok();
    let line = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        line(&signed_in, "corp"),
        "corp signed in in 7 h 59 min 89 d 23 h https://sandbox.awsapps.com/start"
    );
    assert_eq!(line(&signed_in, "spare"), "spare signed out - - https://sandbox.awsapps.com/start");
    assert_eq!(line(&signed_in, "half"), "half incomplete - - -");
    env.expire_token("corp");
    assert!(line(&env.run("sso status").ok(), "corp").starts_with("corp renewable "));
    insta::assert_snapshot!(TestEnv::new().run("sso status"), @"
    exit: 0
    ----- stderr -----
    No sso-session is configured; `awsx configure sso` sets one up.
    ");
}

/// Two sessions and a role of each, all signed in.
fn with_two_sessions() -> TestEnv {
    let spare = DEVELOPER.replace("corp", "spare").replace("profile dev", "profile other");
    let env = TestEnv::with_sandbox(approving()).config(&format!("{DEVELOPER}\n{spare}")).sign_in();
    let run = env.run("sso login --sso-session spare --use-device-code --no-browser");
    assert_eq!(run.code, 0, "{run}");
    for profile in ["dev", "other"] {
        assert_eq!(env.run(&format!("configure export-credentials --profile {profile}")).code, 0);
    }
    env
}

#[test]
fn logging_out_removes_every_token_and_role_but_no_registration() {
    let env = with_two_sessions();
    assert_eq!((env.count_json(".aws/sso/cache"), env.count_json(".aws/cli/cache")), (4, 2));
    env.write(".aws/cli/cache/assumed.json", "{\"Credentials\": {}}");
    env.write(".aws/sso/cache/foreign.json", "{\"mine\": 1}");
    assert_eq!(env.run("sso logout").ok(), "");
    assert_eq!(env.count_requests("POST", "/logout"), 2);
    // What is left: two registrations and the foreign file; the role that STS gave.
    assert_eq!((env.count_json(".aws/sso/cache"), env.count_json(".aws/cli/cache")), (3, 1));
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 255);
    assert_eq!(env.run("sso logout").ok(), "");
}

#[test]
fn logging_out_of_one_session_leaves_the_other() {
    let env = with_two_sessions();
    assert_eq!(env.run("sso logout --sso-session corp").ok(), "");
    assert_eq!(env.count_requests("POST", "/logout"), 1);
    assert!(!env.path(&token_file("corp")).exists());
    assert!(env.path(&token_file("spare")).exists());
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 255);
    env.sandbox().clear_requests();
    assert_eq!(env.run("sts get-caller-identity --profile other").code, 0);
    // Its role's keys are still there.
    assert_eq!(env.count_requests("GET", "/federation/credentials"), 0);
    assert_eq!(env.run("sso logout --sso-session nobody").code, 253);
}

#[test]
fn a_service_that_is_out_of_reach_does_not_keep_the_rest_from_going() {
    let env = with_two_sessions();
    env.sandbox().add_fault(cut("POST", "/logout", u32::MAX));
    let run = env.run("sso logout");
    insta::assert_snapshot!(run, @r#"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Connection was closed before we received a valid response from endpoint URL: "[SANDBOX]/logout".
    caused by: connection closed before message completed
    hint: this machine is signed out (2 tokens removed); the service could not be told, so there the sign-in lasts until it expires
    "#);
    assert!(!env.path(&token_file("corp")).exists() && !env.path(&token_file("spare")).exists());
    assert_eq!(env.count_json(".aws/cli/cache"), 0);
}

#[test]
fn the_portal_s_operations_take_a_token() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    let token: serde_json::Value = serde_json::from_str(&env.read(&token_file("corp"))).unwrap();
    let token = token["accessToken"].as_str().unwrap();
    insta::assert_snapshot!(env.run(&format!("sso list-accounts --access-token {token} --output text")), @"
    exit: 0
    ----- stdout -----
    ACCOUNTLIST	111122223333	Development	development@sandbox.example
    ACCOUNTLIST	444455556666	Production	production@sandbox.example
    ");
    let roles = format!("sso list-account-roles --access-token {token} --account-id 111122223333");
    insta::assert_snapshot!(env.run(&roles), @r#"
    exit: 0
    ----- stdout -----
    {
        "roleList": [
            {
                "roleName": "Developer",
                "accountId": "111122223333"
            },
            {
                "roleName": "ReadOnly",
                "accountId": "111122223333"
            }
        ]
    }
    "#);
    let keys = format!(
        "sso get-role-credentials --access-token {token} --account-id 111122223333 --role-name Developer \
         --query roleCredentials.accessKeyId --output text"
    );
    assert!(env.run(&keys).ok().starts_with("ASIA"));
    insta::assert_snapshot!(env.run("sso list-accounts --access-token over"), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (UnauthorizedException) when calling the ListAccounts operation: Session token not found or invalid
    ");
}
