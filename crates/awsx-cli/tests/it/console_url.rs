//! `console-url`: from keys to a console page, without a secret in a URL.

use awsx_sandbox::{Config, seed};
use url::Url;

use crate::support::{DEVELOPER, TestEnv, approving, http};

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

#[track_caller]
fn url_of(env: &TestEnv, words: &str) -> Url {
    let line = env.run(words).ok();
    assert_eq!(line.lines().count(), 1, "{line}");
    line.trim().parse().unwrap()
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[test]
fn the_url_opens_the_console_as_the_role() {
    let env = env();
    let url =
        url_of(&env, &format!("console-url --role-arn {} --role-session-name me", seed::CONSOLE_READER_ARN));
    let page = http::get(&url);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("arn:aws:sts::111122223333:assumed-role/ConsoleReader/me"), "{}", page.body);
    let home = "https://console.aws.amazon.com/console/home?region=us-east-1";
    assert!(page.body.contains(home), "{}", page.body);
    // A sign-in token serves once.
    assert_eq!(http::get(&url).status, 400);
}

#[test]
fn credentials_travel_in_the_body_and_in_no_url() {
    let env = env();
    let words =
        format!("console-url --role-arn {} --session-duration 3600 --debug", seed::CONSOLE_READER_ARN);
    let run = env.run(&words);
    assert_eq!(run.code, 0, "{run}");
    let token = query(&run.stdout.trim().parse().unwrap(), "SigninToken").unwrap();
    assert!(!run.stderr.contains(&token), "{run}");

    let requests = env.sandbox().requests();
    let federation: Vec<_> = requests.iter().filter(|request| request.path == "/federation").collect();
    let [asked] = federation[..] else { panic!("{federation:?}") };
    assert_eq!((asked.method.as_str(), asked.query.len()), ("POST", 0));
    assert_eq!(asked.form["Action"], "getSigninToken");
    assert_eq!(asked.form["SessionDuration"], "3600");
    let session: serde_json::Value = serde_json::from_str(&asked.form["Session"]).unwrap();
    for request in &requests {
        let shown = format!("{} {:?}", request.path, request.query);
        for key in ["sessionId", "sessionKey", "sessionToken"] {
            assert!(!shown.contains(session[key].as_str().unwrap()), "{key} is in {shown}");
        }
        assert!(!shown.contains(seed::SECRET_ACCESS_KEY), "{shown}");
    }
}

#[test]
fn destination_and_issuer_stand_in_the_url() {
    let env = env();
    let arguments = format!("console-url --role-arn {}", seed::CONSOLE_READER_ARN);
    let url = url_of(
        &env,
        &format!("{arguments} --destination s3 --issuer https://portal.example/ --region eu-west-1"),
    );
    assert_eq!(
        query(&url, "Destination").as_deref(),
        Some("https://console.aws.amazon.com/s3/home?region=eu-west-1")
    );
    assert_eq!(query(&url, "Issuer").as_deref(), Some("https://portal.example/"));
    assert_eq!(query(&url, "Action").as_deref(), Some("login"));
    let url = url_of(&env, &format!("{arguments} --destination https://console.aws.amazon.com/ec2/home"));
    assert_eq!(query(&url, "Destination").as_deref(), Some("https://console.aws.amazon.com/ec2/home"));
}

#[test]
fn the_flag_beats_the_variable_for_the_sign_in_service() {
    let env = env().var("AWSX_SIGNIN_ENDPOINT", "http://127.0.0.1:9/nobody");
    let endpoint = format!("{}/federation", env.sandbox().url());
    let url = url_of(
        &env,
        &format!("console-url --role-arn {} --signin-endpoint {endpoint}", seed::CONSOLE_READER_ARN),
    );
    assert!(url.as_str().starts_with(&endpoint), "{url}");
}

#[test]
fn a_profile_that_takes_a_role_needs_no_other() {
    let config = format!(
        "[profile reader]\nrole_arn = {}\nsource_profile = default\nrole_session_name = me\n",
        seed::CONSOLE_READER_ARN
    );
    let env = env().config(&config);
    let page = http::get(&url_of(&env, "console-url --profile reader"));
    assert!(page.body.contains("assumed-role/ConsoleReader/me"), "{}", page.body);
}

