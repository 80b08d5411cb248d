//! `cargo xtask docs`: the reference pages, made from awsx's own help and from its table of settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use awsx_core::settings::{Setting, table};

use crate::failure::{Attempting, Failure, Outcome};
use crate::{cargo, workspace};

/// Write the pages under docs/reference
#[derive(clap::Args, Debug)]
pub(crate) struct DocsArgs {
    /// Only tell whether the pages are still true
    #[arg(long)]
    check: bool,

    /// The awsx whose help is shown (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
}

const FOLDER: &str = "docs/reference";
/// Width of the help texts, so that the pages do not depend on a terminal.
const WIDTH: &str = "100";

pub(crate) fn run(args: &DocsArgs) -> Outcome {
    let awsx = match &args.bin {
        Some(given) => given.clone(),
        None => cargo::build(None)?.awsx,
    };
    let pages = [("cli.md", commands_page(&awsx)?), ("settings.md", settings_page())];
    let folder = workspace::root().join(FOLDER);
    let is_stale =
        |name: &str, page: &String| fs::read_to_string(folder.join(name)).ok().as_ref() != Some(page);
    let stale: Vec<_> = pages.iter().filter(|(name, page)| is_stale(name, page)).collect();
    if !args.check {
        return stale.into_iter().try_for_each(|(name, page)| write(&folder.join(name), page));
    }
    match stale.first() {
        None => Ok(()),
        Some((name, _)) => Err(Failure::new(format!(
            "`{FOLDER}/{name}` is not what awsx says now; write it again with `cargo xtask docs`"
        ))),
    }
}

#[expect(clippy::disallowed_methods, reason = "a file of the checkout, not a user's")]
fn write(path: &Path, page: &str) -> Outcome {
    let folder = path.parent().expect("a page is in a folder");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, page));
    written.attempting(format_args!("could not write `{}`", path.display()))
}

/// One command's help, and the words that lead to it.
struct Help {
    words: Vec<String>,
    text: String,
}

fn commands_page(awsx: &Path) -> Outcome<String> {
    let mut commands = Vec::new();
    collect(awsx, &[], &mut commands)?;
    for service in services_with_verbs()? {
        for verb in verbs(&read_help(awsx, std::slice::from_ref(&service))?) {
            collect(awsx, &[service.clone(), verb], &mut commands)?;
        }
    }
    let mut page = format!(
        "# Commands\n\n{}\n\nThe options under *Global options* are taken by every command, before or after its \
         words, and are shown once.\n\n",
        made_by("`awsx --help`", "the help texts under `crates/awsx-cli/src`")
    );
    let contents = commands.iter().map(|command| {
        let name = command.name();
        format!("- [`{name}`](#{})\n", name.replace(' ', "-"))
    });
    page.extend(contents);
    for command in &commands {
        page.push_str(&section(2, &command.name(), &without_global_options(&command.text)));
        if command.words.is_empty() {
            page.push_str(&section(3, "Global options", &global_options(&command.text)));
        }
    }
    Ok(page)
}

fn section(level: usize, heading: &str, text: &str) -> String {
    format!("\n{} {heading}\n\n```text\n{text}\n```\n", "#".repeat(level))
}

