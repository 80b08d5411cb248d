//! What awsx says about itself.

#[cfg(unix)]
use crate::support::Terminal;
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

/// Synopsis, types, the required, allowed values, the output's shape, AWS's page.
#[test]
fn the_help_of_an_operation_has_every_part() {
    let env = TestEnv::new();
    for (words, parts) in [
        (
            "iam create-role",
            &["--role-name (string)", "Key=string,Value=string ...", "\n  Role (structure)\n"][..],
        ),
        (
            "ec2 run-instances",
            &["a1.metal | c1.medium", "\n      Ebs (structure)\n", "\n  Instances (list)\n"],
        ),
        ("lambda invoke", &["<outfile>", "Event | RequestResponse | DryRun", "--payload (blob)"]),
        (
            "s3api put-object",
            &["--body (streaming blob: a file)", "private | public-read |", "ETag (string)"],
        ),
        ("dynamodb query", &["--key-conditions (map)", "AttributeValueList (list)", "--max-items (integer)"]),
        ("ecs run-task", &["--task-definition (string)", "EC2 | FARGATE", "failures (list)"]),
        ("rds create-db-instance", &["--db-instance-identifier <VALUE>", "DBInstance (structure)"]),
        ("logs filter-log-events", &["--start-time (long)", "--interleaved | --no-interleaved"]),
        ("ssm get-parameter", &["--with-decryption | --no-with-decryption", "LastModifiedDate (timestamp)"]),
        ("cloudformation create-stack", &["CAPABILITY_IAM | CAPABILITY_NAMED_IAM", "StackId (string)"]),
    ] {
        let help = env.run(&format!("{words} help")).ok();
        let (service, operation) = words.split_once(' ').unwrap();
        let page = format!("/reference/{service}/{operation}.html\n");
        for part in ["\nUsage: awsx [OPTIONS] ", "\nParameters:\n", "\nExample:\n", "\nOutput:\n", &page]
            .iter()
            .chain(parts)
        {
            assert!(help.contains(part), "`{words} help` lacks `{part}`:\n{help}");
        }
        let longest = help.lines().filter(|line| line.contains(" | ")).map(str::len).max();
        assert!(longest <= Some(100), "{words}: {longest:?}");
    }
}

#[cfg(unix)]
#[test]
fn long_help_goes_through_the_pager_on_a_terminal() {
    // A pager that shows that it was there.
    let env = TestEnv::new().var("AWS_PAGER", "/usr/bin/tr a-z A-Z");
    for words in ["sts help", "sts get-caller-identity help", "configure help"] {
        Terminal::start(&env, words).wait_for("USAGE: AWSX");
        Terminal::start(&env, &format!("{words} --no-cli-pager")).wait_for("Usage: awsx");
    }
}

#[test]
fn a_profile_that_is_not_there_may_have_been_mistyped() {
    let env = TestEnv::new().config("[profile staging]\nregion = us-east-1\n");
    for (name, hint) in
        [("stagin", "hint: maybe you meant `staging`\n"), ("x", "hint: see the profiles you have with")]
    {
        let run = env.run(&format!("sts get-caller-identity --profile {name}"));
        assert!(run.stderr.contains(hint), "{run}");
    }
}

#[test]
fn a_shell_that_is_missing_is_asked_for_with_examples() {
    let env = TestEnv::new();
    for words in ["completion", "shell-init"] {
        let run = env.run(words);
        assert_eq!(run.code, 252);
        assert!(run.stderr.contains("hint: say which: bash, zsh, fish"), "{run}");
    }
}

#[test]
fn the_two_paths_of_a_copy_have_names() {
    let help = TestEnv::new().run("s3 cp help").ok();
    assert!(help.contains("s3 cp [OPTIONS] <SOURCE> <TARGET>"), "{help}");
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

/// AWS CLI renames some switches on one side only.
#[test]
fn a_switch_stands_beside_its_opposite_s_name() {
    let env = TestEnv::new();
    assert!(env.run("ecs execute-command help").ok().contains("\n  --interactive | --non-interactive\n"));
    assert!(env.run("ec2 run-instances help").ok().contains("\n  --dry-run | --no-dry-run\n"));
}
