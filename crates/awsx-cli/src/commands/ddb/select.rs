//! `ddb select`.

use awsx_api::pages::Paging;
use awsx_model::Input;
use awsx_output::{Map, Value};
use awsx_params::Parameters;
use clap::ArgAction;

use super::add_expression;
use super::item::{Item, document};
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;
use crate::usage::number;

/// Print the items of a table as YAML
///
/// With `--key-condition` the table is queried, else all of it is read.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx ddb select films
  awsx ddb select films --filter 'Year >= 2000 and contains(Actors, \"Kim\")'
  awsx ddb select films --key-condition 'Title = \"Heat\"' --projection 'Title, Info.Rating'")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct SelectArgs {
    /// The table
    #[arg(value_name = "TABLE_NAME")]
    table_name: String,
    /// Read this index of the table
    #[arg(long, value_name = "INDEX")]
    index_name: Option<String>,
    /// The attributes to print, separated by commas
    #[arg(long, value_name = "ATTRIBUTES", num_args = 1.., action = ArgAction::Set, overrides_with = "projection")]
    projection: Option<Vec<String>>,
    /// Only items for which this holds; the others are read and paid for all the same
    #[arg(long, value_name = "CONDITION", num_args = 1.., action = ArgAction::Set, overrides_with = "filter")]
    filter: Option<Vec<String>>,
    /// Only items whose keys are so: one partition key by `=`, and perhaps a condition for the sort key behind `AND`
    #[arg(long, value_name = "CONDITION", num_args = 1.., action = ArgAction::Set, overrides_with = "key_condition")]
    key_condition: Option<Vec<String>>,
    /// What to print of the items: all attributes, those that are projected into the index, or only how many items there are
    #[arg(long, value_name = "WHICH", value_parser = ["ALL", "ALL_PROJECTED", "COUNT"])]
    attributes: Option<String>,
    /// See all writes that came before; this is the default
    #[arg(long, overrides_with_all = ["no_consistent_read", "consistent_read"])]
    consistent_read: bool,
    /// Perhaps miss the last writes; reads an index over the whole table, and costs half
    #[arg(long, overrides_with_all = ["no_consistent_read", "consistent_read"])]
    no_consistent_read: bool,
    /// Print what the reading costs
    #[arg(long, overrides_with_all = ["no_return_consumed_capacity", "return_consumed_capacity"])]
    return_consumed_capacity: bool,
    /// Do not print what the reading costs; this is the default
    #[arg(long, overrides_with_all = ["no_return_consumed_capacity", "return_consumed_capacity"])]
    no_return_consumed_capacity: bool,
    /// Go on where another call stopped: its `NextToken`
    #[arg(long, value_name = "TOKEN")]
    starting_token: Option<String>,
    /// Print at most this many items
    #[arg(long, value_name = "COUNT", value_parser = number::<i64>)]
    max_items: Option<i64>,
    /// Ask for this many items at once
    #[arg(long, value_name = "COUNT", value_parser = number::<i64>)]
    page_size: Option<i64>,
}

pub(crate) fn run(context: &Context, args: &SelectArgs) -> CommandResult {
    let output = Output::of(context)?;
    context.region()?;
    if let Some(format) = context.globals.output.as_deref().filter(|format| *format != "yaml") {
        return Err(CommandError::usage(format!("{format} output format is not supported for ddb commands")));
    }
    let paging = paging(context, args)?;
    let operation = if args.key_condition.is_some() { "Query" } else { "Scan" };
    let parameters = parameters(args)?;
    let answer = context.block_on(async {
        let dynamodb = ServiceClient::connect(context, "dynamodb").await?;
        match paging {
            Some(paging) => dynamodb.call_for_all_with(operation, &parameters, paging).await,
            None => dynamodb.call_with(operation, &parameters).await,
        }
    })?;
    output.show_as(context, &as_items(answer)?, document)
}

/// How far to page; none for the first page alone.
fn paging(context: &Context, args: &SelectArgs) -> CommandResult<Option<Paging>> {
    let token = args.starting_token.clone().filter(|token| !token.is_empty());
    let max_items = args.max_items.filter(|count| *count != 0);
    let page_size = args.page_size.filter(|count| *count != 0);
    if !context.globals.no_paginate {
        let page_size = page_size.map(Input::Integer);
        return Ok(Some(Paging { max_items, page_size, starting_token: token }));
    }
    let given = [
        ("--starting-token", token.is_some()),
        ("--page-size", page_size.is_some()),
        ("--max-items", max_items.is_some()),
    ];
    let given: Vec<&str> = given.into_iter().filter(|(_, given)| *given).map(|(option, _)| option).collect();
    if given.is_empty() {
        return Ok(None);
    }
    let options = given.join(", ");
    Err(CommandError::usage(format!(
        "Cannot specify --no-paginate along with pagination arguments: {options}"
    )))
}

fn parameters(args: &SelectArgs) -> CommandResult<Parameters> {
    let mut parameters = Parameters::new();
    let mut set = |name: &str, value| parameters.insert(name.to_owned(), value);
    set("TableName", args.table_name.as_str().into());
    set("ConsistentRead", (!args.no_consistent_read).into());
    if let Some(index) = &args.index_name {
        set("IndexName", index.as_str().into());
    }
    let mut count = 0;
    for (member, words) in [
        ("ProjectionExpression", &args.projection),
        ("FilterExpression", &args.filter),
        ("KeyConditionExpression", &args.key_condition),
    ] {
        if let Some(words) = words {
            count += add_expression(&mut parameters, member, words, count)?;
        }
    }
    let mut set = |name: &str, value: &str| parameters.insert(name.to_owned(), value.into());
    match args.attributes.as_deref() {
        Some("ALL") => set("Select", "ALL_ATTRIBUTES"),
        Some("ALL_PROJECTED") => set("Select", "ALL_PROJECTED_ATTRIBUTES"),
        Some(other) => set("Select", other),
        None => None,
    };
    let capacity = match (args.return_consumed_capacity, &args.index_name) {
        (true, Some(_)) => "INDEXES",
        (true, None) => "TOTAL",
        (false, _) => "NONE",
    };
    set("ReturnConsumedCapacity", capacity);
    Ok(parameters)
}

/// The answer with items in place of typed attributes.
fn as_items(answer: Value) -> CommandResult<Value> {
    let Value::Map(members) = answer else { return Ok(answer) };
    let mut shown = Map::new();
    for (name, member) in members {
        let member = match (name.as_str(), member) {
            ("ConsumedCapacity", Value::Null) => continue,
            ("Items", Value::List(items)) => {
                items.into_iter().map(plain).collect::<CommandResult<Vec<_>>>()?.into()
            }
            ("LastEvaluatedKey", key) => plain(key)?,
            (_, other) => other,
        };
        shown.insert(name, member);
    }
    Ok(Value::Map(shown))
}

/// The attributes of an item.
fn plain(attributes: Value) -> CommandResult<Value> {
    let Value::Map(attributes) = attributes else { return Ok(attributes) };
    let attributes = attributes.into_iter();
    let plain = attributes.map(|(name, attribute)| Ok((name, Item::of_attribute(&attribute)?.to_value())));
    Ok(Value::Map(plain.collect::<CommandResult<_>>()?))
}