#[test]
fn long_term_keys_sign_in_as_a_federated_user_with_the_users_rights() {
    let env = env();
    let page = http::get(&url_of(&env, "console-url --session-duration 2h"));
    assert!(page.body.contains("arn:aws:sts::111122223333:federated-user/alice"), "{}", page.body);
    let requests = env.sandbox().requests();
    let with = |action: &str| requests.iter().find(|it| it.form.get("Action").is_some_and(|it| it == action));
    let token = &with("GetFederationToken").unwrap().form;
    assert!(token["Policy"].contains(r#""Action":"*""#), "{token:?}");
    assert_eq!(token["DurationSeconds"], "7200");
    // AWS refuses the parameter for federated users: the session lasts as its credentials do.
    assert_eq!(with("getSigninToken").unwrap().form.get("SessionDuration"), None);
}

#[test]
fn a_federated_user_can_be_narrowed_and_named_but_not_vouched_for() {
    let env = env();
    let page = http::get(&url_of(&env, "console-url --read-only --role-session-name visitor"));
    assert!(page.body.contains("federated-user/visitor"), "{}", page.body);
    let requests = env.sandbox().requests();
    let token = requests.iter().find(|it| it.form.contains_key("PolicyArns.member.1.arn")).unwrap();
    assert_eq!(token.form["PolicyArns.member.1.arn"], "arn:aws:iam::aws:policy/ReadOnlyAccess");
    assert_eq!(token.form.get("Policy"), None);
    assert_eq!(env.run("console-url --source-identity me").code, 255);
}

#[test]
fn an_identity_center_role_signs_in_as_it_is_and_a_role_over_it_for_an_hour_at_most() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    let page = http::get(&url_of(&env, "console-url --profile dev --session-duration 8h"));
    assert!(page.body.contains("assumed-role/AWSReservedSSO_Developer_"), "{}", page.body);
    let role = seed::CONSOLE_READER_ARN;
    assert_eq!(
        env.run(&format!("console-url --profile dev --role-arn {role} --session-duration 1h")).code,
        0
    );
    insta::assert_snapshot!(env.run(&format!("console-url --profile dev --role-arn {role} --session-duration 8h")), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: the role is taken with another role's credentials, and its console session lasts an hour at most
    hint: ask for `1h` or less, or sign in as the role's source
    ");
}

#[test]
fn the_browsers_session_can_be_ended_first() {
    let env = env();
    let url = url_of(&env, "console-url --logout-first");
    assert_eq!((url.path(), query(&url, "Action").as_deref()), ("/oauth", Some("logout")));
    let answer = http::get(&url);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let next: Url = answer.header("location").unwrap().parse().unwrap();
    assert!(http::get(&next).body.contains("federated-user/alice"));
}

#[test]
fn every_partition_has_its_own_addresses() {
    // Nobody answers there; what is asked shows in the error.
    let env = TestEnv::new()
        .var("AWS_ACCESS_KEY_ID", "ASIAX")
        .var("AWS_SECRET_ACCESS_KEY", "none-at-all")
        .var("AWS_SESSION_TOKEN", "none-either")
        .var("AWS_MAX_ATTEMPTS", "1")
        .var("HTTPS_PROXY", "http://127.0.0.1:9");
    for (region, host) in [
        ("eu-west-1", "signin.aws.amazon.com"),
        ("cn-north-1", "signin.amazonaws.cn"),
        ("us-gov-west-1", "signin.amazonaws-us-gov.com"),
        ("us-iso-east-1", "signin.c2shome.ic.gov"),
        ("eusc-de-east-1", "eusc-de-east-1.signin.amazonaws-eusc.eu"),
    ] {
        let run = env.run(&format!("console-url --region {region} --debug"));
        assert_eq!(run.code, 255, "{run}");
        assert!(run.stderr.contains(&format!("https://{host}/federation")), "{region}: {run}");
    }
}

#[test]
fn a_qr_code_goes_beside_the_url() {
    let run = env().run("console-url --qr");
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains('█'), "{run}");
    assert_eq!(run.stdout.lines().count(), 1);
}

/// A browser that notes how it was started.
#[cfg(unix)]
fn with_browser(name: &str) -> TestEnv {
    use std::os::unix::fs::PermissionsExt;
    let env = env();
    let script = env.path(&format!("bin/{name}"));
    let note = env.path("opened").display().to_string();
    env.write(
        &format!("bin/{name}"),
        &format!("#!/bin/sh\nfor word; do echo \"$word\"; done > {note}.part\n/bin/mv {note}.part {note}\n"),
    );
    std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = env.path("bin").display().to_string();
    env.var("PATH", &path)
}

/// What the browser was started with; it lives on by itself, so it is waited for.
#[cfg(unix)]
fn opened(env: &TestEnv) -> Vec<String> {
    let start = std::time::Instant::now();
    while !env.path("opened").exists() {
        assert!(start.elapsed() < crate::support::PATIENCE, "no browser was started");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let text = env.read("opened");
    std::fs::remove_file(env.path("opened")).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn the_console_opens_in_the_browser_that_is_named_apart_from_other_accounts() {
    let env = with_browser("firefox");
    let run = env.run("console --browser firefox");
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "Opening the AWS console in your browser.\n")
    );
    let url: Url = opened(&env)[0].parse().unwrap();
    assert!(http::get(&url).body.contains("federated-user/alice"));

    assert_eq!(env.run("console-url --open --browser firefox --container").code, 0);
    let words = opened(&env);
    assert!(words[0].starts_with("ext+container:name=111122223333&url=http%3A%2F%2F"), "{words:?}");

    let env = with_browser("google-chrome");
    assert_eq!(env.run("console --browser chrome --container=blue").code, 0);
    let words = opened(&env);
    assert_eq!((words[0].as_str(), words.len()), ("--profile-directory=blue", 2));
}

#[cfg(unix)]
#[test]
fn without_a_browser_nothing_is_claimed() {
    let env = env().var("BROWSER", "nowhere-browser");
    insta::assert_snapshot!(env.run("console --browser vivaldi"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Vivaldi could not be started
    hint: `awsx console-url` prints the URL, to be opened elsewhere
    ");
    assert_eq!(env.run("console-url --browser vivaldi").code, 252);
    assert_eq!(env.run("console --container").code, 252);
    assert_eq!(env.run("console --browser safari --container").code, 252);
}

#[test]
fn a_role_that_trusts_nobody_is_the_services_error() {
    insta::assert_snapshot!(env().run(&format!("console-url --role-arn {}", seed::FORBIDDEN_ARN)), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/Forbidden
    ");
}
