//! From the words of a command line to what is to be done: the operation's parameters, pages, files, skeletons.

use awsx_core::Env;
use indexmap::IndexMap;

use crate::table::{Apply, Argument, Limit, Role, Table};
use crate::unpack::Unpacker;
use crate::words::{Found, Takes};
use crate::{Given, Parameters, ParamsError, files, json, names, python, yaml};

/// What a command line asks of an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The operation's parameters, not checked yet.
    pub parameters: Parameters,
    /// Whether the operation's pages are to be read one after the other.
    pub paginate: bool,
    /// Where pages begin and end.
    pub limits: Limits,
    /// The file that a streamed answer goes to, as given.
    pub outfile: Option<String>,
    /// The skeleton that is to be printed instead.
    pub skeleton: Option<Skeleton>,
    /// Parts of the answer, as JMESPath expressions, and the files they are saved in, as given.
    pub saves: Vec<(&'static str, String)>,
    /// Options that the program around the operation acts on, with their values.
    pub kept: IndexMap<String, String>,
    /// What to warn of.
    pub warnings: Vec<&'static str>,
}

/// Where pages begin and end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Where to go on: what an earlier run gave as `NextToken`.
    pub starting_token: Option<String>,
    /// How many items a page has: a number or, for a few operations, a text.
    pub page_size: Option<Given>,
    /// How many items are shown.
    pub max_items: Option<i64>,
}

/// What `--generate-cli-skeleton` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skeleton {
    /// An input, as JSON.
    Input,
    /// An input, as YAML.
    YamlInput,
    /// An output.
    Output,
}

/// What the words ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Help.
    Help,
    /// The operation.
    Request(Box<Request>),
}

/// Reads an operation's words. `paginate` is false where `--no-paginate` was given.
pub fn resolve(table: &Table, words: &[String], env: &Env, paginate: bool) -> Result<Asked, ParamsError> {
    if let [only] = words
        && only == "help"
    {
        return Ok(Asked::Help);
    }
    let grammar = table.grammar(needs_nothing(table, words));
    let found = grammar.parse(words)?;
    let mut found = Values { table, found };
    let help_at = grammar.positionals.len() - 1;
    match found.found.positionals[help_at].take() {
        Some(word) if word == "help" => return Ok(Asked::Help),
        Some(word) => found.found.unknown.push(word),
        None => {}
    }
    if !found.found.unknown.is_empty() {
        return Err(ParamsError::Unknown(found.found.unknown));
    }
    found.request(env, paginate).map(|request| Asked::Request(Box::new(request)))
}

/// Whether an option was given beside which no other is required.
fn needs_nothing(table: &Table, words: &[String]) -> bool {
    let given = |name: &str| {
        table.arguments.get(name)?;
        words.iter().position(|word| {
            word.strip_prefix("--").is_some_and(|rest| rest == name || rest.starts_with(&format!("{name}=")))
        })
    };
    let skeleton = given("generate-cli-skeleton").is_some_and(|at| {
        // The output's skeleton comes with a check of the input.
        !words[at].ends_with("=output") && words.get(at + 1).is_none_or(|next| next != "output")
    });
    skeleton || given("cli-input-json").is_some() || given("cli-input-yaml").is_some()
}

struct Values<'t, 'm> {
    table: &'t Table<'m>,
    found: Found,
}

