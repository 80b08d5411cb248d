//! Help for services and operations, from the model: what there is, of which type, and what AWS's pages add.

use std::fmt::Write;

use awsx_model::{Kind, Service, ShapeId};
use awsx_params::words::Takes;
use awsx_params::{Apply, Argument, Command, Limit, Role, Table};

use super::OperationArgs;
use crate::commands::verbs;
use crate::context::Context;
use crate::error::CommandResult;

/// What a service can be asked.
pub(super) fn service(context: &Context, args: &OperationArgs, commands: &[Command]) -> CommandResult {
    let command = &args.command;
    let mut text = format!(
        "{}\n\nUsage: awsx [OPTIONS] {command} <OPERATION> [PARAMETERS]\n\nOperations:\n",
        args.service.full_name
    );
    for found in commands.iter().filter(|found| !found.hidden) {
        line(&mut text, format_args!("  {}", found.word));
    }
    let verbs = verbs::of(command);
    if !verbs.is_empty() {
        line(&mut text, format_args!("\nBeside the operations (`awsx {command} <NAME> help`):"));
    }
    for verb in verbs {
        line(&mut text, format_args!("  {}", verb.get_name()));
        if let Some(about) = verb.get_about() {
            line(&mut text, format_args!("      {about}"));
        }
    }
    if !args.service.waiters.is_empty() {
        line(&mut text, format_args!("\nWaiting (`awsx {command} wait <NAME>`):"));
        for waiter in &args.service.waiters {
            line(&mut text, format_args!("  {}", awsx_params::word_of(waiter.name)));
        }
    }
    line(&mut text, format_args!("\nExample:\n  awsx {command} <OPERATION> help"));
    line(&mut text, format_args!("\nAWS's documentation:\n  {}", page(command, None)));
    context.ui.page(&context.settings, context.globals.no_cli_pager, &text)
}

/// What a service's state can be waited for.
pub(super) fn waiters(context: &Context, args: &OperationArgs) -> CommandResult {
    let command = &args.command;
    let mut text = format!(
        "Wait until {} says that something is so\n\nUsage: awsx [OPTIONS] {command} wait <NAME> [PARAMETERS]\n\nNames:\n",
        args.service.full_name
    );
    for waiter in &args.service.waiters {
        let seconds = u64::from(waiter.delay) * u64::from(waiter.max_attempts);
        let (name, asks) = (awsx_params::word_of(waiter.name), awsx_params::word_of(waiter.operation));
        line(
            &mut text,
            format_args!("  {name}\n      asks {asks} every {} s, for {seconds} s", waiter.delay),
        );
    }
    line(&mut text, format_args!("\nExample:\n  awsx {command} wait <NAME> help"));
    context.ui.page(&context.settings, context.globals.no_cli_pager, &text)
}

/// What an operation takes and gives.
pub(super) fn operation(context: &Context, table: &Table) -> CommandResult {
    let (command, word) = (&table.command, &table.word);
    let mut text = format!("{} of {}\n", table.operation.name, table.service.full_name);
    if table.operation.deprecated {
        text.push_str("AWS advises against it.\n");
    }
    line(&mut text, format_args!("\nUsage: awsx [OPTIONS] {command} {word}{}", synopsis(table)));
    let shown: Vec<(&String, &Argument)> =
        table.arguments.iter().filter(|(_, argument)| !argument.hidden).collect();
    let section = |argument: &Argument| match argument {
        argument if argument.required => "Required",
        argument if is_own(argument) => "Parameters",
        _ => "Options of every operation",
    };
    for title in ["Required", "Parameters", "Options of every operation"] {
        let of_section: Vec<_> = shown.iter().filter(|(_, argument)| section(argument) == title).collect();
        if of_section.is_empty() {
            continue;
        }
        line(&mut text, format_args!("\n{title}:"));
        for (name, argument) in of_section {
            describe(&mut text, table, name, argument);
        }
    }
    line(&mut text, format_args!("\nExample:\n  awsx {command} {word}{}", example(table)));
    if table.operation.paginator.is_some() {
        text.push_str(
            "\nResults come in pages; all are read unless --no-paginate or --max-items says otherwise.\n",
        );
    }
    if let Some(used) = table.operation.output {
        text.push_str("\nOutput:\n");
        Outline::of_output(table.service).members(&mut text, used.shape, 1);
    }
    line(&mut text, format_args!("\nAWS's documentation:\n  {}", page(command, Some(word))));
    context.ui.page(&context.settings, context.globals.no_cli_pager, &text)
}

