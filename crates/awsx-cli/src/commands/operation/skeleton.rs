//! `--generate-cli-skeleton`: what an input or an output looks like. Nothing is sent.

use std::fmt::Write;

use awsx_model::{Kind, Service, ShapeId};
use awsx_output::{Format, Value};
use awsx_params::{Given, Skeleton, Table};

use super::definition;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{self, Output};

/// Prints an input to fill in.
pub(super) fn print_input(context: &Context, table: &Table, skeleton: Skeleton) -> CommandResult {
    let shape = table.operation.input.map(|input| input.shape);
    let input = awsx_params::input_skeleton(table.service, shape);
    match (skeleton, shape) {
        (Skeleton::YamlInput, Some(shape)) => {
            let mut text = String::new();
            Yaml { service: table.service, text: &mut text }.members(shape, &input, 0);
            context.ui.out(format_args!("{text}"))
        }
        _ if input.as_value().is_empty_result() => context.ui.out(format_args!("{{}}\n")),
        _ => context.ui.out(format_args!("{}", output::render(Format::Json, "", &input.as_value()))),
    }
}

/// Prints an output made up, as if a service had sent it.
pub(super) fn print_output(context: &Context, table: &Table, output: Output) -> CommandResult {
    let used = table.operation.output;
    let skeleton = awsx_params::output_skeleton(table.service, used.map(|used| used.shape));
    // AWS CLI checks what it made up, and refuses some of it.
    if let (Some(used), Given::Map(members)) = (used, &skeleton) {
        awsx_params::check(table.service, used.shape, members)?;
    }
    let mut answer = skeleton.as_value();
    definition::translate(table, &mut answer);
    output.show(context, table.operation.name, &answer)
}

/// An input as YAML, with what is required and allowed beside each member.
struct Yaml<'a> {
    service: &'a Service,
    text: &'a mut String,
}

impl Yaml<'_> {
    fn members(&mut self, shape: ShapeId, given: &Given, indent: usize) {
        let (Kind::Structure(structure), Given::Map(entries)) = (&self.service.shape(shape).kind, given)
        else {
            return;
        };
        for member in &structure.members {
            let Some(entry) = entries.get(member.name) else { continue };
            let required = if member.required { " [REQUIRED]" } else { "" };
            let values = match &self.service.shape(member.shape).kind {
                Kind::String { values } if !values.is_empty() => {
                    format!(" Valid values are: {}.", values.join(", "))
                }
                _ => String::new(),
            };
            let comment = match (required, values.as_str()) {
                ("", "") => String::new(),
                (required, values) => format!("  #{required}{values}"),
            };
            self.entry(member.name, member.shape, entry, indent, &comment);
        }
    }

    fn entry(&mut self, key: &str, shape: ShapeId, given: &Given, indent: usize, comment: &str) {
        let pad = " ".repeat(indent);
        match (&self.service.shape(shape).kind, given) {
            (_, Given::Map(entries)) if entries.is_empty() => self.line(&pad, key, "{}", comment),
            (Kind::Structure(_), given @ Given::Map(_)) => {
                self.line(&pad, key, "", comment);
                self.members(shape, given, indent + 2);
            }
            (Kind::Map(map), Given::Map(entries)) => {
                self.line(&pad, key, "", comment);
                for (key, entry) in entries {
                    self.entry(key, map.value.shape, entry, indent + 2, "");
                }
            }
            (Kind::List(list), Given::List(elements)) => {
                self.line(&pad, key, "", comment);
                for element in elements {
                    self.element(list.element.shape, element, indent);
                }
            }
            (_, scalar) => self.line(&pad, key, &scalar_text(scalar), comment),
        }
    }

    fn element(&mut self, shape: ShapeId, given: &Given, indent: usize) {
        let begin = self.text.len();
        match (&self.service.shape(shape).kind, given) {
            (Kind::Structure(_), Given::Map(entries)) if !entries.is_empty() => {
                self.members(shape, given, indent + 2);
            }
            (Kind::Map(map), Given::Map(entries)) if !entries.is_empty() => {
                for (key, entry) in entries {
                    self.entry(key, map.value.shape, entry, indent + 2, "");
                }
            }
            (Kind::List(list), Given::List(elements)) if !elements.is_empty() => {
                for element in elements {
                    self.element(list.element.shape, element, indent + 2);
                }
            }
            (_, scalar) => {
                let _ = writeln!(self.text, "{}- {}", " ".repeat(indent), scalar_text(scalar));
                return;
            }
        }
        // The first line of an element begins with a dash.
        self.text.replace_range(begin + indent..=begin + indent, "-");
    }

    fn line(&mut self, pad: &str, key: &str, value: &str, comment: &str) {
        let gap = if value.is_empty() { "" } else { " " };
        let _ = writeln!(self.text, "{pad}{key}:{gap}{value}{comment}");
    }
}

fn scalar_text(given: &Given) -> String {
    match given.as_value() {
        Value::Map(_) => "{}".to_owned(),
        Value::List(_) => "[]".to_owned(),
        value => output::render(Format::Yaml, "", &Value::map([("x", value)]))
            .trim_end()
            .trim_start_matches("x: ")
            .to_owned(),
    }
}
