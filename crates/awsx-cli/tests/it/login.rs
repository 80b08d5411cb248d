//! Signing in with console credentials and out, and what stays in the files.

use awsx_sandbox::{Config, Fault, Outcome, browser, seed};

use crate::support::{Run, TestEnv, approving, login_file, login_url, verification_code};

fn attended() -> TestEnv {
    TestEnv::with_sandbox(Config::default())
}

fn respond(status: u16, code: &str) -> Fault {
    Fault {
        method: "POST".to_owned(),
        path: "/v1/token".to_owned(),
        action: None,
        outcome: Outcome::Respond { status, code: code.to_owned() },
        times: 8,
    }
}

/// A result with the query of the page's URL left out.
fn without_random(run: &Run) -> String {
    let known = |line: &str| match line.split_once('?') {
        Some((page, _)) if page.ends_with("/authorize") => format!("{page}?[QUERY]\n"),
        _ => format!("{line}\n"),
    };
    run.to_string().lines().map(known).collect()
}

#[test]
fn a_browser_sign_in_ends_with_a_profile_for_every_tool() {
    let env = attended();
    let login = env.start("login --profile dev");
    browser::open_and_approve(&login.wait_for_stdout(login_url)).unwrap();
    insta::assert_snapshot!(without_random(&login.finish()), @r#"
    exit: 0
    ----- stdout -----
    Attempting to open your default browser. If the browser does not open, open the following URL.
    If you are unable to open the URL on this device, run this command again with the '--remote' option.

    [SANDBOX]/v1/authorize?[QUERY]


    Updated profile dev to use arn:aws:iam::111122223333:user/alice credentials.
    Use "--profile dev" to use the new credentials, such as "awsx sts get-caller-identity --profile dev"
    "#);
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [profile dev]
    login_session = arn:aws:iam::111122223333:user/alice
    ");
    let file = env.read_login();
    let keys: Vec<_> = file.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["accessToken", "tokenType", "clientId", "refreshToken", "idToken", "dpopKey"]);
    let keys: Vec<_> = file["accessToken"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["accessKeyId", "secretAccessKey", "sessionToken", "accountId", "expiresAt"]);
    assert_eq!(file["accessToken"]["accountId"], seed::DEVELOPMENT);
    let key = file["dpopKey"].as_str().unwrap();
    assert!(
        key.starts_with("-----BEGIN EC PRIVATE KEY-----\n")
            && key.ends_with("-----END EC PRIVATE KEY-----\n")
    );
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile dev --query Arn"), @r#"
    exit: 0
    ----- stdout -----
    "arn:aws:iam::111122223333:user/alice"
    "#);
    assert!(env.run("configure list --profile dev").stdout.contains(" : login            :"));
}

#[cfg(unix)]
#[test]
fn the_session_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::with_sandbox(approving()).log_in("dev");
    let path = env.path(&login_file());
    assert_eq!(crate::support::mode_of(&path), 0o600);
    env.end_login_keys_at("2020-01-01T00:00:00Z");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
    assert_eq!(crate::support::mode_of(&path), 0o600);
}

