//! From arguments to a parsed command, with argparse's manners where it fails.
//!
//! clap parses; what it refuses is said in the words that AWS CLI's users and scripts know. Unknown options are
//! set aside first, as argparse does, since a missing argument is reported before them.

mod alias;
mod files;
mod left_out;
mod number;

use std::process::ExitCode;

use awsx_core::Env;
use awsx_core::settings::Settings;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};

use self::alias::Expanded;
pub(crate) use self::number::number;
use crate::cli::{Cli, Command, GlobalArgs};
use crate::commands::operation;
use crate::error::CommandError;
use crate::ui::Ui;
use crate::version;

pub(crate) const USAGE: &str = "usage: awsx [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  awsx help
  awsx <command> help
  awsx <command> <subcommand> help";

const FIRST_USAGE: &str = "usage: awsx [--profile PROFILE] [--debug]";

/// What the arguments ask for.
pub(crate) struct Parsed {
    pub(crate) global: GlobalArgs,
    pub(crate) command: Command,
}

/// Arguments that ask for no command.
pub(crate) enum Stop {
    Help {
        help: clap::Error,
        /// `--no-cli-pager` stands among the arguments.
        without_pager: bool,
    },
    Version,
    Mistake(CommandError),
    /// An alias that is a line for the shell.
    Shell(String),
}

impl Stop {
    /// Says what there is to say; `settings` decide on the format of a mistake.
    pub(crate) fn report(self, settings: &Settings, ui: Ui) -> ExitCode {
        let said = match self {
            Self::Version => ui.out(format_args!("{}\n", version::line(settings.env()))),
            Self::Help { help, without_pager } => {
                let help = help.render();
                let text = if ui.colors_stdout() { help.ansi().to_string() } else { help.to_string() };
                ui.page(settings, without_pager, &text)
            }
            Self::Mistake(mistake) => Err(mistake),
            Self::Shell(line) => alias::run_shell(&line).and_then(|code| Err(CommandError::said(code))),
        };
        match said {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => error.report(settings, ui),
        }
    }
}

/// Parses the arguments, the program's name first.
pub(crate) fn parse(arguments: &[String], env: &Env) -> Result<Parsed, Stop> {
    if arguments.get(1).is_some_and(|first| first == "--version") {
        return Err(Stop::Version);
    }
    let arguments =
        &match alias::expand(arguments.get(1..).unwrap_or_default(), env).map_err(Stop::Mistake)? {
            Expanded::Words(words) => arguments.first().cloned().into_iter().chain(words).collect::<Vec<_>>(),
            Expanded::Shell(line) => return Err(Stop::Shell(line)),
        };
    if let Some(mistake) = left_out::mistake(arguments.get(1..).unwrap_or_default()) {
        return Err(Stop::Mistake(mistake));
    }
    match operation::parse(arguments.get(1..).unwrap_or_default(), env) {
        Some(Ok(asked)) => return checked(asked.globals, Some(Command::Operation(asked.args))),
        Some(Err(mistake)) => return Err(Stop::Mistake(mistake.too_early_for_formats())),
        None => {}
    }
    let mut arguments = with_trailing_help_as_flag(arguments);
    let mut unknown = Vec::new();
    let matches = loop {
        match Cli::command().try_get_matches_from(&arguments) {
            Ok(matches) => break matches,
            Err(error) => match unknown_argument(&error, &arguments) {
                Some(position) => unknown.push(arguments.remove(position)),
                None => return Err(stop_of(error, &arguments, env)),
            },
        }
    };
    let matches = files::load(matches, &arguments, env).map_err(Stop::Mistake)?;
    let cli = matches
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| stop_of(error, &arguments, env))?;
    let Parsed { global, command } = checked(cli.global, cli.command)?;
    if unknown.is_empty() {
        return Ok(Parsed { global, command });
    }
    Err(Stop::Mistake(CommandError::usage(format!("Unknown options: {}", unknown.join(",")))))
}

