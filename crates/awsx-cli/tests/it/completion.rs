//! What a shell offers on Tab: words, values, names from files, and live names.

use std::time::{Duration, Instant};

use awsx_sandbox::{Config, seed};

use crate::support::{DEVELOPER, Scripted, TestEnv, approving, run_in_shell, shell};

/// The file that keeps names for a minute.
const KEPT: &str = ".cache/awsx/completions.json";

fn env() -> TestEnv {
    TestEnv::with_sandbox(Config::default()).alice()
}

/// What is offered for the last of these words, one a line.
fn offered(env: &TestEnv, words: &str) -> String {
    let words: Vec<&str> = ["completion", "--"].into_iter().chain(words.split(' ')).collect();
    env.run_args(&words).ok()
}

/// An environment with keys whose requests all go to a service that answers from a script.
fn scripted(routes: &str) -> (TestEnv, Scripted) {
    let service = Scripted::start(serde_json::from_str(routes).unwrap());
    let env = TestEnv::new().alice().var("AWS_REGION", "eu-west-1").var("AWS_ENDPOINT_URL", &service.url);
    (env, service)
}

#[test]
fn scripts_know_the_commands() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = env.run(&format!("completion {shell}")).ok();
        assert!(
            script.contains("console-url") && script.contains("export-credentials"),
            "{shell}:\n{script}"
        );
    }
    assert_eq!(env.run("completion tcsh").code, 252);
}

/// Services, operations, options and values are too many for a script, which asks for them.
#[test]
fn operations_options_and_values_are_known() {
    let env = TestEnv::new();
    for (words, lines) in [
        ("s3a", "s3api\n"),
        ("conf", "configservice\nconfigure\n"),
        ("sts get-c", "get-caller-identity\n"),
        ("iam create-role --role-n", "--role-name\n"),
        ("--region x iam list-policies --scope A", "All\nAWS\n"),
        ("iam list-policies --scope=A", "--scope=All\n--scope=AWS\n"),
        ("iam wait user-", "user-exists\n"),
        ("iam list-users --output y", "yaml\nyaml-stream\n"),
        ("configure s", ""),
    ] {
        assert_eq!(offered(&env, words), lines, "{words}");
    }
}

#[test]
fn profiles_sessions_and_regions_are_known_without_asking() {
    let env = TestEnv::new().config(&format!("{DEVELOPER}[profile deploy]\n"));
    for (words, lines) in [
        ("s3 ls --profile d", "dev\ndeploy\n"),
        ("sts get-caller-identity --profile=de", "--profile=dev\n--profile=deploy\n"),
        ("sso login --sso-session ", "corp\n"),
        ("ec2 describe-vpcs --region eu-west-", "eu-west-1\neu-west-2\neu-west-3\n"),
    ] {
        assert_eq!(offered(&env, words), lines, "{words}");
    }
    let broken = TestEnv::new().config("[profile dev\n");
    assert_eq!(offered(&broken, "s3 ls --profile d"), "");
}

#[test]
fn names_are_those_the_service_lists() {
    let env = env();
    assert_eq!(offered(&env, "iam get-user --user-name "), "alice\n");
    assert_eq!(offered(&env, "iam get-user --user-name=a"), "--user-name=alice\n");
    assert_eq!(offered(&env, "iam get-user --user-name b"), "");
    // What the line says already narrows the listing.
    let keys = offered(&env, "iam delete-access-key --user-name alice --access-key-id A");
    assert_eq!(keys, format!("{}\n", seed::ACCESS_KEY_ID));
    assert_eq!(offered(&env, "s3api list-objects-v2 --bucket sandbox-n"), "sandbox-notes\n");
    // A name that nothing may have yet.
    assert_eq!(offered(&env, "iam create-user --user-name "), "");
}

#[test]
fn a_second_tab_asks_nobody() {
    let env = env();
    assert_eq!(offered(&env, "iam get-user --user-name a"), "alice\n");
    let asked = env.sandbox().requests().len();
    assert_eq!(offered(&env, "iam get-user --user-name "), "alice\n");
    assert_eq!(offered(&env, "iam delete-user --user-name "), "alice\n");
    assert_eq!(env.sandbox().requests().len(), asked);
    #[cfg(unix)]
    assert_eq!(crate::support::mode_of(&env.path(KEPT)), 0o600);
    // Another region, or other keys, are other names.
    offered(&env, "iam get-user --user-name a --region eu-west-1");
    assert_eq!(offered(&env, "--region eu-west-1 iam get-user --user-name a"), "alice\n");
    assert!(env.sandbox().requests().len() > asked);
}

