//! What may follow words that ask for an operation: services, operations, options, and the values that the model or
//! the service lists.

use awsx_core::Env;
use awsx_model::{Kind, Member, Service};
use awsx_params::words::Takes;
use awsx_params::{Argument, Role, Table};

use super::names::Question;
use super::{Split, catalog, commands, globals, help};
use crate::cli::GlobalArgs;
use crate::commands::verbs;

/// What may stand in a place.
#[derive(Default)]
pub(crate) struct Offer {
    /// Words that are known.
    pub(crate) words: Vec<String>,
    /// What a service would have to be asked.
    pub(crate) question: Option<Question>,
}

impl Offer {
    fn words(words: Vec<String>) -> Self {
        Self { words, question: None }
    }
}

/// What may stand behind these words, where `current` is begun. Nothing, where awsx's written commands know better.
pub(crate) fn offer(before: &[String], current: &str, env: &Env) -> Offer {
    match split(before) {
        None if before.is_empty() || before.iter().all(|word| word.starts_with('-')) => {
            Offer::words(commands())
        }
        None => Offer::default(),
        Some(split) => {
            let path: Vec<&str> = split.path().collect();
            let service = awsx_params::service_of_command(path[0])
                .and_then(|name| catalog(env).service(name).ok().flatten());
            match service {
                Some(service) => Words { service, split: &split, before, current }.offer(&path),
                None => Offer::default(),
            }
        }
    }
}

/// The global options and the commands of a line that is right so far.
pub(crate) fn split_globals(before: &[String]) -> Option<(GlobalArgs, Vec<String>)> {
    let split = split(before)?;
    Some((split.global_args(), split.path().map(str::to_owned).collect()))
}

/// An option that waits for its value is no mistake yet.
fn split(before: &[String]) -> Option<Split> {
    let whole =
        before.split_last().filter(|(last, _)| last.starts_with("--")).map_or(before, |(_, whole)| whole);
    globals::split(before).or_else(|| globals::split(whole))
}

/// A line whose command is a service.
struct Words<'a> {
    service: &'static Service,
    split: &'a Split,
    before: &'a [String],
    current: &'a str,
}

