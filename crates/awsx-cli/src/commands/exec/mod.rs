//! `exec`: a program with a profile's credentials in its environment, and nowhere else.

mod child;
mod system;

pub(crate) use system::{forward_until_end as wait_for, leave_stop_key as leave_stop_key_to_child};

use std::ffi::OsString;

use awsx_auth::chain::{self, Link};
use awsx_auth::serve::{CredentialServer, Source};
use awsx_auth::{AuthError, Credentials};
use awsx_core::Env;
use time::Duration;

use super::variables;
use super::wish::WishArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::renewal::NobodyThere;
use crate::span;

/// Run a program with the profile's credentials
///
/// The program alone gets them, in its environment; no shell reads the command. Variables that could contradict them
/// are taken away. Ends with the program's exit code, 128 and the signal's number if a signal ended it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx exec --profile dev -- terraform plan
  awsx exec --profile dev --server -- python nightly.py
  awsx exec --profile dev --role-arn arn:aws:iam::111122223333:role/Deploy --read-only -- ./audit
  awsx exec --profile dev")]
pub(crate) struct ExecArgs {
    /// Serve the credentials at an address of this machine that renews them, for work that outlasts them
    #[arg(long)]
    server: bool,
    /// How long the credentials last, such as `90m` or `2h`, where a role is taken
    #[arg(long, value_name = "SPAN", value_parser = span::parse)]
    duration: Option<Duration>,
    #[command(flatten)]
    wish: WishArgs,
    /// The program and its arguments [default: your shell]
    #[arg(value_name = "CMD", trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Whether a program of this name, with its ending, is in a folder of `PATH`.
pub(crate) fn is_on_path(env: &Env, program: &str) -> bool {
    let folders = std::env::split_paths(env.var("PATH").unwrap_or_default());
    folders.into_iter().any(|folder| system::is_program(&folder.join(program)))
}

pub(crate) fn run(context: &Context, args: &ExecArgs) -> CommandResult {
    let link = context.required_link(&args.wish, args.duration)?;
    let credentials = run_to_end(context, context.resolve(&link))?;
    let words = if args.command.is_empty() { vec![system::shell(context.env())] } else { words(args) };
    let mut surroundings = variables::of_surroundings(context)?;
    surroundings.extend(variables::of_connection(context)?);
    context.ui.leave_interrupts_to_child();
    if !args.server {
        let set = variables::of_credentials(&credentials).into_iter().chain(surroundings);
        return system::run(&mut child::command(&words, set));
    }
    run_to_end(context, async {
        let server = CredentialServer::bind()
            .await
            .map_err(|error| CommandError::general("could not listen on 127.0.0.1").caused_by(&error))?;
        let set = server.variables().into_iter().chain(surroundings);
        let mut command = child::command(&words, set);
        child::hide_other_credentials(&mut command, &context.settings);
        let child = tokio::task::spawn_blocking(move || system::run(&mut command));
        let renewal = Renewal { context, link: &link };
        tokio::select! {
            ended = child => ended.expect("waiting for a child does not panic"),
            () = server.serve(credentials, &renewal) => unreachable!("the server never ends by itself"),
        }
    })
}

/// Only at a terminal is there anything to put right at an interrupt. Elsewhere (`nohup`, a service) signals stay as
/// they are.
fn run_to_end<T>(context: &Context, future: impl Future<Output = T>) -> T {
    if context.ui.stdin_is_terminal() { context.block_on(future) } else { context.block_on_as_is(future) }
}

/// The command as it was given, also where it is not Unicode: it stands last on the command line.
fn words(args: &ExecArgs) -> Vec<OsString> {
    let all: Vec<OsString> = std::env::args_os().collect();
    all[all.len() - args.command.len()..].to_vec()
}

/// Gets new credentials while the program runs.
struct Renewal<'a> {
    context: &'a Context,
    link: &'a Link,
}

impl Source for Renewal<'_> {
    async fn fetch(&self) -> Result<Credentials, String> {
        let clients = self.context.clients().map_err(|error| error.message)?;
        let fetched = chain::resolve(&clients, self.link, &NobodyThere).await;
        fetched.map_err(|error: AuthError| error.to_string())
    }

    fn env(&self) -> &Env {
        self.context.env()
    }
}
