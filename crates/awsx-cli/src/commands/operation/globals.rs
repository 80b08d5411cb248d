//! The first layer of words: global options and the command, as argparse takes them apart for AWS CLI.
//!
//! clap cannot do this: what an operation's options are is known only once its model is open, and until then global
//! options stand between words that nobody knows.

use awsx_model::Service;
use awsx_output::Format;
use awsx_params::words::{Check, Found, Grammar, OptionSpec, PositionalSpec, Takes};

use super::{OperationArgs, catalog};
use crate::cli::{Color, GlobalArgs};
use crate::commands::verbs;
use crate::error::CommandError;

/// A command line that asks for an operation.
pub(crate) struct Asked {
    pub(crate) globals: GlobalArgs,
    pub(crate) args: OperationArgs,
}

/// Takes the command line apart if its command is a service; `None` leaves it to the written commands.
pub(crate) fn parse(words: &[String], env: &awsx_core::Env) -> Option<Result<Asked, CommandError>> {
    let catalog = catalog(env);
    let service_of = |command: &str| -> Option<Result<&'static Service, CommandError>> {
        let name = awsx_params::service_of_command(command)?;
        catalog.service(name).map_err(CommandError::from).transpose()
    };
    let found = match grammar().parse(words) {
        Ok(found) => found,
        // A mistake in the global options of a service's command is ours to tell.
        Err(mistake) => {
            let is_service = |word: &String| !word.starts_with('-') && service_of(word).is_some();
            return words.iter().any(is_service).then(|| Err(mistake.into()));
        }
    };
    let command = found.positionals[0].clone()?;
    if is_written(&command, &found.unknown) {
        return None;
    }
    let service = match service_of(&command)? {
        Ok(service) => service,
        Err(error) => return Some(Err(error)),
    };
    let globals = globals_of(&found);
    Some(Ok(Asked { globals, args: OperationArgs { service, command, words: found.unknown } }))
}

/// A command line in its parts: global options, the commands, the rest.
pub(crate) struct Split {
    found: Found,
    /// The command, the operation, the name behind `wait`.
    path: Vec<String>,
    /// What stands behind each of them, without global options.
    behind: Vec<Vec<String>>,
}

/// Takes words apart, if they are right so far.
pub(crate) fn split(words: &[String]) -> Option<Split> {
    let found = grammar().parse(words).ok()?;
    let mut path = vec![found.positionals[0].clone()?];
    let mut behind = vec![found.unknown.clone()];
    let positional = || vec![PositionalSpec { name: String::new(), required: false }];
    while path.len() < DEPTH {
        let layer = Grammar { options: Vec::new(), positionals: positional() };
        let mut next = layer.parse(behind.last()?).ok()?;
        let Some(word) = next.positionals[0].take() else { break };
        path.push(word);
        behind.push(next.unknown);
    }
    Some(Split { found, path, behind })
}

/// `iam wait user-exists`: commands stand no deeper.
const DEPTH: usize = 3;

impl Split {
    /// The commands, the outermost first. The last ones may be values of options.
    pub(crate) fn path(&self) -> impl Iterator<Item = &str> {
        self.path.iter().map(String::as_str)
    }

    /// What stands behind the command at this depth.
    pub(crate) fn behind(&self, depth: usize) -> Vec<String> {
        self.behind[depth].clone()
    }

    /// The global options, taken in.
    pub(super) fn global_args(&self) -> GlobalArgs {
        globals_of(&self.found)
    }

    /// The global options, as they were given.
    pub(crate) fn globals(&self) -> Vec<String> {
        let options = grammar().options;
        let given = self.found.options.iter();
        given.flat_map(|(at, values)| [options[*at].name.clone()].into_iter().chain(values.clone())).collect()
    }
}

/// Whether these words ask for a verb beside the service's operations.
fn is_written(command: &str, words: &[String]) -> bool {
    let verb = words.iter().find(|word| !word.starts_with('-'));
    verb.is_some_and(|verb| verbs::has(command, verb))
}

