//! `awsx <service> <operation>`: any operation of any AWS service, from its model.
//!
//! ```text
//! ask        the same for the verbs, which know operation and input
//! globals    global options out of the words, whose command is a service
//! mod        which operation, which help; from there on awsx-params reads the words
//! around     what a few operations need before and after their call
//! client     settings, region, credentials → a client of the service
//! identity   keys or a token, as the operation needs
//! definition pipelines as people write them
//! call       checks, then the call: once, page by page, or not at all
//! pages      results that come in pages, shown as they come
//! events     answers that are streams of events, likewise
//! skeleton   --generate-cli-skeleton
//! wait       waiters
//! save       answers that go to files
//! session    answers that open a session, which another program holds
//! monitor    changes of ECS's services, watched after the call
//! complete   what may follow the words so far
//! names      names that a service lists, for completion
//! help       what a service and an operation can do
//! ```

mod around;
mod ask;
mod call;
mod client;
mod complete;
mod definition;
mod events;
mod globals;
mod help;
mod identity;
mod monitor;
mod names;
mod pages;
mod save;
mod session;
mod skeleton;
mod wait;

use std::path::PathBuf;

use awsx_core::Env;
use awsx_model::{Catalog, Service};
use awsx_params::words::{Grammar, PositionalSpec};
use awsx_params::{Asked as AskedOfOperation, Command, Table};

pub(crate) use ask::{Instead, ServiceClient, Waited};
pub(crate) use client::{checksums, retry, s3_settings, user_agent};
pub(crate) use complete::{offer, split_globals};
pub(crate) use globals::{Split, parse, split};
pub(crate) use names::{Question, fetch_names};
pub(crate) use save::write_private;

use crate::commands::verbs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;
use crate::usage;

/// A service and the words behind it.
#[derive(Debug)]
pub(crate) struct OperationArgs {
    /// The service.
    pub(crate) service: &'static Service,
    /// Its word.
    pub(crate) command: String,
    /// What follows, without global options.
    pub(crate) words: Vec<String>,
}

/// The services: awsx's own and those in the user's folders, as AWS CLI finds them.
pub(crate) fn catalog(env: &Env) -> Catalog {
    let mut folders = Vec::new();
    if let Some(paths) = env.var_filled("AWS_DATA_PATH") {
        folders.extend(std::env::split_paths(paths).map(|path| env.expand_path(&path.to_string_lossy())));
    }
    folders.extend(models_folder(env));
    Catalog::new(folders)
}

/// Where the user's own models lie; unknown without a home folder.
pub(crate) fn models_folder(env: &Env) -> Option<PathBuf> {
    env.home().map(|home| home.join(".aws").join("models"))
}

/// Commands of AWS CLI whose models it keeps to itself. They are known words, though awsx cannot run them.
pub(crate) const UNKNOWN_MODELS: [&str; 1] = ["agent-toolkit"];

/// The words of all built-in services, sorted.
pub(crate) fn commands() -> Vec<String> {
    let names = awsx_model::names().unwrap_or_default();
    let mut commands: Vec<String> =
        names.into_iter().map(|name| awsx_params::command_of_service(name).to_owned()).collect();
    commands.sort_unstable();
    commands
}

/// Runs the operation.
pub(crate) fn run(context: &Context, args: &OperationArgs) -> CommandResult {
    let output = Output::of(context)?;
    let commands = awsx_params::commands_of(args.service, &args.command);
    let (word, words) = match first_word(&args.words)? {
        (None, words) if asks_for_help(&words) => return help::service(context, args, &commands),
        (None, _) => return Err(usage::missing("operation")),
        (Some(word), _) if word == "help" => return help::service(context, args, &commands),
        (Some(word), words) => (word, words),
    };
    if word == "wait" && !args.service.waiters.is_empty() {
        return wait::run(context, args, &words);
    }
    let Some(command) = commands.iter().find(|command| command.word == word) else {
        return Err(unknown_operation(&word, args, &commands));
    };
    let table = Table::new(args.service, command.operation, &args.command, &command.word);
    let words: Vec<String> = words.into_iter().filter(|word| !is_help_flag(word)).collect();
    if words.len() < args.words.len() - 1 {
        return help::operation(context, &table);
    }
    match awsx_params::resolve(&table, &words, context.env(), !context.globals.no_paginate)? {
        AskedOfOperation::Help => help::operation(context, &table),
        AskedOfOperation::Request(request) => call::run(context, args.service, &table, *request, output),
    }
}

/// The first word that is no option, and the others in their order.
fn first_word(words: &[String]) -> CommandResult<(Option<String>, Vec<String>)> {
    let operation = PositionalSpec { name: "operation".to_owned(), required: false };
    let mut found = Grammar { options: Vec::new(), positionals: vec![operation] }.parse(words)?;
    Ok((found.positionals[0].take(), found.unknown))
}

fn asks_for_help(words: &[String]) -> bool {
    words.iter().any(|word| is_help_flag(word))
}

/// AWS CLI has only the word `help`; all of awsx has these too.
fn is_help_flag(word: &str) -> bool {
    word == "--help" || word == "-h"
}

fn unknown_operation(word: &str, args: &OperationArgs, commands: &[Command]) -> CommandError {
    let verbs = verbs::of(&args.command);
    let known = commands.iter().map(|command| command.word.as_str());
    let known = known.chain(verbs.iter().map(clap::Command::get_name));
    usage::invalid_choice("operation", word, known.chain(["wait", "help"]))
}
