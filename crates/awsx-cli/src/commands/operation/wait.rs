//! `awsx <service> wait <name>`: waits until something is so.

use awsx_api::waiter;
use awsx_model::Waiter;
use awsx_params::{Asked, Table, word_of};

use super::client::Plan;
use super::{OperationArgs, call, first_word, help};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage;

/// Waits. `words` stand behind `wait`.
pub(super) fn run(context: &Context, args: &OperationArgs, words: &[String]) -> CommandResult {
    let service = args.service;
    let waiters = &service.waiters;
    let (name, words) = match first_word(words)? {
        (Some(name), words) => (name, words),
        (None, words) if super::asks_for_help(&words) => return help::waiters(context, args),
        (None, _) => {
            return Err(CommandError::usage(format!(
                "usage: aws [options] {} wait <subcommand> [parameters]\naws: [ERROR]: too few arguments",
                args.command
            )));
        }
    };
    if name == "help" {
        return help::waiters(context, args);
    }
    let Some(waiter) = waiters.iter().find(|waiter| word_of(waiter.name) == name) else {
        let known: Vec<String> = waiters.iter().map(|waiter| word_of(waiter.name)).collect();
        return Err(usage::invalid_choice("subcommand", &name, known.iter().map(String::as_str)));
    };
    let operation = service.operation(waiter.operation).ok_or_else(|| unknown_operation(waiter))?;
    let table = Table::new(service, operation, &args.command, &name);
    if super::asks_for_help(&words) {
        return help::operation(context, &table);
    }
    match awsx_params::resolve(&table, &words, context.env(), true)? {
        Asked::Help => help::operation(context, &table),
        Asked::Request(mut request) => {
            let plan = Plan::of(context, service)?;
            let input = call::checked_input(context, &table, &mut request)?;
            context.block_on(async {
                let client = plan.client(context, service, operation).await?;
                Ok(waiter::wait(&client, waiter, input).await?)
            })
        }
    }
}

fn unknown_operation(waiter: &Waiter) -> CommandError {
    CommandError::general(format!(
        "the waiter {} asks the unknown operation `{}`",
        waiter.name, waiter.operation
    ))
}
