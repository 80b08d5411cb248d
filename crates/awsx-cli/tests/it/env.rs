//! `env` and `shell-init`: real shells read what is printed.

use std::path::PathBuf;

use awsx_sandbox::{Config, seed};

use crate::support::{TestEnv, run_in_shell as run_in, shell};

/// What a shell might run, expand or end a quote at.
const HOSTILE: &str = "a'b\"c$(/usr/bin/touch pwned)`/usr/bin/touch pwned`\\ ;*~!x{y}|&<>#%%é";

fn env() -> TestEnv {
    let config = format!(
        "[profile reader]\nrole_arn = {}\nsource_profile = default\nregion = eu-west-1\n",
        seed::CONSOLE_READER_ARN
    );
    TestEnv::with_sandbox(Config::default()).alice().config(&config)
}

/// How a shell evaluates what a command prints.
type Evaluate = fn(&str) -> String;

/// Every shell that can be had, its name for `--shell`, and how it evaluates what a command prints.
fn shells() -> Vec<(PathBuf, &'static str, Evaluate)> {
    let posix: Evaluate = |command| format!("eval \"$({command})\"");
    let fish: Evaluate = |command| format!("{command} | source");
    [("sh", "bash", posix), ("bash", "bash", posix), ("zsh", "zsh", posix), ("fish", "fish", fish)]
        .into_iter()
        .filter_map(|(program, name, evaluate)| Some((shell(program)?, name, evaluate)))
        .collect()
}

#[test]
fn hostile_values_arrive_in_every_shell_exactly_and_run_nothing() {
    let credentials = format!(
        "[odd]\naws_access_key_id = AKIDODD\naws_secret_access_key = {HOSTILE}\naws_session_token = {HOSTILE}\n"
    );
    let env = TestEnv::new().credentials(&credentials).var("AWS_PROFILE", "odd");
    for (shell, name, evaluate) in shells() {
        let script = format!(
            "{}; printf '%s|%s|%s' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_PROFILE\"",
            evaluate(&format!("awsx env --shell {name}"))
        );
        assert_eq!(run_in(&env, &shell, &script), format!("AKIDODD|{HOSTILE}|"), "{}", shell.display());
        assert!(!env.path("pwned").exists(), "{}", shell.display());
    }
}

#[test]
fn unset_takes_everything_out_again() {
    let env = env();
    for (shell, name, evaluate) in shells() {
        let show = "printf '%s|%s|' \"$AWS_SESSION_TOKEN\" \"$AWSX_PROFILE\"";
        let script = format!(
            "{}; printf '%s|' \"$AWSX_PROFILE\"; {}; {show}; printf '%s' \"$AWS_REGION\"",
            evaluate(&format!("awsx env --profile reader --shell {name}")),
            evaluate(&format!("awsx env --unset --shell {name}")),
        );
        assert_eq!(run_in(&env, &shell, &script), "reader|||", "{}", shell.display());
    }
}

#[test]
fn each_shell_gets_its_own_words() {
    let env = env();
    let first = |shell: &str| {
        let lines = env.run(&format!("env --profile reader --region eu-west-1 --shell {shell}")).ok();
        lines.lines().find(|line| line.contains("AWS_REGION")).unwrap_or_default().to_owned()
    };
    assert_eq!(first("bash"), "export AWS_REGION=eu-west-1");
    assert_eq!(first("fish"), "set -gx AWS_REGION \"eu-west-1\"");
    assert_eq!(first("powershell"), "$Env:AWS_REGION=\"eu-west-1\"");
    assert_eq!(first("cmd"), "set AWS_REGION=eu-west-1");
    let nu: serde_json::Value = serde_json::from_str(&first("nu")).unwrap();
    assert_eq!(nu["AWS_REGION"], "eu-west-1");
    assert_eq!(nu["AWSX_PROFILE"], "reader");
    let gone = env.run("env --unset --shell powershell").ok();
    assert!(gone.contains("Remove-Item Env:AWS_PROFILE -ErrorAction SilentlyContinue\n"), "{gone}");
}

#[test]
fn the_login_shell_is_meant_where_none_is_named() {
    let lines = env().var("SHELL", "/usr/bin/fish").run("env --profile reader").ok();
    assert!(lines.contains("set -gx AWS_ACCESS_KEY_ID "), "{lines}");
}

#[test]
fn taking_out_and_putting_in_do_not_go_together() {
    assert_eq!(env().run("env --unset --read-only").code, 252);
}

#[test]
fn the_function_switches_the_shell_it_runs_in() {
    let env = env();
    for name in ["bash", "zsh", "fish"] {
        let Some(shell) = shell(name) else { continue };
        let load = match name {
            "fish" => "awsx shell-init fish | source".to_owned(),
            _ => format!("eval \"$(awsx shell-init {name})\""),
        };
        let show = "printf '%s|' \"$AWSX_PROFILE\"";
        let script = format!("{load}\nawsx-use reader\n{show}\nawsx-use --unset\n{show}\nawsx-use --help\n");
        let printed = run_in(&env, &shell, &script);
        let (switched, help) = printed.split_at("reader||".len());
        assert_eq!(switched, "reader||", "{name}");
        assert!(help.starts_with("Print what puts the profile's credentials"), "{name}: {help}");
    }
}

#[test]
fn a_switch_that_fails_changes_nothing() {
    let Some(bash) = shell("bash") else { return };
    let script = "eval \"$(awsx shell-init bash)\"\nawsx-use reader\nawsx-use nobody 2>/dev/null || printf \"$? $AWSX_PROFILE\"";
    assert_eq!(run_in(&env(), &bash, script), "255 reader");
}

#[test]
fn names_of_profiles_complete_and_run_nothing() {
    let config = "[profile reader]\nregion = a\n[profile \"red one\"]\nregion = a\n[profile \"$(touch pwned)\"]\nregion = a\n";
    let env = TestEnv::new().config(config);
    if let Some(bash) = shell("bash") {
        let script = "eval \"$(awsx shell-init bash)\"; COMP_WORDS=(awsx-use \"$1\"); COMP_CWORD=1\n\
                      complete_word() { COMP_WORDS=(awsx-use \"$1\"); _awsx_use; printf '<%s>' \"${COMPREPLY[@]}\"; }\n\
                      complete_word re; complete_word '$'";
        assert_eq!(run_in(&env, &bash, script), r"<reader><red\ one><\$\(touch\ pwned\)>");
    }
    if let Some(fish) = shell("fish") {
        let script = "awsx shell-init fish | source; complete -C 'awsx-use re'";
        assert_eq!(run_in(&env, &fish, script), "reader\nred one\n");
    }
    assert!(!env.path("pwned").exists());
}
