//! What may follow words that ask for an operation: services, operations, options, and the values the model lists.

use awsx_core::Env;
use awsx_model::Service;
use awsx_params::words::Takes;
use awsx_params::{Role, Table};

use super::{catalog, commands, globals, help};
use crate::commands::verbs;

/// The words that may stand in the place of the last one. Nothing, where awsx's written commands know better.
pub(crate) fn candidates(words: &[String], env: &Env) -> Vec<String> {
    let Some((current, before)) = words.split_last() else { return Vec::new() };
    // An option that waits for its value is no mistake yet.
    let whole =
        before.split_last().filter(|(last, _)| last.starts_with("--")).map_or(before, |(_, whole)| whole);
    let found = match globals::split(before).or_else(|| globals::split(whole)) {
        None if before.is_empty() || before.iter().all(|word| word.starts_with('-')) => commands(),
        None => return Vec::new(),
        Some(split) => {
            let path: Vec<&str> = split.path().collect();
            let service = awsx_params::service_of_command(path[0])
                .and_then(|name| catalog(env).service(name).ok().flatten());
            match service {
                Some(service) => of_service(service, &path, before, current),
                None => return Vec::new(),
            }
        }
    };
    found.into_iter().filter(|word| word.starts_with(current.as_str())).collect()
}

fn of_service(service: &'static Service, path: &[&str], before: &[String], current: &str) -> Vec<String> {
    let known = awsx_params::commands_of(service, path[0]);
    let Some(operation) = path.get(1) else {
        let shown = known.into_iter().filter(|command| !command.hidden).map(|command| command.word);
        let waits = (!service.waiters.is_empty()).then(|| "wait".to_owned());
        let verbs = verbs::of(path[0]).into_iter().map(|verb| verb.get_name().to_owned());
        return shown.chain(verbs).chain(waits).chain(["help".to_owned()]).collect();
    };
    if let Some(verb) = verbs::of(path[0]).iter().find(|verb| verb.get_name() == *operation) {
        return of_verb(verb, before, current);
    }
    if *operation == "wait" && path.len() == 2 {
        return service.waiters.iter().map(|waiter| awsx_params::word_of(waiter.name)).collect();
    }
    let asked = if *operation == "wait" {
        let waiter =
            service.waiters.iter().find(|waiter| Some(&&*awsx_params::word_of(waiter.name)) == path.get(2));
        waiter.and_then(|waiter| service.operation(waiter.operation))
    } else {
        known.iter().find(|command| command.word == *operation).map(|command| command.operation)
    };
    let Some(asked) = asked else { return Vec::new() };
    let table = Table::new(service, asked, path[0], operation);
    if current.starts_with('-') {
        let options = table.arguments.iter().filter(|(_, argument)| !argument.hidden);
        let options = options.filter(|(_, argument)| !matches!(argument.role, Role::OutFile));
        return options.map(|(name, _)| format!("--{name}")).chain(globals::names()).collect();
    }
    values(&table, before)
}

/// The options of a verb, or the words that the option before the cursor takes.
fn of_verb(verb: &clap::Command, before: &[String], current: &str) -> Vec<String> {
    if current.starts_with('-') {
        let options = verb.get_arguments().filter(|option| !option.is_hide_set());
        let options = options.filter_map(|option| option.get_long()).map(|name| format!("--{name}"));
        return options.chain(globals::names()).collect();
    }
    let Some(option) = before.last().and_then(|word| word.strip_prefix("--")) else { return Vec::new() };
    if let Some(choices) = globals::choices(&format!("--{option}")) {
        return choices;
    }
    let found = verb.get_arguments().find(|known| known.get_long() == Some(option));
    let values = found.map(clap::Arg::get_possible_values).unwrap_or_default();
    values.iter().map(|value| value.get_name().to_owned()).collect()
}

/// The values of the option that the cursor stands behind.
fn values(table: &Table, before: &[String]) -> Vec<String> {
    let Some(option) = before.iter().rev().find_map(|word| word.strip_prefix("--")) else {
        return Vec::new();
    };
    if let Some(choices) = globals::choices(&format!("--{option}")) {
        return choices;
    }
    let Some(argument) = table.arguments.get(option) else { return Vec::new() };
    let is_last = before.last().is_some_and(|word| word.starts_with("--"));
    match (&argument.role, table.shape_of_words(argument)) {
        (Role::Member(member), (takes, _)) if is_last || takes == Takes::Any => {
            help::values_of(table.service, member.shape).iter().map(ToString::to_string).collect()
        }
        (_, (_, awsx_params::words::Check::Choice(choices))) if is_last => choices,
        _ => Vec::new(),
    }
}
