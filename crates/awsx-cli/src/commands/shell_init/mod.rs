//! `shell-init`: a function for the shell, since no program can change the environment of the shell that started it.

use clap::ValueEnum;

use crate::context::Context;
use crate::error::CommandResult;

/// Print a function, `awsx-use PROFILE`, that switches your shell between profiles
///
/// It puts a profile's credentials into the shell you sit at, as `awsx env` prints them, and completes the names of
/// your profiles with Tab. `awsx-use --unset` takes them out again. In Nu it is `awsx use`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  echo 'eval \"$(awsx shell-init bash)\"' >> ~/.bashrc
  echo 'eval \"$(awsx shell-init zsh)\"' >> ~/.zshrc
  echo 'awsx shell-init fish | source' >> ~/.config/fish/config.fish
  awsx shell-init powershell >> $PROFILE
  awsx shell-init nu | save --append $nu.config-path

Then:
  awsx-use dev
  awsx-use dev --role-arn arn:aws:iam::111122223333:role/Deploy --read-only
  awsx-use --unset")]
pub(crate) struct ShellInitArgs {
    /// The shell
    shell: Scripted,
}

/// A shell that has functions.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scripted {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Nu,
}

pub(crate) fn run(context: &Context, args: &ShellInitArgs) -> CommandResult {
    let script = match args.shell {
        Scripted::Bash => include_str!("awsx_use.bash"),
        Scripted::Zsh => include_str!("awsx_use.zsh"),
        Scripted::Fish => include_str!("awsx_use.fish"),
        Scripted::Powershell => include_str!("awsx_use.ps1"),
        Scripted::Nu => include_str!("awsx_use.nu"),
    };
    context.ui.out(format_args!("{script}"))
}
