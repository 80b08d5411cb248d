//! `exec`: what the child gets, what it does not get, and how it ends.

use std::process::{Command, Stdio};

use awsx_sandbox::{Config, seed};
use serde_json::Value;

use crate::support::{DEVELOPER, Running, TestEnv, approving, http};

fn env() -> TestEnv {
    let config = format!(
        "[profile reader]\nrole_arn = {}\nsource_profile = default\nregion = eu-west-1\n",
        seed::CONSOLE_READER_ARN
    );
    TestEnv::with_sandbox(Config::default()).alice().config(&config)
}

/// The variables of a child that prints its environment.
fn variables(env: &TestEnv, words: &str) -> Vec<(String, String)> {
    let mut arguments: Vec<&str> = words.split_whitespace().collect();
    arguments.extend(["--", "/usr/bin/env"]);
    let printed = env.run_revealing(&arguments).ok();
    printed.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.into(), v.into())).collect()
}

fn value<'a>(variables: &'a [(String, String)], name: &str) -> Option<&'a str> {
    variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[test]
fn the_child_alone_gets_the_credentials_and_nothing_that_contradicts_them() {
    let env = env()
        .var("AWS_PROFILE", "reader")
        .var("AWS_SESSION_TOKEN", "stale-token-of-before")
        .var("AWS_ROLE_ARN", "arn:aws:iam::1:role/x")
        .var("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")
        .without("AWS_REGION")
        .without("AWS_DEFAULT_REGION");
    let variables = variables(&env, "exec");
    let value = |name| value(&variables, name);
    assert!(value("AWS_ACCESS_KEY_ID").unwrap().starts_with("ASIA"));
    assert_ne!(value("AWS_SESSION_TOKEN").unwrap(), "stale-token-of-before");
    assert!(value("AWS_CREDENTIAL_EXPIRATION").unwrap().ends_with("+00:00"));
    assert_eq!(value("AWS_REGION"), Some("eu-west-1"));
    assert_eq!(value("AWS_DEFAULT_REGION"), Some("eu-west-1"));
    assert_eq!(value("AWSX_PROFILE"), Some("reader"));
    for gone in ["AWS_PROFILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
        assert_eq!(value(gone), None, "{gone}");
    }
}

#[test]
fn how_the_profile_reaches_aws_goes_with_the_credentials() {
    let env = env();
    let url = env.sandbox().url().to_owned();
    let keys = format!("endpoint_url = {url}\nca_bundle = /etc/ca.pem\n");
    env.write(".aws/config", &(env.read(".aws/config") + &keys));
    let env = env.without("AWS_ENDPOINT_URL");
    let variables = variables(&env, "exec --profile reader");
    assert_eq!(value(&variables, "AWS_ENDPOINT_URL"), Some(url.as_str()));
    assert_eq!(value(&variables, "AWS_CA_BUNDLE"), Some("/etc/ca.pem"));
}

#[test]
fn no_shell_reads_the_command() {
    let arguments = ["exec", "--", "/usr/bin/printf", "%s|", "$HOME", "a b", "*", "--version", "-- x"];
    assert_eq!(env().run_args(&arguments).ok(), "$HOME|a b|*|--version|-- x|");
}

#[test]
fn the_end_of_the_child_is_the_end_of_awsx() {
    let env = env();
    for server in [&[][..], &["--server"]] {
        let run = |script: &str| {
            let words = [&["exec"], server, &["--", "/bin/sh", "-c", script]].concat();
            env.run_args(&words).code
        };
        assert_eq!(run("exit 0"), 0);
        assert_eq!(run("exit 7"), 7);
        assert_eq!(run("exit 255"), 255);
        assert_eq!(run("kill -TERM $$"), 143);
        assert_eq!(run("kill -KILL $$"), 137);
    }
}

#[test]
fn what_cannot_be_started_ends_as_in_a_shell() {
    let env = env();
    env.write("notes.txt", "no program");
    insta::assert_snapshot!(env.run("exec -- /no/such/program"), @"
    exit: 127
    ----- stderr -----

    awsx: [ERROR]: could not start `/no/such/program`
    caused by: No such file or directory (os error 2)
    ");
    assert_eq!(env.run("exec -- ./notes.txt").code, 126);
}

#[test]
fn without_credentials_nothing_is_started() {
    let env = TestEnv::with_sandbox(Config::default());
    let run = env.run("exec -- /usr/bin/touch started");
    assert_eq!(run.code, 253, "{run}");
    assert!(!env.path("started").exists());
}

#[test]
fn without_a_command_it_is_the_users_shell() {
    let env = env().var("SHELL", "/bin/sh");
    let mut running = env.start("exec --profile reader");
    running.type_in("echo as $AWSX_PROFILE; exit 3\n");
    let run = running.finish();
    assert_eq!((run.code, run.stdout.as_str()), (3, "as reader\n"), "{run}");
}

#[test]
fn signals_reach_the_child() {
    let env = env();
    for server in ["", "--server "] {
        env.write(
            "wait.sh",
            "trap 'echo told; exit 5' TERM\necho ready\nwhile :; do /bin/sleep 0.05; done\n",
        );
        let running = env.start(&format!("exec {server}-- /bin/sh wait.sh"));
        running.wait_for_stdout(|seen| seen.contains("ready").then_some(()));
        signal(&running, "TERM");
        let run = running.finish();
        assert_eq!((run.code, run.stdout.as_str()), (5, "ready\ntold\n"), "{run}");
    }
}

/// As `nohup` leaves it: the signal is ignored, and the child inherits that.
#[cfg(target_os = "linux")]
#[test]
fn an_ignored_signal_stays_ignored() {
    let env = env();
    let awsx = env!("CARGO_BIN_EXE_awsx");
    let script = format!(
        "trap '' HUP; exec {awsx} exec --server -- /bin/sh -c 'kill -HUP $$; kill -HUP $PPID; echo lives'"
    );
    let mut command = env.command_of(std::path::Path::new("/bin/sh"));
    let output = command.args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "lives\n", "{output:?}");
}