/// What the global options mean together, and that there is a command.
fn checked(global: GlobalArgs, command: Option<Command>) -> Result<Parsed, Stop> {
    if global.version {
        return Err(Stop::Version);
    }
    if global.cli_auto_prompt && global.no_cli_auto_prompt {
        return Err(Stop::Mistake(CommandError::usage(
            "Both --cli-auto-prompt and --no-cli-auto-prompt cannot be specified at the same time.",
        )));
    }
    match command {
        Some(command) => Ok(Parsed { global, command }),
        None => Err(Stop::Mistake(missing("command").too_early_for_formats())),
    }
}

/// The mistake of leaving something out.
pub(crate) fn missing(names: &str) -> CommandError {
    let mistake = with_usage_below(format_args!("the following arguments are required: {names}"));
    if names != "shell" {
        return mistake;
    }
    mistake.with_hint(
        "say which: bash, zsh, fish, powershell … (`awsx completion bash`, `awsx shell-init bash`)",
    )
}

/// The values of these flags, before it is known whether the arguments can be parsed.
pub(crate) fn flags_of(arguments: &[String]) -> Vec<(&'static str, String)> {
    // What follows is another program's.
    let end = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let arguments = &arguments[..end];
    let value = |flag: &str| {
        let position = arguments.iter().position(|argument| argument == flag);
        let joined = || arguments.iter().find_map(|argument| argument.strip_prefix(&format!("{flag}=")));
        position.and_then(|position| arguments.get(position + 1)).map(String::as_str).or_else(joined)
    };
    ["--profile", "--cli-error-format"]
        .into_iter()
        .filter_map(|flag| value(flag).map(|value| (flag, value.to_owned())))
        .collect()
}

/// `awsx configure list help --no-cli-pager`: the last word after nothing but commands asks for help.
fn with_trailing_help_as_flag(arguments: &[String]) -> Vec<String> {
    let as_flag = || {
        let (program, words) = arguments.split_first()?;
        let split = operation::split(words)?;
        let path: Vec<&str> = split.path().collect();
        let (last, commands) = path.split_last()?;
        let is_whole = split.behind(commands.len()).is_empty();
        let root = Cli::command();
        let only_commands =
            commands.iter().try_fold(&root, |command, word| command.find_subcommand(word)).is_some();
        (*last == "help" && is_whole && only_commands).then(|| {
            let commands = commands.iter().map(ToString::to_string);
            [program.clone()]
                .into_iter()
                .chain(split.globals())
                .chain(commands)
                .chain(["--help".to_owned()])
                .collect()
        })
    };
    as_flag().unwrap_or_else(|| arguments.to_vec())
}

/// Where the argument stands that clap does not know; none if that is not the trouble, or if it is short for several.
fn unknown_argument(error: &clap::Error, arguments: &[String]) -> Option<usize> {
    position_of_unknown(error, arguments).filter(|position| longer_than(arguments, *position).len() < 2)
}

fn position_of_unknown(error: &clap::Error, arguments: &[String]) -> Option<usize> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidArg) else { return None };
    let is_it = |argument: &String| {
        argument == name || argument.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
    };
    // Behind the program's own name.
    arguments.iter().skip(1).position(is_it).map(|position| position + 1)
}

/// The options of the command that an argument may be short for.
fn longer_than(arguments: &[String], position: usize) -> Vec<String> {
    let word = &arguments[position];
    let start = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
    if !start.starts_with("--") || start == "--" {
        return Vec::new();
    }
    let root = Cli::command();
    let words = arguments.iter().skip(1);
    let command = words.fold(&root, |command, word| command.find_subcommand(word).unwrap_or(command));
    let own = command.get_arguments().filter(|argument| !argument.is_global_set());
    let names = own.filter_map(|argument| Some(format!("--{}", argument.get_long()?)));
    names.filter(|name| name.starts_with(start)).collect()
}

