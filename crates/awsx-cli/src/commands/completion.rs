//! `completion`: a shell's completion script.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::context::Context;
use crate::error::CommandResult;

/// Print the script that completes awsx's commands and options in your shell
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx completion bash > ~/.local/share/bash-completion/completions/awsx
  awsx completion zsh > \"${fpath[1]}/_awsx\"
  awsx completion fish > ~/.config/fish/completions/awsx.fish
  awsx completion powershell >> $PROFILE")]
pub(crate) struct CompletionArgs {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(context: &Context, args: &CompletionArgs) -> CommandResult {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "awsx", &mut script);
    context.ui.out(format_args!("{}", String::from_utf8_lossy(&script)))
}