fn signal(running: &Running<'_>, name: &str) {
    let sent = Command::new("/bin/kill").args([&format!("-{name}"), &running.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Address and token of a child that only waits.
fn serve<'env>(env: &'env TestEnv, words: &str) -> (Running<'env>, u16, String) {
    env.write(
        "serve.sh",
        "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN .\nread line\nexit 0\n",
    );
    let running = env.start(&format!("{words} --server -- /bin/sh serve.sh"));
    let (url, token) = running.wait_for_stdout(|seen| {
        let (url, rest) = seen.split_once(' ')?;
        Some((url.to_owned(), rest.split_once(" .\n")?.0.to_owned()))
    });
    let url: url::Url = url.parse().unwrap();
    assert_eq!((url.host_str(), url.path()), (Some("127.0.0.1"), "/credentials"));
    (running, url.port().unwrap(), token)
}

fn ask(port: u16, token: &str) -> http::Answer {
    let request = format!(
        "GET /credentials HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
    );
    http::parse(&http::send(port, request.as_bytes()).unwrap()).unwrap()
}

#[test]
fn the_server_gives_credentials_to_those_who_bring_the_token() {
    let env = env();
    let (running, port, token) = serve(&env, "exec --profile reader");
    let answer = ask(port, &token);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json: Value = serde_json::from_str(&answer.body).unwrap();
    assert!(json["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
    for key in ["SecretAccessKey", "Token", "Expiration"] {
        assert!(!json[key].as_str().unwrap().is_empty(), "{key}");
    }
    for (junk, status) in [
        (format!("GET /credentials HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"), 401),
        (
            format!(
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
            ),
            404,
        ),
        (
            format!(
                "GET /credentials HTTP/1.1\r\nHost: evil.example\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
            ),
            400,
        ),
        ("nonsense\r\n\r\n".to_owned(), 400),
    ] {
        let answer = http::parse(&http::send(port, junk.as_bytes()).unwrap()).unwrap();
        assert_eq!(answer.status, status, "{junk}");
        assert!(!answer.body.contains("SecretAccessKey"), "{junk}");
    }
    assert_eq!(running.finish().code, 0);
}

#[test]
fn the_server_renews_once_for_many() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    let (running, port, token) = serve(&env, "exec --profile dev");
    let calls = || env.count_requests("GET", "/federation/credentials");
    assert_eq!(calls(), 1);
    assert_eq!(ask(port, &token).status, 200);
    assert_eq!(calls(), 1, "the credentials at hand are good");
    drop(running);

    // Credentials of ten minutes are about to end as soon as they are there.
    let config = Config { role_lifetime: std::time::Duration::from_mins(10), ..approving() };
    let env = TestEnv::with_sandbox(config).config(DEVELOPER).sign_in();
    let (running, port, token) = serve(&env, "exec --profile dev");
    let first = ask(port, &token).body;
    let second = ask(port, &token).body;
    assert_ne!(first, second, "there are new ones");
    assert_eq!(running.finish().code, 0);
}

#[test]
fn the_server_says_why_there_are_no_more_credentials() {
    let config = Config { role_lifetime: std::time::Duration::from_secs(2), ..approving() };
    let env = TestEnv::with_sandbox(config).config(DEVELOPER).sign_in();
    let (running, port, token) = serve(&env, "exec --profile dev");
    env.run("sso logout").ok();
    std::thread::sleep(std::time::Duration::from_secs(3));
    let answer = ask(port, &token);
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.body.contains("Token for corp does not exist"), "{}", answer.body);
    assert_eq!(running.finish().code, 0);
}

#[test]
fn the_default_profiles_keys_are_hidden_from_a_child_that_is_served() {
    let env = env();
    let with_keys = variables(&env, "exec --profile reader --server");
    assert_eq!(value(&with_keys, "AWS_SHARED_CREDENTIALS_FILE"), Some("/dev/null"));
    assert_eq!(value(&with_keys, "AWS_CONFIG_FILE"), Some("/dev/null"));
    assert_eq!(value(&with_keys, "AWS_ACCESS_KEY_ID"), None);

    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    assert_eq!(value(&variables(&env, "exec --profile dev --server"), "AWS_CONFIG_FILE"), None);
}