#[test]
fn the_browser_may_be_on_another_device() {
    let env = TestEnv::with_sandbox(approving());
    let mut login = env.start("login --remote");
    let code = verification_code(&login.wait_for_stdout(login_url));
    login.type_in(&format!("  {code} \n"));
    insta::assert_snapshot!(without_random(&login.finish()), @"
    exit: 0
    ----- stdout -----
    Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/v1/authorize?[QUERY]

    Enter the authorization code displayed in your browser: 
    Updated profile default to use arn:aws:iam::111122223333:user/alice credentials.
    ");
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [default]
    login_session = arn:aws:iam::111122223333:user/alice
    ");
    assert_eq!(env.read_login()["clientId"], "arn:aws:signin:::devtools/cross-device");
    assert_eq!(env.run("sts get-caller-identity").code, 0);
}

#[test]
fn a_code_that_is_not_of_this_sign_in_is_refused() {
    let env = TestEnv::with_sandbox(approving());
    let mut other = env.start("login --remote");
    let stale = verification_code(&other.wait_for_stdout(login_url));
    other.type_in("\n");
    insta::assert_snapshot!(other.finish().stderr.trim(), @"
    awsx: [ERROR]: Failed to decode the verification code.
    hint: run `awsx login --remote` again, and copy the whole code from the page it names
    ");
    insta::assert_snapshot!(env.run_with_input("login --remote", "Y29kZT1j\n").stderr.trim(), @"
    awsx: [ERROR]: Failed to retrieve an auth_code or state from the verification code
    hint: run `awsx login --remote` again, and copy the whole code from the page it names
    ");
    let run = env.run_with_input("login --remote", &format!("{stale}\n"));
    assert_eq!(run.code, 255, "{run}");
    assert!(
        run.stderr.contains("Error loading or redeeming a login authorization code: State parameter "),
        "{run}"
    );
    assert_eq!(
        env.run_with_input("login --remote", "").stderr.trim(),
        "awsx: [ERROR]: EOF when reading a line"
    );
    assert_eq!(env.count_requests("POST", "/v1/token"), 0);
    assert!(!env.path(".aws/config").exists());
}

#[test]
fn a_refusal_in_the_browser_leaves_everything_as_it_was() {
    let env = attended();
    let login = env.start("login --no-browser");
    browser::open_and_deny(&login.wait_for_stdout(login_url)).unwrap();
    insta::assert_snapshot!(without_random(&login.finish()), @"
    exit: 255
    ----- stdout -----
    Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/v1/authorize?[QUERY]
    ----- stderr -----

    awsx: [ERROR]: Error loading or redeeming a login authorization code: Failed to retrieve an authorization code.
    caused by: access_denied
    ");
    assert!(!env.path(".aws").exists());
}

#[test]
fn a_region_is_asked_for_where_none_is_set_and_kept() {
    let env = TestEnv::with_sandbox(approving()).without("AWS_REGION").without("AWS_DEFAULT_REGION");
    let mut login = env.start("login --remote --profile dev");
    login.type_in("eu-west-1\n");
    let code = verification_code(&login.wait_for_stdout(login_url));
    login.type_in(&format!("{code}\n"));
    insta::assert_snapshot!(without_random(&login.finish()), @r#"
    exit: 0
    ----- stdout -----
    No AWS region has been configured. The AWS region is the geographic location of your AWS resources.

    If you have used AWS before and already have resources in your account, specify which region they were created in. If you have not created resources in your account before, you can pick the region closest to you: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html.

    You are able to change the region in the CLI at any time with the command "awsx configure set region NEW_REGION".
    AWS Region [us-east-1]: Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/v1/authorize?[QUERY]

    Enter the authorization code displayed in your browser: 
    Updated profile dev to use arn:aws:iam::111122223333:user/alice credentials.
    Use "--profile dev" to use the new credentials, such as "awsx sts get-caller-identity --profile dev"
    "#);
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [profile dev]
    login_session = arn:aws:iam::111122223333:user/alice
    region = eu-west-1
    ");
    insta::assert_snapshot!(env.run("login --profile other").stderr.trim(), @"
    awsx: [ERROR]: cannot ask for `AWS Region`: standard input has ended
    hint: pass `--region`
    ");
    insta::assert_snapshot!(env.run_with_input("login --profile other", "evil.example/\n").stderr.trim(), @"
    awsx: [ERROR]: Provided region_name 'evil.example/' doesn't match a supported format.
    ");
}

#[test]
fn a_profile_with_other_credentials_is_refused() {
    let env = attended().config(
        "[profile web]\nweb_identity_token_file = t\nrole_arn = r\n[profile sso]\nsso_account_id = 1\n\
         [profile role]\nrole_arn = r\n[profile program]\ncredential_process = p\n",
    );
    let env = env.credentials("[keys]\naws_access_key_id = A\n");
    insta::assert_snapshot!(env.run("login --profile sso"), @"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (Configuration): Profile 'sso' is already configured with SSO credentials.

    You may run 'awsx login --profile new-profile-name' to create a new profile with the specified name. Otherwise you must first manually remove the existing credentials from 'sso'.
    ");
    for (profile, style) in [
        ("web", "Web Identity"),
        ("role", "Assume Role"),
        ("program", "Credential Process"),
        ("keys", "Access Key"),
    ] {
        let run = env.run(&format!("login --profile {profile}"));
        assert_eq!(run.code, 253, "{run}");
        assert!(
            run.stderr.contains(&format!("'{profile}' is already configured with {style} credentials.")),
            "{run}"
        );
    }
}

#[test]
fn another_session_is_replaced_only_when_that_is_wanted() {
    let config = "[profile dev]\nlogin_session = arn:aws:iam::1:user/bob\n# kept\n";
    let log_in = |words: &str, answers: &str| {
        let env = TestEnv::with_sandbox(approving()).config(config);
        let mut login = env.start(&format!("login --remote --profile dev {words}"));
        let code = verification_code(&login.wait_for_stdout(login_url));
        login.type_in(&format!("{code}\n{answers}"));
        let run = login.finish();
        (run, env.read(".aws/config"), env.path(&login_file()).exists())
    };
    let (kept, file, stored) = log_in("", "maybe\nNO\n");
    insta::assert_snapshot!(without_random(&kept), @r#"
    exit: 0
    ----- stdout -----
    Browser will not be automatically opened.
    Please visit the following URL:

    [SANDBOX]/v1/authorize?[QUERY]

    Enter the authorization code displayed in your browser: 
    Profile dev is already configured to use session arn:aws:iam::1:user/bob. Do you want to overwrite it to use arn:aws:iam::111122223333:user/alice instead? (y/n): Invalid response. Please enter "y" or "n"

    Profile dev is already configured to use session arn:aws:iam::1:user/bob. Do you want to overwrite it to use arn:aws:iam::111122223333:user/alice instead? (y/n):
    "#);
    assert_eq!((file.as_str(), stored), (config, false));
    let changed = config.replace("arn:aws:iam::1:user/bob", seed::USER_ARN);
    for (words, answers) in [("", "Yes\n"), ("--overwrite", "")] {
        let (replaced, file, stored) = log_in(words, answers);
        assert_eq!(replaced.code, 0, "{replaced}");
        assert_eq!((file.as_str(), stored), (changed.as_str(), true));
    }
    let (unanswered, file, _) = log_in("", "");
    insta::assert_snapshot!(unanswered.stderr.trim(), @"
    awsx: [ERROR]: cannot ask for `Profile dev is already configured to use session arn:aws:iam::1:user/bob. Do you want to overwrite it to use arn:aws:iam::111122223333:user/alice instead? (y/n)`: standard input has ended
    hint: pass `--overwrite`
    ");
    assert_eq!(file, config);
}

#[test]
fn keys_are_renewed_when_five_minutes_are_left() {
    let env = TestEnv::with_sandbox(approving()).log_in("dev");
    env.sandbox().clear_requests();
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
    assert_eq!(env.count_requests("POST", "/v1/token"), 0);

    let before = env.read_login();
    env.end_login_keys_at("2020-01-01T00:00:00Z");
    env.sandbox().expire_credentials();
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
    let after = env.read_login();
    assert_ne!(before["refreshToken"], after["refreshToken"]);
    assert_ne!(before["accessToken"]["accessKeyId"], after["accessToken"]["accessKeyId"]);
    for field in ["tokenType", "clientId", "idToken", "dpopKey"] {
        assert_eq!(before[field], after[field]);
    }
    assert_eq!(env.count_requests("POST", "/v1/token"), 1);
}

#[test]
fn a_session_that_cannot_be_renewed_says_what_to_do() {
    let env = TestEnv::with_sandbox(approving()).log_in("dev");
    let identity = || env.run("sts get-caller-identity --profile dev");
    env.end_login_keys_at("2020-01-01T00:00:00Z");
    for (status, code) in
        [(401, "TOKEN_EXPIRED"), (403, "USER_CREDENTIALS_CHANGED"), (403, "INSUFFICIENT_PERMISSIONS")]
    {
        let mut fault = respond(status, code);
        fault.times = 1;
        env.sandbox().add_fault(fault);
    }
    let told: String = (0..3).map(|_| identity().stderr).collect();
    insta::assert_snapshot!(told.trim(), @"
    awsx: [ERROR]: Your session has expired. Please reauthenticate using 'awsx login'.
    hint: run `awsx login --profile dev`

    awsx: [ERROR]: Unable to refresh login credentials because of a change in your password. Please reauthenticate with your new password using 'awsx login'.
    hint: run `awsx login --profile dev`

    awsx: [ERROR]: Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission for the 'signin:CreateOAuth2Token' action.
    ");
    env.sandbox().revoke_refresh_tokens();
    assert!(identity().stderr.contains("Your session has expired."));

    // While the keys last, they serve.
    let soon = time::OffsetDateTime::now_utc() + time::Duration::minutes(3);
    env.end_login_keys_at(&awsx_core::timestamp::zulu(soon));
    assert_eq!(identity().code, 0);

    env.write(&login_file(), r#"{"clientId": "c", "refreshToken": "r-of-somebody"}"#);
    insta::assert_snapshot!(identity(), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error loading login session token: Failed to load access token from token cache, missing one or more required fields.
    hint: run `awsx login --profile dev`
    ");
    env.write(&login_file(), "{\"accessToken\": ");
    insta::assert_snapshot!(identity(), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error loading login session token: Unable to load a existing login session for session arn:aws:iam::111122223333:user/alice, Please reauthenticate with 'awsx login'.
    hint: run `awsx login --profile dev`
    ");
}

#[test]
fn a_code_redeemed_too_late_says_so() {
    let env = TestEnv::with_sandbox(approving());
    for (status, code) in
        [(401, "AUTHCODE_EXPIRED"), (403, "INSUFFICIENT_PERMISSIONS"), (400, "INVALID_REQUEST")]
    {
        let mut fault = respond(status, code);
        fault.times = 1;
        env.sandbox().add_fault(fault);
    }
    let log_in = || {
        let mut login = env.start("login --remote");
        let code = verification_code(&login.wait_for_stdout(login_url));
        login.type_in(&format!("{code}\n"));
        login.finish()
    };
    let told = [log_in(), log_in(), log_in()].map(|run| format!("exit: {}{}", run.code, run.stderr));
    insta::assert_snapshot!(told.join("\n"), @"
    exit: 255
    awsx: [ERROR]: Error loading or redeeming a login authorization code: Unable to complete the login process due to an expired authorization code. Please reauthenticate using 'awsx login'.

    exit: 255
    awsx: [ERROR]: Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission for the 'signin:CreateOAuth2Token' action.

    exit: 254
    awsx: [ERROR]: An error occurred (ValidationException) when calling the CreateOAuth2Token operation: The sandbox was told to answer INVALID_REQUEST

    Additional error details:
    error: INVALID_REQUEST
    ");
}

#[test]
fn a_login_beats_a_program_and_the_config_file_s_keys() {
    let env = TestEnv::with_sandbox(approving()).log_in("dev");
    let config = env.read(".aws/config")
        + "credential_process = /nowhere\naws_access_key_id = A\naws_secret_access_key = S\n\
           [profile role]\nsource_profile = dev\nrole_arn = arn:aws:iam::111122223333:role/ConsoleReader\n";
    env.write(".aws/config", &config);
    let arn = |profile: &str| {
        env.run(&format!("sts get-caller-identity --profile {profile} --query Arn --output text"))
    };
    assert_eq!(arn("dev").stdout.trim(), seed::USER_ARN);
    assert!(arn("role").stdout.contains("assumed-role/ConsoleReader"), "{}", arn("role"));
}

#[test]
fn the_cache_may_lie_elsewhere() {
    let env =
        TestEnv::with_sandbox(approving()).var("AWS_LOGIN_CACHE_DIRECTORY", "~/$PLACE").var("PLACE", "else");
    let env = env.log_in("dev");
    assert_eq!(env.count_json("else"), 1);
    assert!(!env.path(".aws/login").exists());
    assert_eq!(env.run("sts get-caller-identity --profile dev").code, 0);
    assert!(env.run("logout --profile dev").stdout.starts_with("Removed cached"));
    assert_eq!(env.count_json("else"), 0);
}

#[test]
fn logging_out_says_what_was_removed() {
    let env = TestEnv::with_sandbox(approving()).log_in("dev");
    insta::assert_snapshot!(env.run("logout --profile dev"), @"
    exit: 0
    ----- stdout -----
    Removed cached login credentials for profile 'dev'. Note, any local developer tools that have already loaded the access token may continue to use it until its expiration. Access tokens expire in 15 minutes.
    ");
    insta::assert_snapshot!(env.run("logout --profile dev"), @"
    exit: 0
    ----- stdout -----
    No cached login credentials found for profile 'dev'.
    ");
    insta::assert_snapshot!(env.run("logout --profile nope"), @"
    exit: 0
    ----- stderr -----
    warning: no login session found for profile 'nope'
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identity --profile dev"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Error loading login session token: Unable to load a existing login session for session arn:aws:iam::111122223333:user/alice, Please reauthenticate with 'awsx login'.
    hint: run `awsx login --profile dev`
    ");
    insta::assert_snapshot!(env.run("logout --all"), @"
    exit: 0
    ----- stdout -----
    No cached login session tokens found.
    ");
    let env = env.log_in("dev");
    env.write(".aws/login/cache/other.json", r#"{"accessToken": {"accessKeyId": "A"}}"#);
    env.write(".aws/login/cache/foreign.json", r#"{"accessToken": "a word"}"#);
    insta::assert_snapshot!(env.run("logout --all"), @"
    exit: 0
    ----- stdout -----
    Removed 2 cached login credentials. Note, any local developer tools that have already loaded access tokens may continue to use them until their expiration. Access tokens expire in 15 minutes.
    ");
    assert_eq!(env.count_json(".aws/login/cache"), 1);
    assert!(env.read(".aws/config").contains("login_session"));
}
