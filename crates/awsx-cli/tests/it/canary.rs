//! No secret is told: every command that handles credentials, at its most talkative, going well and going wrong.
//!
//! The look itself is at the end of every run ([`crate::support`]): stderr must hold no secret that the home folder,
//! the environment or the sandbox know of, and stdout only where printing secrets is what the command is for. Here is
//! the table of commands.

use awsx_sandbox::{Fault, Outcome, seed};

use crate::support::{DEVELOPER, TestEnv, approving};

/// Commands that go well for the seeded user and for somebody who signed in.
const COMMANDS: &[&str] = &[
    "sso login --sso-session corp --use-device-code --no-browser",
    "sso login --sso-session corp --use-device-code --no-browser --min-valid 1h",
    "sso status",
    "status",
    "status --json",
    "sts get-caller-identity --profile dev",
    "sts get-caller-identity --profile reader",
    "sts get-caller-identity --profile programmed",
    "sso list-accounts --access-token none-of-ours",
    "s3 ls --profile dev",
    "configure list --profile dev",
    "configure list --profile default",
    "configure export-credentials --profile dev",
    "configure export-credentials --profile reader --read-only --format fish",
    "env --profile dev",
    "env --profile reader --tag team=blue",
    "env --unset",
    "exec --profile dev -- /bin/true",
    "exec --profile dev --server -- /bin/true",
    "exec --profile reader --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess -- /bin/true",
    "console-url --profile dev",
    "console-url --profile reader --logout-first --qr",
    "console-url",
    "shell-init bash",
    "configure explain --profile operator",
    "keys list",
    "mfa list",
    "mfa status",
    "sso logout",
];

/// Commands that end with an error on the way.
const FAILING: &[&str] = &[
    "sts get-caller-identity --profile forbidden",
    "codecatalyst list-spaces --profile dev --endpoint-url http://127.0.0.1:9",
    "exec --profile dev --read-only -- /bin/true",
    "exec --profile reader -- /no/such/program",
    "exec --profile operator -- /bin/true",
    "env --profile forbidden",
    "console-url --role-arn arn:aws:iam::111122223333:role/Forbidden",
    "console-url --signin-endpoint http://127.0.0.1:9/federation",
    "console --browser vivaldi",
    "mfa login --mfa-code 000000 --profile operator",
    "mfa enroll phone",
    "keys rotate --profile dev",
    "login --remote --profile fresh",
    "configure mfa-login --serial-number arn:aws:iam::111122223333:mfa/alice --update-profile m",
];

fn env() -> TestEnv {
    let awsx = env!("CARGO_BIN_EXE_awsx");
    let config = format!(
        "{DEVELOPER}\n\
         [profile reader]\nrole_arn = {reader}\nsource_profile = default\n\
         [profile operator]\nrole_arn = {operator}\nsource_profile = default\nmfa_serial = {serial}\n\
         [profile forbidden]\nrole_arn = {forbidden}\nsource_profile = default\n\
         [profile programmed]\ncredential_process = {awsx} configure export-credentials --profile reader --debug\n",
        reader = seed::CONSOLE_READER_ARN,
        operator = seed::OPERATOR_ARN,
        serial = seed::MFA_SERIAL,
        forbidden = seed::FORBIDDEN_ARN,
    );
    TestEnv::with_sandbox(approving())
        .alice()
        .config(&config)
        .var("RUST_LOG", "trace")
        .var("RUST_BACKTRACE", "1")
}

#[test]
fn no_command_tells_a_secret_however_much_it_tells() {
    let env = env();
    let mut talked = 0;
    for words in COMMANDS {
        // What is kept is not asked for, and what is not asked for is not told of.
        env.forget_role_credentials();
        let run = env.run(&talkative(words));
        assert!(run.code == 0 || words.contains("none-of-ours"), "{words}: {run}");
        talked += usize::from(run.stderr.contains(" - DEBUG - "));
    }
    assert!(talked > COMMANDS.len() / 2, "only {talked} commands told anything to look at");
}

#[test]
fn no_failure_tells_a_secret() {
    let env = env();
    env.run(COMMANDS[0]);
    for words in FAILING {
        let run = env.run(&talkative(words));
        assert_ne!(run.code, 0, "{words}: {run}");
    }
}

#[test]
fn no_service_that_fails_makes_a_secret_known() {
    for (method, path) in
        [("GET", "/federation/credentials"), ("POST", "/"), ("POST", "/federation"), ("POST", "/token")]
    {
        for outcome in [Outcome::Cut, Outcome::Respond { status: 500, code: "InternalFailure".to_owned() }] {
            let env = env().var("AWS_MAX_ATTEMPTS", "1");
            env.run(COMMANDS[0]);
            env.sandbox().add_fault(Fault {
                method: method.into(),
                path: path.into(),
                action: None,
                outcome,
                times: u32::MAX,
            });
            env.expire_token("corp");
            for words in [
                "exec --profile dev --server -- /bin/true",
                "env --profile reader",
                "console-url --profile dev",
            ] {
                env.run(&talkative(words));
            }
        }
    }
}

/// With `--debug`, before the words of another program.
fn talkative(words: &str) -> String {
    match words.split_once(" -- ") {
        Some((own, others)) => format!("{own} --debug -- {others}"),
        None => format!("{words} --debug"),
    }
}
