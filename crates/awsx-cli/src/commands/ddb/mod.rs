//! `ddb`: DynamoDB's items as YAML, and its expressions without placeholders.
//!
//! `expression` reads what people write and makes DynamoDB's form of it, `item` knows values: from YAML, to DynamoDB's typed
//! attributes, and back to YAML.

mod expression;
mod item;
mod put;
mod select;

use awsx_params::{Given, Parameters};
use clap::Subcommand;

use self::expression::Extracted;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Read and write DynamoDB's items as YAML
///
/// Values stand in expressions as they are: `--filter 'Year >= 2000 and Title <> "Heat"'`. Attribute names need no quotes
/// unless they hold other characters than letters, digits and `_`: then single ones.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx ddb select films --filter 'Year >= 2000 and contains(Actors, \"Kim\")'
  awsx ddb select films --key-condition 'Title = \"Heat\"' --projection 'Title, Info.Rating'
  awsx ddb put films '{Title: Heat, Year: 1995}'
  awsx ddb put films file://films.yaml")]
pub(crate) struct DdbArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Select(select::SelectArgs),
    Put(put::PutArgs),
}

pub(crate) fn run(context: &Context, args: &DdbArgs) -> CommandResult {
    match &args.verb {
        None => Err(CommandError::usage(
            "usage: awsx [options] ddb <subcommand> [parameters]\nawsx: [ERROR]: too few arguments",
        )),
        Some(Verb::Select(args)) => select::run(context, args),
        Some(Verb::Put(args)) => put::run(context, args),
    }
}

/// Puts an expression among parameters: itself under `name`, what it stands for under names of their own. Returns how many
/// placeholders it has; those of the next one go on from there.
fn add_expression(
    parameters: &mut Parameters,
    name: &str,
    words: &[String],
    first: usize,
) -> CommandResult<usize> {
    let Extracted { expression, names, values } = expression::extract(&words.join(" "), first)?;
    let count = names.len() + values.len();
    parameters.insert(name.to_owned(), expression.into());
    add(parameters, "ExpressionAttributeNames", names);
    let attributes = values.into_iter().map(|(placeholder, value)| {
        let path = format!("ExpressionAttributeValues.{placeholder}");
        Ok((placeholder, value.to_attribute(&path)?))
    });
    add(parameters, "ExpressionAttributeValues", attributes.collect::<CommandResult<Vec<_>>>()?);
    Ok(count)
}

fn add<T: Into<Given>>(parameters: &mut Parameters, member: &str, entries: Vec<(String, T)>) {
    if entries.is_empty() {
        return;
    }
    let empty = || Given::Map(Parameters::new());
    if let Given::Map(there) = parameters.entry(member.to_owned()).or_insert_with(empty) {
        there.extend(entries.into_iter().map(|(placeholder, entry)| (placeholder, entry.into())));
    }
}