impl Help {
    fn name(&self) -> String {
        let words = std::iter::once("awsx").chain(self.words.iter().map(String::as_str));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A command's help, and its subcommands' after it.
fn collect(awsx: &Path, words: &[String], commands: &mut Vec<Help>) -> Outcome {
    let text = read_help(awsx, words)?;
    let subcommands = subcommands(&text);
    commands.push(Help { words: words.to_owned(), text });
    for subcommand in subcommands {
        collect(awsx, &[words, &[subcommand]].concat(), commands)?;
    }
    Ok(())
}

fn read_help(awsx: &Path, words: &[String]) -> Outcome<String> {
    let mut command = Command::new(awsx);
    // With no stream a terminal, the width is the variable's.
    command.args(words).arg("--help").env("COLUMNS", WIDTH).stdin(Stdio::null());
    let line = crate::command::line(&command);
    let output = command.output().attempting(format_args!("could not start `{line}`"))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{line}` failed ({})", output.status)));
    }
    String::from_utf8(output.stdout).attempting(format_args!("`{line}`"))
}

/// The names under `Commands:`, without clap's own `help`.
fn subcommands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    // Deeper lines go on with the description above them.
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

/// The services that have verbs beside their operations: folders repeat the command line.
fn services_with_verbs() -> Outcome<Vec<String>> {
    let folder = workspace::root().join("crates/awsx-cli/src/commands/verbs");
    let attempt = || format!("could not list `{}`", folder.display());
    // Signing in is more than a verb, and has a room of its own.
    let mut services = vec!["sso".to_owned()];
    for entry in fs::read_dir(&folder).attempting(attempt())? {
        let entry = entry.attempting(attempt())?;
        if entry.path().is_dir() {
            services.push(entry.file_name().to_string_lossy().replace('_', "-"));
        }
    }
    services.sort();
    Ok(services)
}

/// The names that a service's help tells beside its operations. What they do stands deeper.
fn verbs(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| !line.starts_with("Beside the operations")).skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ").filter(|name| !name.starts_with(' ')));
    names.map(str::to_owned).collect()
}

const GLOBAL_OPTIONS: &str = "Global options:";

fn is_heading(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(' ')
}

fn without_global_options(help: &str) -> String {
    let mut inside = false;
    let kept = help.lines().filter(|line| {
        if is_heading(line) {
            inside = *line == GLOBAL_OPTIONS;
        }
        !inside
    });
    let kept: Vec<_> = kept.map(str::trim_end).collect();
    kept.join("\n").trim_end().to_owned()
}

fn global_options(help: &str) -> String {
    let lines = help.lines().skip_while(|line| *line != GLOBAL_OPTIONS).skip(1);
    let lines: Vec<_> = lines.take_while(|line| !is_heading(line)).map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

fn settings_page() -> String {
    let mut page = format!(
        "# Settings\n\n{}\n\nThe option wins over the variables, these over the key of the profile, and that over the \
         default. Of several variables the first that is set wins. How these places work together, and how endpoint \
         URLs are found, is told in [Configuration](../guides/config.md).\n\n\
         | Setting | Option | Variables | Key in the profile | Default | What it does |\n\
         |---|---|---|---|---|---|\n",
        made_by("the table of settings", "`crates/awsx-core/src/settings/table.rs`")
    );
    for setting in table::ALL {
        page.push_str(&settings_row(setting));
    }
    page
}

fn settings_row(setting: &Setting) -> String {
    let code = |text: &str| format!("`{text}`");
    let cell = |value: Option<&str>| value.map_or_else(String::new, code);
    let variables: Vec<_> = setting.variables.iter().map(|name| code(name)).collect();
    let empty = if setting.empty_counts { " (may be empty)" } else { "" };
    format!(
        "| `{}` | {} | {}{empty} | {} | {} | {} |\n",
        setting.name,
        cell(setting.flag),
        variables.join(", "),
        cell(setting.config_key),
        cell(setting.default),
        setting.help,
    )
}

fn made_by(from: &str, source: &str) -> String {
    format!("<!-- Made by `cargo xtask docs` from {from}. Change {source}, not this page. -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "Do things\n\nUsage: awsx [OPTIONS]\n\nCommands:\n  one   First, told at\n        length\n  \
                        two   Second\n  help  Print this\n\nOptions:\n  -h\n\nGlobal options:\n      --debug\n          \
                        Tell\n\n      --x\n\nExamples:\n  awsx one\n";

    #[test]
    fn subcommands_are_the_first_words_without_help() {
        assert_eq!(subcommands(HELP), ["one", "two"]);
        assert!(subcommands("Usage: awsx\n").is_empty());
    }

    #[test]
    fn verbs_are_found_between_operations_and_the_rest() {
        let help = "Registry\n\nOperations:\n  get-x\n\nBeside the operations (`awsx ecr <NAME> help`):\n  one\n      First\n  two\n\nExample:\n  awsx\n";
        assert_eq!(verbs(help), ["one", "two"]);
        assert!(verbs("Operations:\n  get-x\n").is_empty());
    }

    #[test]
    fn global_options_are_cut_out_and_shown_alone() {
        let rest = without_global_options(HELP);
        assert!(rest.ends_with("Options:\n  -h\n\nExamples:\n  awsx one"), "{rest}");
        assert_eq!(global_options(HELP), "      --debug\n          Tell\n\n      --x");
    }
}
