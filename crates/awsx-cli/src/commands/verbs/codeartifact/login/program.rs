//! Programs that are told a token. What they print is seen only where they fail, and then without the token.

use std::io;
use std::process::{Command, Output};

use awsx_core::Secret;
use awsx_output::{Value, python_repr};

use super::Repository;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A program and its words.
pub(super) type Words = Vec<String>;

/// Words from texts.
pub(super) fn words(texts: &[&str]) -> Words {
    texts.iter().map(ToString::to_string).collect()
}

/// Runs these one after the other and tells of the success, or prints them.
pub(super) fn run_all(
    context: &Context,
    tool: &str,
    commands: &[Words],
    dry_run: bool,
    repository: &Repository,
) -> CommandResult {
    if dry_run {
        return print_all(context, commands);
    }
    for command in commands {
        run(tool, command, &repository.token)?;
    }
    repository.tell_success(context, tool)
}

/// Prints what would be run.
pub(super) fn print_all(context: &Context, commands: &[Words]) -> CommandResult {
    commands.iter().try_for_each(|command| context.ui.out(format_args!("{}\n\n", command.join(" "))))
}

/// Runs a program to its end, and gives what it printed.
pub(super) fn run(tool: &str, words: &Words, token: &Secret<String>) -> CommandResult<String> {
    let output = output(tool, words)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let shown = words.iter().map(|word| Value::from(word.as_str())).collect::<Value>();
    let ended = match output.status.code() {
        Some(code) => format!("returned non-zero exit status {code}."),
        None => "died of a signal.".to_owned(),
    };
    let message = format!(
        "Command '{}' {ended} Stderr from command:\n{}",
        python_repr(&shown),
        String::from_utf8_lossy(&output.stderr)
    );
    Err(CommandError::general(message.replace(token.expose().as_str(), "******")))
}

/// The same where it does not matter whether it fails, only whether it is there.
pub(super) fn try_to_run(tool: &str, words: &Words) -> CommandResult {
    output(tool, words).map(|_| ())
}

fn output(tool: &str, words: &Words) -> CommandResult<Output> {
    let (program, arguments) = words.split_first().expect("a program is named");
    Command::new(program).args(arguments).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            CommandError::general(format!("{tool} was not found. Please verify installation."))
        }
        _ => CommandError::general(format!("could not start `{program}`")).caused_by(&error),
    })
}
