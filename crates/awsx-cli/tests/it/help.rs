//! What awsx says about itself.

use crate::support::TestEnv;

/// The commands a help text lists.
fn commands_in(help: &str) -> Vec<String> {
    let listed = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    let lines = listed.lines().take_while(|line| !line.is_empty());
    // A description that goes on over several lines is indented further.
    let names =
        lines.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn check_level(env: &TestEnv, path: &str) -> usize {
    let help = env.run(&format!("{path} --help")).ok();
    assert!(help.contains("Example"), "`{path} --help` shows no example:\n{help}");
    assert_eq!(env.run(&format!("{path} help")).ok(), help, "{path}");
    let commands = commands_in(&help);
    commands.iter().map(|name| check_level(env, format!("{path} {name}").trim())).sum::<usize>() + 1
}

#[test]
fn every_level_has_help_and_an_example() {
    let checked = check_level(&TestEnv::new(), "");
    assert!(checked > 20, "only {checked} levels were found");
}

#[test]
fn the_version_begins_as_aws_clis_does() {
    let env = TestEnv::new();
    for words in ["--version", "sts get-caller-identity --version"] {
        let line = env.run(words).ok();
        assert!(line.starts_with("aws-cli/2."), "{line}");
        assert!(line.contains(concat!(" awsx/", env!("CARGO_PKG_VERSION"), " ")), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
    }
}

/// A config file that cannot be read is no reason to be silent about how to mend it.
#[test]
fn help_version_and_completion_work_beside_a_broken_config() {
    let env = TestEnv::new().config("[profile dev\nregion = us-east-1\n").var("AWS_PROFILE", "nobody");
    for words in ["--version", "--help", "help", "configure help", "sts get-caller-identity --help"] {
        assert!(!env.run(words).ok().is_empty(), "{words}");
    }
    assert!(!env.run("completion bash").ok().is_empty());
}

#[test]
fn nothing_else_is_a_mistake_that_is_told_with_the_usage() {
    let env = TestEnv::new();
    insta::assert_snapshot!(env.run(""), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): the following arguments are required: command

    usage: awsx [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      awsx help
      awsx <command> help
      awsx <command> <subcommand> help
    ");
    insta::assert_snapshot!(env.run("sts get-caller-identiti"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): argument operation: Found invalid choice 'get-caller-identiti'

    Maybe you meant:

      * get-caller-identity

    usage: awsx [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      awsx help
      awsx <command> help
      awsx <command> <subcommand> help
    ");
}