/// The least that makes a request.
fn example(table: &Table) -> String {
    let required = table.arguments.iter().filter(|(_, argument)| argument.required);
    let required = required.map(|(name, argument)| match argument.role {
        Role::OutFile => format!(" {name}"),
        Role::Member(member) => match values_of(table.service, member.shape).first() {
            Some(value) => format!(" --{name} {value}"),
            None => format!(" --{name} \"${}\"", name.to_uppercase().replace('-', "_")),
        },
        _ => format!(" --{name} \"${}\"", name.to_uppercase().replace('-', "_")),
    });
    required.collect()
}

/// The parameters of the operation itself, not those that all have.
fn is_own(argument: &Argument) -> bool {
    matches!(
        argument.role,
        Role::Member(_)
            | Role::Within { .. }
            | Role::Switch { .. }
            | Role::WrappedSwitch { .. }
            | Role::Custom(_)
            | Role::OutFile
    )
}

/// The switch that turns off what this one turns on.
fn opposite(table: &Table, name: &str, argument: &Argument) -> String {
    let turns_off = |other: &Argument| match (&argument.role, &other.role) {
        (Role::Switch { member, .. }, Role::Switch { member: other, on: false }) => member.name == other.name,
        _ => false,
    };
    let renamed = table.arguments.iter().find(|(_, other)| turns_off(other));
    renamed.map_or_else(|| format!("no-{name}"), |(name, _)| name.clone())
}

/// The required parameters, as they are given.
fn synopsis(table: &Table) -> String {
    let required = table.arguments.iter().filter(|(_, argument)| argument.required);
    let required = required.map(|(name, argument)| match argument.role {
        Role::OutFile => format!(" <{name}>"),
        _ => format!(" --{name} <VALUE>"),
    });
    required.chain([" [PARAMETERS]".to_owned()]).collect()
}

fn describe(text: &mut String, table: &Table, name: &str, argument: &Argument) {
    // A pair of switches is told once.
    if matches!(argument.role, Role::Switch { on: false, .. } | Role::WrappedSwitch { on: false, .. }) {
        return;
    }
    let kind = match &argument.role {
        Role::Switch { .. } | Role::WrappedSwitch { .. } => {
            line(text, format_args!("  --{name} | --{}", opposite(table, name, argument)));
            return;
        }
        Role::Member(member) if member.streaming => "(streaming blob: a file)".to_owned(),
        Role::Member(member) | Role::Within { member, .. } => kind_of(table.service, member.shape),
        Role::OutFile => {
            line(text, format_args!("  <{name}>\n      The file that the content is saved in"));
            return;
        }
        Role::Custom(custom) if custom.takes == Takes::Nothing => String::new(),
        Role::Custom(custom) if matches!(custom.apply, Apply::Save(_) | Apply::Keep) => {
            "(file or word)".to_owned()
        }
        Role::Custom(_) | Role::Paging { limit: Limit::StartingToken, .. } => "(string)".to_owned(),
        Role::Paging { .. } => "(integer)".to_owned(),
        Role::InputJson | Role::InputYaml => "(string or file://)".to_owned(),
        Role::Skeleton => "[input | yaml-input | output]".to_owned(),
    };
    line(text, format_args!("  --{name} {kind}"));
    if let Some(about) = about(argument) {
        line(text, format_args!("      {about}"));
    }
    if let Role::Member(member) | Role::Within { member, .. } = argument.role {
        wrapped(text, values_of(table.service, member.shape));
        let shorthand = shorthand_of(table.service, member.shape)
            .filter(|_| awsx_params::takes_shorthand(table.service, member.shape));
        match shorthand {
            Some(shorthand) => line(text, format_args!("      {shorthand}")),
            None => Outline::of_input(table.service).inner(text, member.shape, 3),
        }
    }
}

/// Values in as few lines as they fit in.
fn wrapped(text: &mut String, values: &[&str]) {
    // With the bar behind the last one of a line, 100 columns.
    const WIDTH: usize = 98;
    let mut row = String::new();
    for (at, value) in values.iter().enumerate() {
        let separator = if at == 0 { "" } else { " | " };
        if row.len() + separator.len() + value.len() + 6 > WIDTH {
            line(text, format_args!("      {row}{}", separator.trim_end()));
            row.clear();
            row.push_str(value);
        } else {
            row.push_str(separator);
            row.push_str(value);
        }
    }
    if !row.is_empty() {
        line(text, format_args!("      {row}"));
    }
}

fn about(argument: &Argument) -> Option<&'static str> {
    Some(match &argument.role {
        Role::Custom(custom) => custom.about,
        Role::Paging { limit: Limit::StartingToken, .. } => {
            "Go on where `NextToken` of an earlier result says"
        }
        Role::Paging { limit: Limit::PageSize, .. } => "Items in each answer of the service",
        Role::Paging { limit: Limit::MaxItems, .. } => "Items shown in all",
        Role::InputJson => "Parameters as JSON; those on the command line win",
        Role::InputYaml => "Parameters as YAML; those on the command line win",
        Role::Skeleton => "Print what the input or output looks like, and send nothing",
        _ => return None,
    })
}