#[test]
fn nobody_is_asked_where_names_are_switched_off() {
    let by_variable = env().var("AWSX_COMPLETE_NAMES", "off");
    let by_profile = env().config("[default]\ncomplete_names = off\n");
    for env in [by_variable, by_profile] {
        assert_eq!(offered(&env, "iam get-user --user-name "), "");
        assert!(env.sandbox().requests().is_empty());
        assert!(env.list(".cache/awsx").is_empty());
    }
}

#[test]
fn nobody_is_asked_to_sign_in_or_for_a_code_and_no_program_is_run() {
    let config = format!(
        "{DEVELOPER}[profile operator]\nrole_arn = {}\nsource_profile = default\nmfa_serial = {}\n\
         [profile program]\ncredential_process = /bin/touch ran\n[profile nobody]\n",
        seed::OPERATOR_ARN,
        seed::MFA_SERIAL
    );
    let env = env().config(&config);
    for profile in ["dev", "operator", "program", "missing"] {
        assert_eq!(offered(&env, &format!("iam get-user --profile {profile} --user-name ")), "", "{profile}");
    }
    assert!(env.sandbox().requests().is_empty(), "{:?}", env.sandbox().requests());
    assert!(!env.path("ran").exists());
}

#[test]
fn a_sign_in_that_lasts_is_used() {
    let env = TestEnv::with_sandbox(approving()).config(DEVELOPER).sign_in();
    assert_eq!(offered(&env, "s3api list-objects-v2 --profile dev --bucket sandbox-l"), "sandbox-logs\n");
    // One that would have to be renewed is left to a command that can wait.
    env.expire_token("corp");
    env.forget_role_credentials();
    let asked = env.sandbox().requests().len();
    assert_eq!(offered(&env, "iam get-user --profile dev --user-name "), "");
    assert_eq!(env.sandbox().requests().len(), asked);
}

