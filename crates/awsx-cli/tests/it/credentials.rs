//! The credential chain as folders of data: `tests/credentials/<case>/` holds the files of a home, what is run in it,
//! and what comes of it. Each case runs twice, the second time with `--debug`, and is explained; no secret may show.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use awsx_sandbox::{Config, Request, seed};
use serde::Deserialize;

use crate::support::{DEVELOPER, Route, Run, Scripted, TestEnv, approving, has_extension};

/// `case.json`. `{home}`, `{sandbox}`, `{metadata}`, `{mfa_code}` and `{web_identity}` stand for what differs from run
/// to run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    about: String,
    /// The profile to name with `--profile`, if one is named that way.
    profile: Option<String>,
    /// Further words of the command.
    #[serde(default)]
    options: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Further files of the home, by path.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Whether somebody has signed in to the session `corp`.
    #[serde(default)]
    signed_in: bool,
    /// What a service on the machine answers.
    #[serde(default)]
    metadata: Vec<Route>,
    /// The ARN that the credentials belong to...
    arn: Option<String>,
    /// ...or the key id that they are, where the sandbox does not know them...
    key: Option<String>,
    /// ...or a part of the error, and the exit code.
    error: Option<String>,
    #[serde(default)]
    exit: i32,
    /// What awsx adds to the error.
    hint: Option<String>,
    /// The link that `configure explain` marks as used, or as broken.
    link: String,
    /// What the sandbox is asked, apart from the command's own request.
    #[serde(default)]
    requests: Vec<String>,
    /// The same when the command runs once more.
    #[serde(default)]
    again: Vec<String>,
    /// What the service on the machine is asked.
    #[serde(default)]
    metadata_requests: Vec<String>,
    /// How many files are shared with AWS CLI afterwards.
    #[serde(default)]
    shared_files: usize,
    /// Secrets that no rule finds.
    #[serde(default)]
    secrets: Vec<String>,
}

#[test]
fn every_case_comes_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/credentials");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.join("case.json").exists());
    cases.sort();
    assert!(cases.len() >= 60, "only {} cases are there", cases.len());
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(folder) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(panic) = std::panic::catch_unwind(|| hold(folder)) {
                        let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                        failures.lock().unwrap().push(format!("{}: {text}", folder.display()));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}

/// AWS CLI's file of the role is the same for both: it does not name who asks.
#[test]
fn a_role_that_was_taken_in_another_environment_is_not_handed_out() {
    let role = "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/ConsoleReader\n\
                credential_source = Environment\nrole_session_name = me\n";
    let env = TestEnv::with_sandbox(Config::default())
        .config(role)
        .var("AWS_ACCESS_KEY_ID", seed::ACCESS_KEY_ID)
        .var("AWS_SECRET_ACCESS_KEY", seed::SECRET_ACCESS_KEY);
    let words = "sts get-caller-identity --profile role";
    assert_eq!(env.run(words).code, 0);
    assert_eq!(env.count_json(".aws/cli/cache"), 1);
    let env = env.var("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE0001");
    let other = env.run(words);
    assert!(other.stderr.contains("(InvalidClientTokenId) when calling the AssumeRole operation"), "{other}");
    let env = env.var("AWS_ACCESS_KEY_ID", seed::ACCESS_KEY_ID);
    env.sandbox().clear_requests();
    assert_eq!(env.run(words).code, 0);
    assert_eq!(env.count_requests("POST", "/"), 1);
}

/// EC2's metadata service is the last to know a region.
#[test]
fn a_region_that_nothing_sets_is_the_instance_s() {
    let zone = r#"[
        {"request": "PUT /latest/api/token", "body": "the-token-of-version-two"},
        {"request": "GET /latest/meta-data/placement/availability-zone/", "body": "eu-west-1b",
         "headers": {"x-aws-ec2-metadata-token": "the-token-of-version-two"}}
    ]"#;
    let service = Scripted::start(serde_json::from_str(zone).unwrap());
    let env = TestEnv::with_sandbox(Config::default())
        .alice()
        .without("AWS_REGION")
        .without("AWS_DEFAULT_REGION")
        .var("AWS_EC2_METADATA_DISABLED", "false")
        .var("AWS_EC2_METADATA_SERVICE_ENDPOINT", &service.url);
    let list = env.run("configure list").ok();
    assert!(list.ends_with("region     : eu-west-1                : imds             : \n"), "{list}");
    assert_eq!(env.run("sts get-caller-identity").code, 0);
    let signed = env.sandbox().requests().pop().unwrap();
    assert!(signed.headers["authorization"].contains("/eu-west-1/sts/aws4_request"), "{signed:?}");
    assert_eq!(service.requests().len(), 4);
}