type Text = (&'static str, fn(&mut GlobalArgs) -> &mut Option<String>);
type Switch = (&'static str, fn(&mut GlobalArgs) -> &mut bool);

const TEXTS: &[Text] = &[
    ("--endpoint-url", |globals| &mut globals.endpoint_url),
    ("--output", |globals| &mut globals.output),
    ("--query", |globals| &mut globals.query),
    ("--profile", |globals| &mut globals.profile),
    ("--region", |globals| &mut globals.region),
    ("--ca-bundle", |globals| &mut globals.ca_bundle),
    ("--cli-read-timeout", |globals| &mut globals.cli_read_timeout),
    ("--cli-connect-timeout", |globals| &mut globals.cli_connect_timeout),
    ("--cli-binary-format", |globals| &mut globals.cli_binary_format),
    ("--cli-error-format", |globals| &mut globals.cli_error_format),
];

const SWITCHES: &[Switch] = &[
    ("--debug", |globals| &mut globals.debug),
    ("--no-verify-ssl", |globals| &mut globals.no_verify_ssl),
    ("--no-paginate", |globals| &mut globals.no_paginate),
    ("--version", |globals| &mut globals.version),
    ("--no-sign-request", |globals| &mut globals.no_sign_request),
    ("--no-cli-pager", |globals| &mut globals.no_cli_pager),
    ("--cli-auto-prompt", |globals| &mut globals.cli_auto_prompt),
    ("--no-cli-auto-prompt", |globals| &mut globals.no_cli_auto_prompt),
    ("--dry-run-request", |globals| &mut globals.dry_run_request),
    ("--mfa-session", |globals| &mut globals.mfa_session),
];

const COLOR: &str = "--color";
const MFA_CODE: &str = "--mfa-code";

/// The options, with their dashes.
pub(super) fn names() -> Vec<String> {
    grammar().options.into_iter().map(|option| option.name).collect()
}

fn grammar() -> Grammar {
    let option = |name: &str, takes| OptionSpec {
        name: name.to_owned(),
        takes,
        check: choices(name).map_or(Check::Nothing, Check::Choice),
        required: false,
        // EC2's own `--dry-run` is not short for one of ours, and neither is S3's `--mfa`.
        shortens: !["--dry-run-request", "--mfa-session", MFA_CODE].contains(&name),
    };
    let texts = TEXTS.iter().map(|(name, _)| option(name, Takes::One));
    let switches = SWITCHES.iter().map(|(name, _)| option(name, Takes::Nothing));
    Grammar {
        options: texts
            .chain(switches)
            .chain([COLOR, MFA_CODE].map(|name| option(name, Takes::One)))
            .collect(),
        positionals: vec![PositionalSpec { name: "command".to_owned(), required: false }],
    }
}

/// The words that an option takes, if only some.
pub(super) fn choices(option: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = match option {
        "--output" => Format::ALL.iter().map(|format| format.name()).collect(),
        "--cli-binary-format" => vec!["base64", "raw-in-base64-out"],
        "--cli-error-format" => vec!["legacy", "json", "yaml", "text", "table", "enhanced"],
        COLOR => vec!["on", "off", "auto"],
        _ => return None,
    };
    Some(words.into_iter().map(str::to_owned).collect())
}

fn globals_of(found: &Found) -> GlobalArgs {
    let mut globals = GlobalArgs::default();
    for (at, (_, field)) in TEXTS.iter().enumerate() {
        if let Some([value]) = found.last(at) {
            *field(&mut globals) = Some(value.clone());
        }
    }
    for (at, (_, field)) in SWITCHES.iter().enumerate() {
        *field(&mut globals) = found.last(TEXTS.len() + at).is_some();
    }
    globals.color = match found.last(TEXTS.len() + SWITCHES.len()) {
        Some([word]) => match word.as_str() {
            "on" => Some(Color::On),
            "off" => Some(Color::Off),
            _ => Some(Color::Auto),
        },
        _ => None,
    };
    if let Some([code]) = found.last(TEXTS.len() + SWITCHES.len() + 1) {
        globals.mfa_code = Some(code.as_str().into());
    }
    globals
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn parse(words: &[&str]) -> Option<Result<Asked, CommandError>> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        super::parse(&words, &awsx_core::Env::of([("HOME", "/nowhere")]))
    }

    #[test]
    fn global_options_stand_anywhere_and_what_is_left_is_the_operation_s() {
        let Some(Ok(asked)) =
            parse(&["--reg", "eu-west-1", "iam", "get-user", "--no-pag", "--user-name", "x", "--out=text"])
        else {
            panic!("an operation")
        };
        assert_eq!(asked.globals.region.as_deref(), Some("eu-west-1"));
        assert_eq!(asked.globals.output.as_deref(), Some("text"));
        assert!(asked.globals.no_paginate);
        assert_eq!(asked.args.command, "iam");
        assert_eq!(asked.args.words, ["get-user", "--user-name", "x"]);
    }

    #[test]
    fn written_commands_keep_their_words() {
        for words in [
            &["sso", "login"][..],
            &["ecr", "get-login-password"],
            &["s3", "ls"],
            &["configure", "list"],
            &["--version"],
            &[],
            &["nonsense"],
        ] {
            assert!(parse(words).is_none(), "{words:?}");
        }
        assert!(parse(&["sso", "list-accounts"]).is_some());
        assert!(parse(&["s3api", "list-buckets"]).is_some());
    }

    #[test]
    fn mistakes_in_global_options_of_operations_are_told() {
        let Some(Err(error)) = parse(&["sts", "get-caller-identity", "--output", "xml"]) else {
            panic!("a mistake")
        };
        assert!(
            error.message.starts_with("argument --output: Found invalid choice 'xml'\n"),
            "{}",
            error.message
        );
    }

    /// clap's global options and these are the same.
    #[test]
    fn no_global_option_is_missing() {
        let mut known: Vec<String> = grammar().options.into_iter().map(|option| option.name).collect();
        let mut clap: Vec<String> = Cli::command()
            .get_arguments()
            .filter(|argument| argument.is_global_set())
            .filter_map(|argument| argument.get_long().map(|name| format!("--{name}")))
            .collect();
        known.sort();
        clap.sort();
        assert_eq!(known, clap);
    }
}