fn stop_of(error: clap::Error, arguments: &[String], env: &Env) -> Stop {
    if let Some(position) = position_of_unknown(&error, arguments) {
        let (word, names) = (&arguments[position], longer_than(arguments, position).join(", "));
        return Stop::Mistake(with_usage_below(format_args!("ambiguous option: {word} could match {names}")));
    }
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    // `--role-arn <ARN>` is `--role-arn`, so is `--role-arn [<ARN>]`, and `<VALUE>` is `value`.
    let name = |shown: &str| match shown.split_once(' ') {
        Some((option, _)) => option.to_owned(),
        None => shown.trim_matches(['<', '>', '[', ']', '.']).to_lowercase(),
    };
    let mistake = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let without_pager = arguments.iter().any(|argument| argument == "--no-cli-pager");
            return Stop::Help { help: error, without_pager };
        }
        ErrorKind::MissingRequiredArgument => {
            let mut names = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::Strings(names)) => {
                    names.iter().map(|shown| name(shown)).collect::<Vec<_>>()
                }
                _ => Vec::new(),
            };
            // The two paths of `s3 cp` are one argument of AWS CLI's.
            let is_path = |name: &String| name == "source" || name == "target";
            names.iter_mut().filter(|name| is_path(name)).for_each(|name| "paths".clone_into(name));
            names.dedup();
            missing(&names.join(", "))
        }
        ErrorKind::InvalidSubcommand => invalid_command(text(ContextKind::InvalidSubcommand), arguments, env),
        ErrorKind::InvalidValue if text(ContextKind::InvalidValue).is_empty() => {
            let shown = text(ContextKind::InvalidArg);
            let how_many = if shown.ends_with("...") { "at least one" } else { "one" };
            with_usage_below(format_args!("argument {}: expected {how_many} argument", name(shown)))
        }
        ErrorKind::InvalidValue => {
            let (option, value) = (name(text(ContextKind::InvalidArg)), text(ContextKind::InvalidValue));
            let known = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(known)) => known.as_slice(),
                _ => &[],
            };
            invalid_choice(&option, value, known.iter().map(String::as_str))
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            let option = name(text(ContextKind::InvalidArg));
            let expected = match error.get(ContextKind::ExpectedNumValues) {
                Some(ContextValue::Number(number)) => format!("{number} arguments"),
                _ => "at least one argument".to_owned(),
            };
            with_usage_below(format_args!("argument {option}: expected {expected}"))
        }
        ErrorKind::ValueValidation if has_number_mistake(&error) => {
            let source = std::error::Error::source(&error).expect("it has just been looked at");
            // Python's own error, which AWS CLI lets through.
            CommandError::general(source.to_string())
        }
        _ => {
            let rendered = error.render().to_string();
            let first = rendered.lines().next().unwrap_or_default();
            CommandError::usage(format!("{}\n\n{USAGE}", first.trim_start_matches("error: ")))
        }
    };
    let is_early = is_global(&name(text(ContextKind::InvalidArg)));
    Stop::Mistake(if is_early { mistake.too_early_for_formats() } else { mistake })
}

/// Whether every command has this option.
fn is_global(option: &str) -> bool {
    let Some(option) = option.strip_prefix("--") else { return false };
    Cli::command().get_arguments().any(|argument| argument.get_long() == Some(option))
}

fn has_number_mistake(error: &clap::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<number::NumberMistake>)
}

fn invalid_command(word: &str, arguments: &[String], env: &Env) -> CommandError {
    let root = Cli::command();
    let before = arguments.iter().skip(1).take_while(|argument| *argument != word);
    let parent = before.fold(&root, |parent, argument| parent.find_subcommand(argument).unwrap_or(parent));
    let written = parent.get_subcommands().map(clap::Command::get_name);
    if parent.get_name() != root.get_name() {
        return invalid_choice("subcommand", word, written);
    }
    let services = operation::commands();
    let aliases = alias::commands(env);
    let known = written
        .chain(services.iter().map(String::as_str))
        .chain(operation::UNKNOWN_MODELS)
        .chain(["help"])
        .chain(aliases.iter().map(String::as_str));
    invalid_choice("command", word, known.filter(|known| *known != word)).too_early_for_formats()
}

/// The mistake of a word that is none of the known ones.
pub(crate) fn invalid_choice<'a>(
    argument: &str,
    word: &str,
    known: impl Iterator<Item = &'a str>,
) -> CommandError {
    with_usage_below(format!("argument {argument}: {}", awsx_params::words::invalid_choice(word, known)))
}