#[test]
fn signing_out_of_a_session_removes_the_keys_of_every_role_over_it() {
    let config = format!(
        "{DEVELOPER}[profile one]\nrole_arn = {role}\nsource_profile = dev\n\
         [profile two]\nrole_arn = {role}\nsource_profile = one\nregion = us-east-1\n",
        role = seed::CONSOLE_READER_ARN
    );
    let env = TestEnv::with_sandbox(approving()).config(&config).sign_in();
    assert_eq!(env.run("sts get-caller-identity --profile two").code, 0);
    let roles = |env: &TestEnv| {
        let own = env.list(".cache/awsx").into_iter().filter(|name| name.starts_with("assume-role"));
        own.filter(|name| has_extension(name, &["json"])).count() + env.count_json(".aws/cli/cache")
    };
    // AWS CLI's of the Identity Center role, and, since both profiles take one role, awsx's own of the two over it.
    assert_eq!(roles(&env), 3);
    assert_eq!(env.run("sso logout --sso-session corp").code, 0);
    assert_eq!(roles(&env), 0);
}

fn hold(folder: &Path) {
    let case: Case = serde_json::from_str(&fs::read_to_string(folder.join("case.json")).unwrap())
        .unwrap_or_else(|error| panic!("case.json: {error}"));
    let outcomes =
        [case.arn.is_some(), case.key.is_some(), case.error.is_some()].iter().filter(|it| **it).count();
    assert_eq!(outcomes, 1, "`{}` says one of arn, key and error", case.about);

    let debugged = Home::of(folder, &case);
    debugged.check_result(&debugged.run("--debug"));
    let home = Home::of(folder, &case);
    home.check_explanation();
    home.check_result(&home.run(""));
    assert_eq!(home.requests(), case.requests, "requests of the first run");
    assert_eq!(home.service.requests(), case.metadata_requests, "requests to the machine's service");
    assert_eq!(home.env.count_json(".aws/cli/cache"), case.shared_files, "files shared with AWS CLI");
    if case.error.is_none() && case.metadata.is_empty() {
        home.env.sandbox().clear_requests();
        home.check_result(&home.run(""));
        assert_eq!(home.requests(), case.again, "requests of the second run");
    }
}

/// One home with the files of a case.
struct Home {
    case: Case,
    env: TestEnv,
    service: Scripted,
}

impl Home {
    fn of(folder: &Path, case: &Case) -> Self {
        let service = Scripted::start(case.metadata.clone());
        let config = if case.signed_in { approving() } else { Config::default() };
        let env = TestEnv::with_sandbox(config);
        let token = env.sandbox().web_identity_token();
        env.learn(&token);
        let fill = |text: &str| {
            text.replace("{home}", &env.home().display().to_string())
                .replace("{sandbox}", env.sandbox().url())
                .replace("{metadata}", &service.url)
                .replace("{web_identity}", &token)
        };
        for name in ["config", "credentials"] {
            if let Ok(text) = fs::read_to_string(folder.join(name)) {
                env.write(&format!(".aws/{name}"), &fill(&text));
            }
        }
        for (path, text) in &case.files {
            env.write(path, &fill(text));
        }
        let variables: Vec<(String, String)> =
            case.env.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
        let mut env = variables.into_iter().fold(env, |env, (name, value)| env.var(&name, &value));
        for secret in &case.secrets {
            env.learn(secret);
        }
        for route in &case.metadata {
            if let Ok(json) = serde_json::from_str(&route.body) {
                env.learn_json(&json);
            }
        }
        if case.signed_in {
            env = env.sign_in();
            env.sandbox().clear_requests();
        }
        Self { case: case.clone(), env, service }
    }

    /// Asks for the identity, or for the keys themselves where the sandbox does not know them.
    fn run(&self, more: &str) -> Run {
        let command = match self.case.key {
            Some(_) => "configure export-credentials --format env-no-export",
            None => "sts get-caller-identity --query Arn --output text",
        };
        self.run_command(&format!("{command} {more}"))
    }

