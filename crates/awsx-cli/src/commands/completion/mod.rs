//! `completion`: a shell's completion script, and what it asks for.
//!
//! Written commands stand in the script. Services, operations and their options are too many for one, and names of
//! buckets, users or instances are not known before somebody asks: for them the script asks awsx while the user types.
//!
//! ```text
//! scripts     what a shell does on Tab
//! bash_line   bash's idea of words
//! files       names that stand in the user's files: profiles, sessions; and regions
//! s3_paths    s3://bucket/key
//! kept        names that were asked for a moment ago
//! live        names that a service lists, within a second and a half
//! ```

mod bash_line;
mod files;
mod kept;
mod live;
mod s3_paths;
mod scripts;

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use self::bash_line::BashLine;
use crate::cli::Cli;
use crate::commands::operation;
use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

/// Print the script that completes awsx's commands and options in your shell
///
/// Services, operations, options and their values are completed, names of profiles and regions, and live names: those
/// of your users, functions, instances and what else AWS lists, and of buckets and keys behind `s3://`. Names are asked
/// for with credentials that are at hand; nobody is asked to sign in or for a code, and no program is run. They are
/// kept for a minute. `AWSX_COMPLETE_NAMES=off`, or `complete_names = off` in the profile, asks for none.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx completion bash > ~/.local/share/bash-completion/completions/awsx
  awsx completion zsh > \"${fpath[1]}/_awsx\"
  awsx completion fish > ~/.config/fish/completions/awsx.fish
  awsx completion powershell >> $PROFILE")]
pub(crate) struct CompletionArgs {
    /// The shell
    shell: Option<Shell>,
    /// bash's line up to the cursor, whose words bash parts in its own way: prints what may stand there
    #[arg(long, hide = true, allow_hyphen_values = true, value_name = "LINE")]
    bash_line: Option<String>,
    /// The characters at which bash parts words
    #[arg(long, hide = true, allow_hyphen_values = true, default_value = "", value_name = "CHARACTERS")]
    bash_breaks: String,
    /// The words of a command line up to the cursor: prints what may stand there
    #[arg(last = true, hide = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &CompletionArgs) -> CommandResult {
    if let Some(line) = &args.bash_line {
        let line = BashLine::read(line, &args.bash_breaks);
        let found = candidates(context, &line.words).into_iter().map(|word| line.insertion(&word));
        return print(context, found);
    }
    let Some(shell) = args.shell else {
        if args.words.is_empty() {
            return Err(usage::missing("shell"));
        }
        return print(context, candidates(context, &args.words));
    };
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "awsx", &mut script);
    let script = String::from_utf8_lossy(&script);
    context.ui.out(format_args!("{script}{}", scripts::asking(shell)))
}

fn print(context: &Context, found: impl IntoIterator<Item = String>) -> CommandResult {
    let lines: String = found.into_iter().flat_map(|word| [word, "\n".to_owned()]).collect();
    context.ui.out(format_args!("{lines}"))
}

/// What may stand in the place of the last word; nothing where the shell's script knows better.
fn candidates(context: &Context, words: &[String]) -> Vec<String> {
    let Some((current, before)) = words.split_last() else { return Vec::new() };
    // `--option=value` is completed as two words.
    let (joined, before, current) = match current.split_once('=') {
        Some((option, value)) if option.starts_with("--") => {
            let before = before.iter().cloned().chain([option.to_owned()]).collect();
            (format!("{option}="), before, value)
        }
        _ => (String::new(), before.to_vec(), current.as_str()),
    };
    let mut found: Vec<String> = if let Some(found) = files::names(context.env(), &before) {
        found
    } else if let Some(question) = s3_paths::question(context.env(), &before, current) {
        question.names(context, current)
    } else {
        let offer = operation::offer(&before, current, context.env());
        let names = offer.question.map(|question| question.names(context, current));
        offer.words.into_iter().chain(names.unwrap_or_default()).collect()
    };
    if before.is_empty() {
        let written = Cli::command();
        let written = written.get_subcommands().filter(|command| !command.is_hide_set());
        found.extend(written.map(|command| command.get_name().to_owned()));
        found.sort_unstable();
        found.dedup();
    }
    found.retain(|word| word.starts_with(current));
    found.into_iter().map(|word| format!("{joined}{word}")).collect()
}