/// The type in AWS CLI's words.
fn kind_of(service: &Service, shape: ShapeId) -> String {
    match &service.shape(shape).kind {
        Kind::Structure(structure) if structure.document => "(document)",
        Kind::Structure(structure) if structure.union => "(tagged union structure)",
        Kind::Structure(_) => "(structure)",
        Kind::List(_) => "(list)",
        Kind::Map(_) => "(map)",
        Kind::String { .. } => "(string)",
        Kind::Blob(blob) if blob.streaming => "(streaming blob: a file)",
        Kind::Blob(_) => "(blob)",
        Kind::Boolean => "(boolean)",
        Kind::Integer => "(integer)",
        Kind::Long => "(long)",
        Kind::Float => "(float)",
        Kind::Double => "(double)",
        Kind::Timestamp(_) => "(timestamp)",
    }
    .to_owned()
}

/// The values that the model lists, of a text or of a list of them.
pub(super) fn values_of(service: &Service, shape: ShapeId) -> &[&'static str] {
    match &service.shape(shape).kind {
        Kind::String { values } => values,
        Kind::List(list) => match &service.shape(list.element.shape).kind {
            Kind::String { values } => values,
            _ => &[],
        },
        _ => &[],
    }
}

/// A parameter in shorthand; none where it nests deeper than a line can show.
fn shorthand_of(service: &Service, shape: ShapeId) -> Option<String> {
    let flat = |shape: ShapeId| match &service.shape(shape).kind {
        Kind::Structure(structure) => {
            let members = structure.members.iter().map(|member| {
                let kind = kind_of(service, member.shape);
                let kind = kind.trim_matches(['(', ')']).to_owned();
                let scalar =
                    !matches!(kind.as_str(), "structure" | "map" | "document" | "tagged union structure");
                scalar.then(|| {
                    format!("{}={}", member.name, if kind == "list" { "x,y".to_owned() } else { kind })
                })
            });
            members.collect::<Option<Vec<_>>>().map(|members| members.join(","))
        }
        Kind::Map(map) if matches!(service.shape(map.value.shape).kind, Kind::String { .. }) => {
            Some("KeyName1=string,KeyName2=string".to_owned())
        }
        _ => None,
    };
    match &service.shape(shape).kind {
        Kind::List(list) => flat(list.element.shape).map(|one| format!("{one} ...")),
        _ => flat(shape),
    }
}

/// Members, indented.
struct Outline<'a> {
    service: &'a Service,
    around: Vec<ShapeId>,
    is_input: bool,
}

/// How far to the right members go.
const DEPTH: usize = 6;

impl<'a> Outline<'a> {
    fn of_output(service: &'a Service) -> Self {
        Self { service, around: Vec::new(), is_input: false }
    }

    /// Says also what is required, and short lists of values.
    fn of_input(service: &'a Service) -> Self {
        Self { is_input: true, ..Self::of_output(service) }
    }

    fn members(&mut self, text: &mut String, shape: ShapeId, depth: usize) {
        let service = self.service;
        let Kind::Structure(structure) = &service.shape(shape).kind else { return };
        if depth > DEPTH || self.around.contains(&shape) {
            return;
        }
        self.around.push(shape);
        for member in &structure.members {
            let (name, kind) = (member.name, kind_of(service, member.shape));
            let required = if self.is_input && member.required { ", required" } else { "" };
            let values = match values_of(service, member.shape) {
                values if self.is_input && (1..=8).contains(&values.len()) => {
                    format!(" {}", values.join(" | "))
                }
                _ => String::new(),
            };
            line(text, format_args!("{}{name} {kind}{required}{values}", "  ".repeat(depth)));
            self.inner(text, member.shape, depth + 1);
        }
        self.around.pop();
    }

    /// The members of a structure, and of what a list or map holds.
    fn inner(&mut self, text: &mut String, shape: ShapeId, depth: usize) {
        let service = self.service;
        match &service.shape(shape).kind {
            Kind::Structure(_) => self.members(text, shape, depth),
            Kind::List(list) => match &service.shape(list.element.shape).kind {
                Kind::Map(map) => self.members(text, map.value.shape, depth),
                _ => self.members(text, list.element.shape, depth),
            },
            Kind::Map(map) => self.members(text, map.value.shape, depth),
            _ => {}
        }
    }
}

/// AWS's page about a service or operation.
fn page(command: &str, word: Option<&str>) -> String {
    let page = word.unwrap_or("index");
    format!("https://awscli.amazonaws.com/v2/documentation/api/latest/reference/{command}/{page}.html")
}

fn line(text: &mut String, words: std::fmt::Arguments) {
    writeln!(text, "{words}").expect("memory takes what is written");
}
