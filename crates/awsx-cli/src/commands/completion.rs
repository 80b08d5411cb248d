//! `completion`: a shell's completion script, and what it asks for.
//!
//! Written commands stand in the script. Services, operations and their options are too many for one: for them the
//! script asks awsx while the user types.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::commands::operation;
use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

/// Print the script that completes awsx's commands and options in your shell
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx completion bash > ~/.local/share/bash-completion/completions/awsx
  awsx completion zsh > \"${fpath[1]}/_awsx\"
  awsx completion fish > ~/.config/fish/completions/awsx.fish
  awsx completion powershell >> $PROFILE")]
pub(crate) struct CompletionArgs {
    /// The shell
    shell: Option<Shell>,
    /// The words of a command line up to the cursor: prints what may stand there
    #[arg(last = true, hide = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

pub(crate) fn run(context: &Context, args: &CompletionArgs) -> CommandResult {
    let Some(shell) = args.shell else {
        if args.words.is_empty() {
            return Err(usage::missing("shell"));
        }
        return print_candidates(context, &args.words);
    };
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "awsx", &mut script);
    let script = String::from_utf8_lossy(&script);
    context.ui.out(format_args!("{script}{}", asking(shell)))
}

fn print_candidates(context: &Context, words: &[String]) -> CommandResult {
    let mut found = operation::candidates(words, context.env());
    if let [only] = words {
        let written = Cli::command();
        let written = written.get_subcommands().filter(|command| !command.is_hide_set());
        let written = written.map(|command| command.get_name().to_owned());
        found.extend(written.filter(|name| name.starts_with(only.as_str())));
        found.sort_unstable();
        found.dedup();
    }
    found.into_iter().try_for_each(|word| context.ui.out(format_args!("{word}\n")))
}

/// What makes a shell ask awsx first, and use the script above where awsx says nothing.
fn asking(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => {
            r#"
_awsx_or_ask() {
    local found
    found=$(awsx completion -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    if [[ -n $found ]]; then
        mapfile -t COMPREPLY <<<"$found"
    else
        _awsx "$@"
    fi
}
complete -F _awsx_or_ask -o bashdefault -o default awsx
"#
        }
        Shell::Zsh => {
            r#"
_awsx_or_ask() {
    local -a found
    found=("${(@f)$(awsx completion -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n ${found[1]} ]]; then
        compadd -a found
    else
        _awsx "$@"
    fi
}
compdef _awsx_or_ask awsx
"#
        }
        Shell::Fish => {
            "\ncomplete -c awsx -a '(awsx completion -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'\n"
        }
        _ => "",
    }
}
