//! `file://` and `fileb://` among the words of commands that AWS CLI has too: a value that names a file is the file's text.
//!
//! AWS CLI looks at values once the words are in order, and at lists of one value alone. clap's matches cannot be changed, so
//! the words are first marked, which tells whose each is, and then parsed again with the texts in their places.

use awsx_core::{Env, Secret};
use clap::builder::Str;
use clap::{ArgMatches, Command, CommandFactory, Id, Subcommand};

use crate::cli::Cli;
use crate::commands::verbs::Verbs;
use crate::error::CommandError;

/// The matches of the words with the texts of files in place of their names. `words` are those that gave `matches`.
pub(super) fn load(
    matches: ArgMatches,
    words: &[String],
    env: &Env,
) -> Result<Result<ArgMatches, clap::Error>, CommandError> {
    let path = path_of(&matches);
    let names_none = words.iter().all(|word| name_in(word).is_none());
    if names_none || !path.first().is_some_and(|command| reads_files(command)) {
        return Ok(Ok(matches));
    }
    let marked: Vec<String> = words.iter().enumerate().map(|(at, word)| marked(at, word)).collect();
    // What refuses a mark takes some words only, and none that a file could hold.
    let Ok(marked) = Cli::command().try_get_matches_from(marked) else { return Ok(Ok(matches)) };
    let (words, of_files) = Reader { words, env }.read(&marked, &path)?;
    Ok(taking_dashes(Cli::command(), &path, &of_files).try_get_matches_from(words))
}

/// S3's commands read files themselves, since their keys need not be text; awsx's own take every value as it is.
fn reads_files(command: &str) -> bool {
    ["configure", "ddb", "login", "logout"].contains(&command) || Verbs::has_subcommand(command)
}

/// The commands that were asked for, the outermost first.
fn path_of(matches: &ArgMatches) -> Vec<String> {
    let mut path = Vec::new();
    let mut matches = matches;
    while let Some((command, inner)) = matches.subcommand() {
        path.push(command.to_owned());
        matches = inner;
    }
    path
}

/// Where in a word the name of a file begins: `file://x`, `--option=file://x`.
fn name_in(word: &str) -> Option<usize> {
    let is_name = |value: &str| value.starts_with("file://") || value.starts_with("fileb://");
    if is_name(word) {
        return Some(0);
    }
    let value = word.find('=').filter(|_| word.starts_with("--"))? + 1;
    is_name(&word[value..]).then_some(value)
}

/// No terminal and no script gives this.
const MARK: char = '\u{fdd0}';

fn marked(at: usize, word: &str) -> String {
    match name_in(word) {
        Some(start) => format!("{}{MARK}{at}", &word[..start]),
        None => word.to_owned(),
    }
}

struct Reader<'w> {
    words: &'w [String],
    env: &'w Env,
}

impl Reader<'_> {
    /// The words with the texts of files, and whose values these are.
    fn read(&self, marked: &ArgMatches, path: &[String]) -> Result<(Vec<String>, Vec<Id>), CommandError> {
        let root = Cli::command();
        let mut command = &root;
        let mut matches = marked;
        for word in path {
            command = command.find_subcommand(word).expect("clap has matched it");
            matches = matches.subcommand_matches(word).expect("a mark is no command");
        }
        let mut words = self.words.to_vec();
        let mut of_files = Vec::new();
        for argument in command.get_arguments() {
            let values = matches.try_get_raw(argument.get_id().as_str()).ok().flatten();
            let [only] = values.into_iter().flatten().collect::<Vec<_>>()[..] else { continue };
            let at = only.to_str().and_then(|value| value.strip_prefix(MARK)?.parse::<usize>().ok());
            // A secret is read where it is used, so that nobody else ever has it.
            let is_secret = argument.get_value_parser().type_id() == std::any::TypeId::of::<Secret<String>>();
            let Some(at) = at.filter(|_| !is_secret) else { continue };
            let word = &self.words[at];
            let (option, name) = word.split_at(name_in(word).expect("it has been marked"));
            let text = awsx_params::load_text(self.env, &shown(argument), name)?;
            words[at] = format!("{option}{text}");
            of_files.push(argument.get_id().clone());
        }
        Ok((words, of_files))
    }
}

/// An argument as mistakes call it.
fn shown(argument: &clap::Arg) -> String {
    argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"))
}

/// The command with arguments that take values which begin with a dash.
fn taking_dashes(command: Command, path: &[String], arguments: &[Id]) -> Command {
    match path.split_first() {
        Some((first, rest)) => {
            command.mut_subcommand(Str::from(first.clone()), |inner| taking_dashes(inner, rest, arguments))
        }
        None => arguments.iter().fold(command, |command, id| {
            // One value, or a list would take the options behind it too.
            command.mut_arg(id.clone(), |argument| argument.allow_hyphen_values(true).num_args(1))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test's own files")]
    fn loaded(words: &[&str], text: &str) -> Result<ArgMatches, String> {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("f"), text).unwrap();
        let env = Env::of([("HOME", home.path().to_str().unwrap())]);
        let words: Vec<String> = ["awsx"].iter().chain(words).map(ToString::to_string).collect();
        let matches = Cli::command().try_get_matches_from(&words).unwrap();
        load(matches, &words, &env).map_err(|error| error.message)?.map_err(|error| error.to_string())
    }

    fn value(words: &[&str], text: &str, argument: &str) -> Vec<String> {
        let matches = loaded(words, text).unwrap();
        let mut matches = &matches;
        while let Some((_, inner)) = matches.subcommand() {
            matches = inner;
        }
        let values = matches.get_raw(argument).unwrap();
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_value_that_names_a_file_is_its_text() {
        for option in [&["--filter-pattern", "file://~/f"][..], &["--filter-pattern=fileb://~/f"]] {
            let words = [&["logs", "tail", "g"], option].concat();
            assert_eq!(value(&words, "-a b\n", "filter_pattern"), ["-a b\n"], "{option:?}");
        }
        let words = ["configure", "set", "region", "file://~/f"];
        assert_eq!(value(&words, "--- x", "value"), ["--- x"]);
    }

    #[test]
    fn of_a_list_only_a_single_value_can_be_a_file() {
        let names = ["logs", "tail", "g", "--log-stream-names", "file://~/f"];
        assert_eq!(value(&names, "a", "log_stream_names"), ["a"]);
        let more = [&names[..], &["--follow"]].concat();
        assert_eq!(value(&more, "-a", "log_stream_names"), ["-a"]);
        let names = [&names[..], &["file://~/f"]].concat();
        assert_eq!(value(&names, "a", "log_stream_names"), ["file://~/f", "file://~/f"]);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_with_its_argument() {
        let missing = |words: &[&str]| loaded(words, "").unwrap_err();
        let why = "Unable to load paramfile file:///nope: [Errno 2] No such file or directory: '/nope'";
        assert_eq!(
            missing(&["logs", "tail", "g", "--since", "file:///nope"]),
            format!("Error parsing parameter '--since': {why}")
        );
        assert_eq!(
            missing(&["configure", "set", "x", "file:///nope"]),
            format!("Error parsing parameter 'value': {why}")
        );
    }

    #[test]
    fn other_programs_words_and_secrets_stay() {
        let words = ["exec", "--", "cat", "file:///nope"];
        assert!(loaded(&words, "").is_ok());
        let words =
            "cloudfront sign --url u --key-pair-id k --date-less-than 2030 --private-key file:///nope";
        let words: Vec<&str> = words.split(' ').collect();
        assert_eq!(value(&words, "", "private_key"), ["file:///nope"]);
    }
}