#[test]
fn a_service_that_does_not_answer_in_time_is_not_waited_for() {
    let (env, service) =
        scripted(r#"[{"request": "POST /", "body": "{\"TableNames\": [\"late\"]}", "delay_ms": 20000}]"#);
    let began = Instant::now();
    assert_eq!(offered(&env, "dynamodb scan --table-name "), "");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    // The next Tab does not wait at all.
    assert_eq!(offered(&env, "dynamodb scan --table-name "), "");
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn failures_are_passed_over_in_silence() {
    let (env, service) =
        scripted(r#"[{"request": "POST /", "status": 400, "body": "{\"__type\": \"AccessDenied\"}"}]"#);
    assert_eq!(offered(&env, "dynamodb scan --table-name "), "");
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn arns_are_offered_by_their_last_part_where_that_will_do() {
    let arns = r#"[{"request": "POST /", "body":
        "{\"clusterArns\": [\"arn:aws:ecs:eu-west-1:111122223333:cluster/prod\", \"arn:aws:ecs:eu-west-1:111122223333:cluster/test\"]}"}]"#;
    let (env, _service) = scripted(arns);
    assert_eq!(offered(&env, "ecs list-services --cluster p"), "prod\n");
    assert_eq!(offered(&env, "ecs describe-clusters --clusters prod t"), "test\n");
    assert_eq!(
        offered(&env, "ecs list-services --cluster arn:aws:ecs:eu-west-1:111122223333:cluster/p"),
        "arn:aws:ecs:eu-west-1:111122223333:cluster/prod\n"
    );
}

/// Their arguments are called as those of operations are.
#[test]
fn arguments_of_verbs_are_names_too() {
    let (env, service) = scripted(
        r#"[{"request": "GET /clusters?maxResults=100", "body": "{\"clusters\": [\"blue\"]}"},
            {"request": "POST /", "body": "{\"logGroups\": [{\"logGroupName\": \"/aws/lambda/hello\"}]}"}]"#,
    );
    assert_eq!(offered(&env, "eks update-kubeconfig --name b"), "blue\n", "{:?}", service.requests());
    assert_eq!(offered(&env, "logs tail /aws"), "/aws/lambda/hello\n", "{:?}", service.requests());
}

/// A name that a terminal or a shell would take for something else.
#[test]
fn names_with_control_characters_are_left_out() {
    let (env, _service) = scripted(
        r#"[{"request": "POST /", "body": "{\"TableNames\": [\"good\", \"two\\nlines\", \"\\u001b]0;x\"]}"}]"#,
    );
    assert_eq!(offered(&env, "dynamodb scan --table-name "), "good\n");
}

#[test]
fn s3_paths_are_completed_folder_by_folder() {
    let env = env();
    for (words, lines) in [
        ("s3 ls s3://sandbox-", "s3://sandbox-empty/\ns3://sandbox-logs/\ns3://sandbox-notes/\n"),
        (
            "s3 ls s3://sandbox-notes/",
            "s3://sandbox-notes/recipes/\ns3://sandbox-notes/unicode/\ns3://sandbox-notes/hello.txt\n",
        ),
        ("s3 cp s3://sandbox-notes/recipes/b", "s3://sandbox-notes/recipes/bread.md\n"),
        (
            "--region us-east-1 s3 cp here.txt s3://sandbox-logs/2025/01/",
            "s3://sandbox-logs/2025/01/01/\ns3://sandbox-logs/2025/01/02/\n",
        ),
        ("s3 ls s3://nowhere/", ""),
        ("s3 mb s3://sandbox-", ""),
        ("s3 rb s3://sandbox-e", "s3://sandbox-empty/\n"),
    ] {
        assert_eq!(offered(&env, words), lines, "{words}");
    }
}

/// What stands in bash's variables when Tab is pressed at the end of a line; `words` are bash's own.
fn bash_line(line: &str, words: &str) -> String {
    let at = words.split(' ').count() - 1;
    format!(
        "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'; COMP_LINE='{line}'; COMP_POINT={}; COMP_WORDS=({words}); \
         COMP_CWORD={at}; COMPREPLY=(); _awsx_or_ask awsx \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        line.len()
    )
}

#[test]
fn bash_gets_what_it_is_to_insert() {
    let Some(bash) = shell("bash") else { return };
    let env = env();
    let inserted = |line: &str, words: &str| {
        // `compopt` speaks to a line editor, which is not there.
        let script = format!(
            "eval \"$(awsx completion bash)\"; compopt() {{ printf 'compopt %s\\n' \"$*\"; }}; {}",
            bash_line(line, words)
        );
        run_in_shell(&env, &bash, &script)
    };
    assert_eq!(
        inserted("awsx s3 ls s3://sandbox-n", "awsx s3 ls s3 : //sandbox-n"),
        "compopt -o nospace\n//sandbox-notes/\n"
    );
    assert_eq!(inserted("awsx iam get-user --user-name ", "awsx iam get-user --user-name ''"), "alice\n");
    // Where awsx says nothing, clap's script does.
    assert_eq!(inserted("awsx configure list-p", "awsx configure list-p"), "list-profiles\n");
}

#[test]
fn zsh_adds_folders_without_a_blank_behind_them() {
    let Some(zsh) = shell("zsh") else { return };
    let env = env();
    let added = |words: &str| {
        let script = format!(
            "compdef() {{ }}; eval \"$(awsx completion zsh)\"\n\
             compadd() {{ print -r -- \"compadd ${{@[1,-2]}}\" \"${{(P@)@[-1]}}\" }}\n\
             words=({words}); CURRENT=${{#words}}; _awsx_or_ask"
        );
        run_in_shell(&env, &zsh, &script)
    };
    assert_eq!(
        added("awsx s3 ls s3://sandbox-notes/"),
        "compadd -S  -a s3://sandbox-notes/recipes/ s3://sandbox-notes/unicode/\n\
         compadd -a s3://sandbox-notes/hello.txt\n"
    );
    assert_eq!(added("awsx iam get-user --user-name ''"), "compadd -a alice\n");
}

#[test]
fn fish_shows_live_names() {
    let Some(fish) = shell("fish") else { return };
    let env = env();
    let shown = |line: &str| {
        let script = format!("awsx completion fish | source; complete -C '{line}'");
        run_in_shell(&env, &fish, &script)
    };
    assert_eq!(shown("awsx s3api list-objects-v2 --bucket sandbox-n"), "sandbox-notes\n");
    assert_eq!(shown("awsx s3 ls s3://sandbox-notes/h"), "s3://sandbox-notes/hello.txt\n");
}
