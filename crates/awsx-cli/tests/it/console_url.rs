//! `console-url`: from keys to a console page, without a secret in a URL.

use awsx_sandbox::{Config, seed};
use url::Url;

use crate::support::{TestEnv, http};

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
fn long_term_keys_alone_are_refused_with_a_hint() {
    let env = env();
    insta::assert_snapshot!(env.run("console-url"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: the console can be opened with temporary credentials only, and these are long-term keys
    hint: name a role to take with `--role-arn`
    ");
    assert!(env.sandbox().requests().is_empty());
}

#[test]
fn a_role_that_trusts_nobody_is_the_services_error() {
    insta::assert_snapshot!(env().run(&format!("console-url --role-arn {}", seed::FORBIDDEN_ARN)), @"
    exit: 254
    ----- stderr -----

    awsx: [ERROR]: An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/Forbidden
    ");
}
