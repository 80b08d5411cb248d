//! Aliases: words of the user's own for longer command lines, from AWS CLI's `~/.aws/cli/alias`.
//!
//! ```ini
//! [toplevel]
//! whoami = sts get-caller-identity --output text
//! greet = !echo hello
//! [command iam]
//! mine = get-user --query User.Arn
//! ```
//!
//! An alias that begins with `!` is a line for the shell: this is the one place where awsx starts one, with words that
//! the user wrote into a file for it.

use std::iter;
use std::process::{Command, ExitStatus};

use awsx_core::ini::Document;
use awsx_core::{Env, store, words};

use crate::commands::operation;
use crate::error::{CommandError, CommandResult};

/// What is left to do once aliases are replaced.
pub(super) enum Expanded {
    /// These words, without the program's name.
    Words(Vec<String>),
    /// A shell's command line.
    Shell(String),
}

/// The section of aliases that stand for commands.
const TOP_LEVEL: &str = "toplevel";

/// How often an alias may name another one.
const LIMIT: usize = 64;

/// Replaces aliases in the words behind the program's name.
pub(super) fn expand(words: &[String], env: &Env) -> CommandResult<Expanded> {
    let Some(file) = read(env)? else { return Ok(Expanded::Words(words.to_vec())) };
    let mut words = words.to_vec();
    let mut shadowed = Vec::new();
    for _ in 0..LIMIT {
        let Some(split) = operation::split(&words) else { break };
        let Some((name, value)) = find(&file, &split, &shadowed) else { break };
        if let Some(shell) = value.strip_prefix('!') {
            let arguments = split.rest_behind(&name);
            let command = iter::once(shell.to_owned()).chain(arguments.iter().map(|word| words::quote(word)));
            return Ok(Expanded::Shell(command.collect::<Vec<_>>().join(" ")));
        }
        let replacement = parse(&name, &value)?;
        // An alias may stand before a command of its own name, and call it.
        shadowed.push(name.clone());
        words = split.with(&name, replacement);
    }
    Ok(Expanded::Words(words))
}

/// Runs a shell's command line, and gives its exit code.
pub(super) fn run_shell(line: &str) -> CommandResult<u8> {
    let shell = if cfg!(windows) { ("cmd", "/C") } else { ("/bin/sh", "-c") };
    let status = Command::new(shell.0)
        .arg(shell.1)
        .arg(line)
        .status()
        .map_err(|error| CommandError::general(format!("could not start `{}`: {error}", shell.0)))?;
    Ok(exit_code(status))
}

/// The program's own code; where a signal has ended it, the one that Python makes of that.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(256 - signal).unwrap_or(255);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(255)
}

/// The aliases that stand for commands.
pub(super) fn commands(env: &Env) -> Vec<String> {
    let file = read(env).ok().flatten();
    let top_level = file.iter().flat_map(Document::sections).filter(|section| section.header() == TOP_LEVEL);
    top_level.flat_map(|section| section.entries()).map(|entry| entry.key().to_owned()).collect()
}

fn read(env: &Env) -> CommandResult<Option<Document>> {
    let Some(path) = env.home().map(|home| home.join(".aws").join("cli").join("alias")) else {
        return Ok(None);
    };
    let Some(bytes) = store::read(&path)? else { return Ok(None) };
    match Document::parse_flat(&bytes) {
        Ok(document) => Ok(Some(document)),
        Err(problem) => {
            Err(CommandError::general(format!("Unable to parse config file: {}", path.display()))
                .with_hint(format!("{}:{}: {}", path.display(), problem.line, problem.problem)))
        }
    }
}

/// Which words an alias stands for: its place in the tree of commands and its name.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The commands before it.
    section: String,
    name: String,
}

/// The alias among the words, the outermost first.
fn find(file: &Document, split: &operation::Split, shadowed: &[Place]) -> Option<(Place, String)> {
    let mut section = TOP_LEVEL.to_owned();
    let mut lineage = String::new();
    for name in split.path() {
        let place = Place { section: section.clone(), name: name.to_owned() };
        let found = file
            .sections()
            .filter(|found| found.header().split_whitespace().eq(section.split(' ')))
            .find_map(|found| Some(found.entry(name)?.text()));
        if let Some(value) = found.filter(|_| !shadowed.contains(&place)) {
            return Some((place, value.trim().to_owned()));
        }
        lineage = format!("{lineage} {name}");
        section = format!("command{lineage}");
    }
    None
}

fn parse(place: &Place, value: &str) -> CommandResult<Vec<String>> {
    let name = &place.name;
    let Some(words) = words::split(value) else {
        return Err(CommandError::general(format!(
            "Value of alias \"{name}\" could not be parsed. Received error: No closing quotation when parsing:\n{value}"
        )));
    };
    for option in ["--profile", "--debug"] {
        if words.iter().any(|word| word == option || word.starts_with(&format!("{option}="))) {
            return Err(CommandError::general(format!(
                "Global parameter \"{option}\" detected in alias \"{name}\" which is not supported in subcommand aliases."
            )));
        }
    }
    Ok(words)
}

impl operation::Split {
    /// The words behind an alias.
    fn rest_behind(&self, place: &Place) -> Vec<String> {
        self.behind(depth(place))
    }

    /// All words with the alias replaced.
    fn with(&self, place: &Place, replacement: Vec<String>) -> Vec<String> {
        let depth = depth(place);
        let before = self.path().take(depth).map(str::to_owned);
        self.globals().into_iter().chain(before).chain(replacement).chain(self.behind(depth)).collect()
    }
}

/// How many commands stand before an alias.
fn depth(place: &Place) -> usize {
    if place.section == TOP_LEVEL { 0 } else { place.section.split(' ').count() - 1 }
}