    fn run_command(&self, command: &str) -> Run {
        let profile = self.case.profile.as_ref().map(|name| format!("--profile {name}")).unwrap_or_default();
        let options = self.case.options.replace("{mfa_code}", &self.env.sandbox().mfa_code());
        self.env.run(&format!("{command} {profile} {options}"))
    }

    fn check_result(&self, run: &Run) {
        let case = &self.case;
        assert_eq!(run.code, case.exit, "{run}");
        if let Some(arn) = &case.arn {
            // A made-up session name ends in the time.
            let (arn, at_start) = arn.strip_suffix('*').map_or((arn.as_str(), false), |arn| (arn, true));
            let found = run.stdout.trim_end();
            assert!(if at_start { found.starts_with(arn) } else { found == arn }, "not {arn}:\n{run}");
        }
        if let Some(key) = &case.key {
            let line = format!("AWS_ACCESS_KEY_ID={key}");
            assert!(run.stdout.lines().any(|found| found == line), "no {line} in:\n{run}");
        }
        if let Some(error) = &case.error {
            let error = error.replace("{home}", &self.env.home().display().to_string());
            assert!(run.stdout.is_empty(), "{run}");
            assert!(run.stderr.contains(&format!("awsx: [ERROR]: {error}")), "no `{error}` in:\n{run}");
        }
        if let Some(hint) = &case.hint {
            assert!(run.stderr.lines().any(|line| line == format!("hint: {hint}")), "no `{hint}` in:\n{run}");
        }
    }

    /// What is told is what is done, and telling it asks nobody.
    fn check_explanation(&self) {
        let query = "Links[?State=='used'||State=='broken'].Source";
        let profile: Vec<&str> = self.case.profile.iter().flat_map(|name| ["--profile", name]).collect();
        let mfa = self.case.options.split_whitespace().filter(|word| *word == "--mfa-session");
        let words = ["configure", "explain", "--output", "text", "--query", query];
        let words: Vec<&str> = words.into_iter().chain(profile).chain(mfa).collect();
        let told = self.env.run_args(&words);
        if self.case.link == "none" {
            assert!(told.stdout.trim().is_empty() || told.stdout.trim() == "None", "{told}");
        } else if self.case.link == "no profile" {
            assert_eq!(told.code, 255, "{told}");
        } else {
            assert_eq!(told.stdout.trim(), self.case.link, "{told}");
        }
        assert_eq!(self.run_command("configure explain").code, told.code);
        assert!(self.env.sandbox().requests().is_empty(), "explaining asked the sandbox");
        assert!(self.service.requests().is_empty(), "explaining asked the machine's service");
    }

    /// What the sandbox was asked, without the command's own question at the end.
    fn requests(&self) -> Vec<String> {
        let name = |request: Request| match request.form.get("Action") {
            Some(action) => action.clone(),
            None => format!("{} {}", request.method, request.path),
        };
        let requests: Vec<String> = self.env.sandbox().requests().into_iter().map(name).collect();
        requests.into_iter().filter(|request| request != "GetCallerIdentity").collect()
    }
}

/// As AWS CLI divides them: what is found wrong on the way, and what fails when it is first used.
#[test]
fn exporting_tells_faults_of_the_search_with_a_code_of_their_own() {
    let env = TestEnv::with_sandbox(Config::default()).alice().config(
        "[profile loop]\nrole_arn = arn:a\nsource_profile = loop\n\
         [profile failing]\ncredential_process = /bin/sh -c 'echo broken >&2; exit 3'\n\
         [profile denied]\nrole_arn = arn:aws:iam::111122223333:role/Forbidden\nsource_profile = default\n",
    );
    let export = |profile: &str| env.run(&format!("configure export-credentials --profile {profile}"));
    let prefix = "awsx: [ERROR]: An error occurred (Configuration): Unable to retrieve credentials: ";
    for (profile, cause) in [
        ("loop", "Infinite loop in credential configuration detected."),
        ("failing", "Error when retrieving credentials from custom-process: broken"),
    ] {
        let run = export(profile);
        assert_eq!(run.code, 253, "{run}");
        assert!(run.stderr.contains(&format!("{prefix}{cause}")), "{run}");
    }
    let denied = export("denied");
    assert_eq!(denied.code, 254, "{denied}");
    assert!(!denied.stderr.contains("Unable to retrieve"), "{denied}");
}