/// A mistake in words, with the usage below.
pub(crate) fn with_usage_below(message: impl std::fmt::Display) -> CommandError {
    let message = message.to_string();
    // AWS CLI reads these two before all else, with a parser that knows no others.
    let is_of_first = |option| message.starts_with(&format!("argument {option}: "));
    let usage = if is_of_first("--profile") || is_of_first("--debug") { FIRST_USAGE } else { USAGE };
    CommandError::usage(format!("{message}\n\n{usage}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env() -> Env {
        Env::of([("HOME", "/nowhere")])
    }

    fn mistake(words: &[&str]) -> String {
        let arguments: Vec<String> = ["awsx"].iter().chain(words).map(ToString::to_string).collect();
        match parse(&arguments, &env()) {
            Err(Stop::Mistake(error)) => error.message.replace(&format!("\n\n{USAGE}\n"), "<tail>"),
            _ => panic!("{words:?} is no mistake"),
        }
    }

    #[test]
    fn what_is_missing_is_said_before_what_is_unknown() {
        assert_eq!(mistake(&[]), "the following arguments are required: command<tail>");
        assert_eq!(mistake(&["--frob"]), "the following arguments are required: command<tail>");
        assert_eq!(
            mistake(&["configure", "set", "x", "--a"]),
            "the following arguments are required: value<tail>"
        );
        assert_eq!(mistake(&["configure", "list", "--a", "b"]), "Unknown options: --a,b");
    }

    #[test]
    fn wrong_words_are_named_with_their_level_and_what_is_near() {
        assert_eq!(
            mistake(&["confgure"]),
            "argument command: Found invalid choice 'confgure'\n\nMaybe you meant:\n\n  * configure<tail>"
        );
        assert_eq!(
            mistake(&["agenttoolkit"]),
            "argument command: Found invalid choice 'agenttoolkit'\n\nMaybe you meant:\n\n  * agent-toolkit<tail>"
        );
        assert_eq!(
            mistake(&["configure", "frobnicate"]),
            "argument subcommand: Found invalid choice 'frobnicate'\n<tail>"
        );
        assert_eq!(
            mistake(&["configure", "list", "--output", "xml"]),
            "argument --output: Found invalid choice 'xml'\n<tail>"
        );
        assert_eq!(
            mistake(&["configure", "list", "--region"]),
            "argument --region: expected one argument<tail>"
        );
    }

    #[test]
    fn options_that_begin_alike_are_told() {
        assert_eq!(
            mistake(&["emr", "create-cluster", "--instance=x"]),
            "ambiguous option: --instance=x could match --instance-groups, --instance-type, --instance-count, \
             --instance-fleets<tail>"
        );
    }

    #[test]
    fn options_may_be_shortened_and_stand_anywhere() {
        let words = ["awsx", "--reg", "eu-west-1", "configure", "--out=text", "list"].map(str::to_owned);
        let Ok(parsed) = parse(&words, &env()) else { panic!("it is right") };
        assert_eq!(parsed.global.region.as_deref(), Some("eu-west-1"));
        assert_eq!(parsed.global.output.as_deref(), Some("text"));
    }

    #[test]
    fn help_at_the_end_asks_for_help_unless_it_is_a_value() {
        let parse = |words: &[&str]| {
            let arguments: Vec<String> = ["awsx"].iter().chain(words).map(ToString::to_string).collect();
            parse(&arguments, &env())
        };
        assert!(matches!(parse(&["configure", "list", "help"]), Err(Stop::Help { .. })));
        assert!(matches!(parse(&["configure", "help"]), Err(Stop::Help { .. })));
        let without_pager = parse(&["--profile", "x", "configure", "list", "help", "--no-cli-pager"]);
        assert!(matches!(without_pager, Err(Stop::Help { without_pager: true, .. })));
        assert!(parse(&["configure", "set", "region", "help"]).is_ok());
    }

    /// Every command shows how it is used.
    #[test]
    fn every_help_has_an_example() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("Example"), "`{path}` has no example");
            assert!(after.contains("awsx "), "`{path}` shows no command");
            command.get_subcommands().for_each(|command| check(command, &path));
        }
        check(&Cli::command(), "");
        Cli::command().debug_assert();
    }
}