impl<'m> Values<'_, 'm> {
    /// The words given with an option. Options stand in the grammar as in the table, but for the file.
    fn words(&self, name: &str) -> Option<&[String]> {
        let options =
            self.table.arguments.iter().filter(|(_, argument)| !matches!(argument.role, Role::OutFile));
        let at = options.map(|(name, _)| name).position(|option| option == name)?;
        self.found.last(at)
    }

    /// Of two options for one member, whether the later one stands for true.
    fn switch(&self, member: &str) -> Option<(bool, &[String])> {
        let options: Vec<&Argument> = self
            .table
            .arguments
            .values()
            .filter(|argument| !matches!(argument.role, Role::OutFile))
            .collect();
        self.found.options.iter().rev().find_map(|(at, words)| match options[*at].role {
            Role::Switch { member: found, on } | Role::WrappedSwitch { member: found, on }
                if found.name == member =>
            {
                Some((on, words.as_slice()))
            }
            _ => None,
        })
    }

    fn request(&self, env: &Env, paginate: bool) -> Result<Request, ParamsError> {
        self.refuse_exclusive()?;
        self.refuse_beside()?;
        let paginate = self.paginates(paginate)?;
        let mut request = Request { paginate, ..Request::default() };
        for (name, argument) in &self.table.arguments {
            // Where pages are not followed, the model's own option is meant.
            let argument =
                if paginate { argument } else { self.table.shadowed.get(name).unwrap_or(argument) };
            self.apply(name, argument, env, &mut request)?;
        }
        self.read_input(env, &mut request)?;
        self.settle_paging(&mut request);
        for amend in &self.table.amend {
            amend(&mut request.parameters);
        }
        Ok(request)
    }

    /// Of two groups of options that exclude each other, names the first one given after one of the other group.
    fn refuse_exclusive(&self) -> Result<(), ParamsError> {
        for groups in &self.table.exclusive {
            let group_of = |name: &str| groups.iter().find(|group| group.contains(&name));
            let given = self.table.arguments.keys().filter(|name| self.words(name).is_some());
            let mut grouped = given.filter_map(|name| Some((name, group_of(name)?)));
            let Some((_, first)) = grouped.next() else { continue };
            if let Some((other, _)) = grouped.find(|(_, group)| *group != first) {
                let keys: Vec<String> = first.iter().map(|name| name.replace('-', "_")).collect();
                return Err(ParamsError::Value(format!(
                    "The key \"{}\" cannot be specified when one of the following keys are also specified: {}",
                    other.replace('-', "_"),
                    keys.join(", ")
                )));
            }
        }
        Ok(())
    }

    fn refuse_beside(&self) -> Result<(), ParamsError> {
        for (option, others, message) in &self.table.refuse_beside {
            if self.words(option).is_some() && others.iter().any(|name| self.words(name).is_some()) {
                return Err(ParamsError::Value((*message).to_owned()));
            }
        }
        Ok(())
    }

    /// Whether pages are followed: not where the operation has none, nor where its own tokens are given.
    fn paginates(&self, asked: bool) -> Result<bool, ParamsError> {
        if self.table.operation.paginator.is_none() {
            return Ok(false);
        }
        let own = self.table.native_paging().into_iter().map(names::word_of);
        let own = own.filter(|name| !matches!(name.as_str(), "start-token" | "max-items"));
        let by_hand = own.into_iter().any(|name| self.words(&name).is_some() && !self.is_limit(&name))
            || self.names_first_stream();
        if asked && !by_hand {
            return Ok(true);
        }
        let limits = ["starting-token", "page-size", "max-items"].into_iter();
        let given = limits.filter(|name| {
            self.words(name).is_some_and(|words| words.first().is_some_and(|word| word != "0"))
                && !self.table.shadowed.contains_key(*name)
        });
        let given: Vec<String> = given.map(|name| format!("--{name}")).collect();
        if given.is_empty() {
            return Ok(false);
        }
        Err(ParamsError::Value(format!(
            "Cannot specify --no-paginate along with pagination arguments: {}",
            given.join(", ")
        )))
    }

    /// Kinesis's older way to go on with a listing, which the service refuses beside its tokens.
    fn names_first_stream(&self) -> bool {
        self.table.command == "kinesis"
            && self.table.word == "list-streams"
            && self.words("exclusive-start-stream-name").is_some()
    }

    /// `--page-size` is ours even where the model has a member of that name.
    fn is_limit(&self, name: &str) -> bool {
        self.table.arguments.get(name).is_some_and(|argument| matches!(argument.role, Role::Paging { .. }))
            && self.table.shadowed.get(name).is_none()
    }

    fn apply(
        &self,
        name: &str,
        argument: &Argument<'m>,
        env: &Env,
        request: &mut Request,
    ) -> Result<(), ParamsError> {
        let Table { service, command, word, .. } = self.table;
        let unpacker = Unpacker { env, service, command, word, name };
        if let Role::OutFile = argument.role {
            request.outfile.clone_from(&self.found.positionals[0]);
            return Ok(());
        }
        if let Role::Switch { member, on: true } | Role::WrappedSwitch { member, on: true } = argument.role {
            let Some((on, words)) = self.switch(member.name) else { return Ok(()) };
            let value = match (&argument.role, words) {
                (Role::Switch { .. }, _) => Given::Boolean(on),
                (_, []) => Given::from([("Value", Given::Boolean(on))]),
                (_, words) => unpacker.member(member, words)?,
            };
            request.parameters.insert(member.name.to_owned(), value);
            return Ok(());
        }
        let Some(words) = self.words(name) else { return Ok(()) };
        match &argument.role {
            Role::Member(member) => {
                let value = unpacker.member(member, words)?;
                for (_, check) in self.table.checks.iter().filter(|(option, _)| *option == name) {
                    check(&value)?;
                }
                // An option of its own may have given a part of the structure.
                match (request.parameters.get_mut(member.name), value) {
                    (Some(Given::Map(given)), Given::Map(more)) => given.extend(more),
                    (_, value) => {
                        request.parameters.insert(member.name.to_owned(), value);
                    }
                }
                Ok(())
            }
            Role::Within { around, member } => {
                let value = unpacker.member(member, words)?;
                crate::table::set_at(&mut request.parameters, &[around.name, member.name], value);
                Ok(())
            }
            Role::Paging { limit, numeric } => {
                let word = words.first().cloned().unwrap_or_default();
                apply_limit(*limit, *numeric, word, request)
            }
            Role::Skeleton => {
                request.skeleton = Some(match words.first().map(String::as_str) {
                    Some("output") => Skeleton::Output,
                    Some("yaml-input") => Skeleton::YamlInput,
                    _ => Skeleton::Input,
                });
                Ok(())
            }
            Role::Custom(custom) => {
                let is_list = matches!(custom.takes, Takes::Any | Takes::Several);
                let value = if custom.takes == Takes::Nothing {
                    Given::Boolean(true)
                } else if custom.takes == Takes::Optional && words.is_empty() {
                    Given::from("")
                } else {
                    unpacker.given(words, is_list)?
                };
                apply_custom(name, &custom.apply, &value, request)
            }
            Role::Switch { .. }
            | Role::WrappedSwitch { .. }
            | Role::OutFile
            | Role::InputJson
            | Role::InputYaml => Ok(()),
        }
    }

    /// Parameters from JSON or YAML stand behind those of the command line.
    fn read_input(&self, env: &Env, request: &mut Request) -> Result<(), ParamsError> {
        let given: Vec<(&str, &String)> = ["cli-input-json", "cli-input-yaml"]
            .into_iter()
            .filter_map(|name| Some((name, self.words(name)?.first()?)))
            .collect();
        let (name, text) = match given.as_slice() {
            [] => return Ok(()),
            [one] => *one,
            _ => {
                return Err(ParamsError::Value(
                    "Only one --cli-input- parameter may be specified.".to_owned(),
                ));
            }
        };
        let option = format!("--{name}");
        let loaded = files::load(env, text).map_err(|message| ParamsError::parameter(&option, message))?;
        let text = match loaded {
            Some(Given::Text(text)) => text,
            Some(Given::Bytes(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            _ => text.clone(),
        };
        let parsed = if name == "cli-input-json" {
            json::parse(&text).map_err(|_| ParamsError::parameter(name, "Invalid JSON received."))?
        } else {
            yaml::parse(&text).ok_or_else(|| ParamsError::parameter(name, "Invalid YAML received."))?
        };
        let Given::Map(entries) = parsed else {
            let message = format!("Invalid type: expecting map, received {}", parsed.python_type());
            return Err(ParamsError::parameter(&option, message));
        };
        for (name, value) in entries {
            request.parameters.entry(name).or_insert(value);
        }
        Ok(())
    }

    /// Tokens in the parameters mean a page of the user's choice; and EC2's large lists are read in large pages.
    fn settle_paging(&self, request: &mut Request) {
        if !request.paginate {
            return;
        }
        let own = self.table.native_paging();
        if request.parameters.keys().any(|name| own.contains(&name.as_str())) {
            request.paginate = false;
            return;
        }
        let narrowing: &[&str] = match (self.table.command.as_str(), self.table.word.as_str()) {
            ("ec2", "describe-volumes") => &["DryRun"],
            ("ec2", "describe-snapshots") => &["DryRun", "OwnerIds", "RestorableByUserIds"],
            _ => return,
        };
        let is_whole_list = request.parameters.keys().all(|name| narrowing.contains(&name.as_str()));
        if is_whole_list && request.limits.page_size.is_none() {
            request.limits.page_size = Some(Given::Integer(1000));
        }
    }
}

fn apply_limit(limit: Limit, numeric: bool, word: String, request: &mut Request) -> Result<(), ParamsError> {
    match limit {
        Limit::StartingToken => request.limits.starting_token = Some(word),
        Limit::PageSize if numeric => request.limits.page_size = Some(Given::Integer(python::int(&word)?)),
        Limit::PageSize => request.limits.page_size = Some(Given::Text(word)),
        Limit::MaxItems => {
            let items = python::int(&word)?;
            if items <= 0 {
                request
                    .warnings
                    .push("Non-positive values for --max-items may result in undefined behavior.");
            }
            let most = if items < 0 { i64::MIN } else { i64::MAX };
            request.limits.max_items = Some(i64::try_from(items).unwrap_or(most));
        }
    }
    Ok(())
}

fn apply_custom(name: &str, apply: &Apply, value: &Given, request: &mut Request) -> Result<(), ParamsError> {
    match apply {
        Apply::Into(path) => crate::table::set_at(&mut request.parameters, path, value.clone()),
        Apply::With(change) => change(value, &mut request.parameters),
        Apply::Try(change) => change(value, &mut request.parameters)?,
        Apply::Save(part) => request.saves.push((part, value.python_text())),
        Apply::Keep => {
            request.kept.insert(name.to_owned(), value.python_text());
        }
    }
    Ok(())
}