impl Words<'_> {
    fn offer(&self, path: &[&str]) -> Offer {
        let service = self.service;
        let known = awsx_params::commands_of(service, path[0]);
        let Some(operation) = path.get(1) else {
            let shown = known.into_iter().filter(|command| !command.hidden).map(|command| command.word);
            let waits = (!service.waiters.is_empty()).then(|| "wait".to_owned());
            let verbs = verbs::of(path[0]).into_iter().map(|verb| verb.get_name().to_owned());
            return Offer::words(shown.chain(verbs).chain(waits).chain(["help".to_owned()]).collect());
        };
        if let Some(verb) = verbs::of(path[0]).iter().find(|verb| verb.get_name() == *operation) {
            // `codecommit credential-helper get`: some have verbs of their own.
            let deeper = path.get(2).and_then(|word| verb.find_subcommand(word));
            return self.of_verb(deeper.unwrap_or(verb));
        }
        if *operation == "wait" && path.len() == 2 {
            let waiters = service.waiters.iter().map(|waiter| awsx_params::word_of(waiter.name));
            return Offer::words(waiters.collect());
        }
        let asked = if *operation == "wait" {
            let waiter = service
                .waiters
                .iter()
                .find(|waiter| Some(&&*awsx_params::word_of(waiter.name)) == path.get(2));
            waiter.and_then(|waiter| service.operation(waiter.operation))
        } else {
            known.iter().find(|command| command.word == *operation).map(|command| command.operation)
        };
        let Some(asked) = asked else { return Offer::default() };
        let table = Table::new(service, asked, path[0], operation);
        if self.current.starts_with('-') {
            let options = table.arguments.iter().filter(|(_, argument)| !argument.hidden);
            let options = options.filter(|(_, argument)| !matches!(argument.role, Role::OutFile));
            let options = options.map(|(name, _)| format!("--{name}")).chain(globals::names());
            return Offer::words(options.collect());
        }
        self.values(&table)
    }

    /// The options of a verb, or the words that the option before the cursor takes.
    fn of_verb(&self, verb: &clap::Command) -> Offer {
        if self.current.starts_with('-') {
            let options = verb.get_arguments().filter(|option| !option.is_hide_set());
            let options = options.filter_map(|option| option.get_long()).map(|name| format!("--{name}"));
            return Offer::words(options.chain(globals::names()).collect());
        }
        let Some(last) = self.before.last() else { return Offer::default() };
        if last == verb.get_name() {
            let own = verb.get_subcommands().filter(|own| !own.is_hide_set());
            let argument = verb.get_positionals().next();
            let word = argument.map(|argument| argument.get_id().as_str().replace('_', "-"));
            return Offer {
                words: own.map(|own| own.get_name().to_owned()).collect(),
                question: word.and_then(|word| self.question_of_verb(&word)),
            };
        }
        let Some(option) = last.strip_prefix("--") else { return Offer::default() };
        if let Some(choices) = globals::choices(last) {
            return Offer::words(choices);
        }
        let Some(found) = verb.get_arguments().find(|known| known.get_long() == Some(option)) else {
            return Offer::default();
        };
        let values = found.get_possible_values();
        Offer {
            question: values.is_empty().then(|| self.question_of_verb(option)).flatten(),
            words: values.iter().map(|value| value.get_name().to_owned()).collect(),
        }
    }

    /// What a verb's argument takes is what an operation's parameter of the same name takes.
    fn question_of_verb(&self, word: &str) -> Option<Question> {
        let service = self.service;
        let is_it = |member: &&Member| {
            let name = awsx_params::word_of(member.name);
            name.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with('-'))
        };
        service.operations.iter().find_map(|operation| {
            let Kind::Structure(input) = &service.shape(operation.input?.shape).kind else { return None };
            let member = input.members.iter().find(is_it)?;
            Question::about(self.split.global_args(), service, operation, member, |_| None)
        })
    }

    /// The values of the option that the cursor stands behind.
    fn values(&self, table: &Table<'static>) -> Offer {
        let Some(option) = self.before.iter().rev().find_map(|word| word.strip_prefix("--")) else {
            return Offer::default();
        };
        if let Some(choices) = globals::choices(&format!("--{option}")) {
            return Offer::words(choices);
        }
        let Some(argument) = table.arguments.get(option) else { return Offer::default() };
        let is_last = self.before.last().is_some_and(|word| word.starts_with("--"));
        match (&argument.role, table.shape_of_words(argument)) {
            (Role::Member(member), (takes, _)) if is_last || takes == Takes::Any => {
                let listed = help::values_of(table.service, member.shape);
                let question = || {
                    let value = |member: &str| self.given(table, member);
                    let globals = self.split.global_args();
                    Question::about(globals, table.service, table.operation, member, value)
                };
                Offer {
                    question: listed.is_empty().then(question).flatten(),
                    words: listed.iter().map(ToString::to_string).collect(),
                }
            }
            (_, (_, awsx_params::words::Check::Choice(choices))) if is_last => Offer::words(choices),
            _ => Offer::default(),
        }
    }

    /// What the line gives for a member that is a text.
    fn given(&self, table: &Table, member: &str) -> Option<String> {
        let is_it = |argument: &Argument| match argument.role {
            Role::Member(found) => {
                found.name == member && matches!(table.service.shape(found.shape).kind, Kind::String { .. })
            }
            _ => false,
        };
        let (name, _) = table.arguments.iter().find(|(_, argument)| is_it(argument))?;
        let option = format!("--{name}");
        let value = self
            .before
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, word)| if *word == option { self.before.get(at + 1) } else { None })?;
        // What stands in a file is not read while somebody types.
        let is_plain =
            !value.starts_with('-') && !value.starts_with("file://") && !value.starts_with("fileb://");
        is_plain.then(|| value.clone())
    }
}
