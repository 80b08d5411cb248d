//! `env`: credentials for the shell one sits at.

use time::Duration;

use super::variables;
use super::wish::WishArgs;
use crate::context::Context;
use crate::error::CommandResult;
use crate::shell::{Change, Shell};
use crate::span;

/// Print what puts the profile's credentials into your shell
///
/// The shell gets the credentials, the region and the profile's name (`AWSX_PROFILE`), and loses every other variable
/// that could contradict them. They last until they end; for work of many hours use `awsx exec --server`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  eval \"$(awsx env --profile dev)\"
  eval \"$(awsx env --unset)\"
  awsx env --profile dev --shell fish | source
  awsx env --profile dev --shell powershell | Out-String | Invoke-Expression
  awsx env --profile dev --shell nu | from json | load-env")]
pub(crate) struct EnvArgs {
    /// The shell that reads it [default: your login shell]
    #[arg(long, value_enum)]
    shell: Option<Shell>,
    /// Take credentials, profile and region out of the shell instead
    #[arg(long, conflicts_with_all = ["WishArgs", "ScopeArgs"])]
    unset: bool,
    /// How long the credentials last, such as `90m` or `2h`, where a role is taken
    #[arg(long, value_name = "SPAN", value_parser = span::parse, conflicts_with = "unset")]
    duration: Option<Duration>,
    #[command(flatten)]
    wish: WishArgs,
}

pub(crate) fn run(context: &Context, args: &EnvArgs) -> CommandResult {
    let shell = args.shell.unwrap_or_else(|| Shell::likely(context.env()));
    let changes = if args.unset { without() } else { with(context, args)? };
    let lines = shell.render(&changes)?;
    context.ui.out(format_args!("{lines}"))
}

fn with(context: &Context, args: &EnvArgs) -> CommandResult<Vec<Change>> {
    let link = context.required_link(&args.wish, args.duration)?;
    let credentials = context.block_on(context.resolve(&link))?;
    let mut set = variables::of_credentials(&credentials);
    set.extend(variables::of_surroundings(context)?);
    Ok(variables::changes(&set))
}

fn without() -> Vec<Change> {
    let region = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    variables::OF_CREDENTIALS.into_iter().chain(region).map(Change::Unset).collect()
}
