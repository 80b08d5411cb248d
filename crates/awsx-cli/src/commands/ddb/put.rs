//! `ddb put`.

use std::io::Read;
use std::time::Duration;

use awsx_output::Value;
use awsx_params::{Given, Parameters};
use clap::ArgAction;

use super::add_expression;
use super::item::{Item, read_yaml};
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Put items from YAML into a table
///
/// One item, or a list of them. Each replaces the item with the same key.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx ddb put films '{Title: Heat, Year: 1995, Cast: !!set {Kim, Al}}'
  awsx ddb put films file://films.yaml
  awsx ddb put films '{Title: Heat}' --condition 'attribute_not_exists(Title)'
  some-program | awsx ddb put films -")]
pub(crate) struct PutArgs {
    /// The table
    #[arg(value_name = "TABLE_NAME")]
    table_name: String,
    /// The items in YAML, `file://` and the path of a file with them, or `-` for standard input
    #[arg(allow_hyphen_values = true)]
    items: String,
    /// Put the item only if this holds for the one that is there; for one item alone
    #[arg(long, value_name = "CONDITION", num_args = 1.., action = ArgAction::Set, overrides_with = "condition")]
    condition: Option<Vec<String>>,
}

/// How many items DynamoDB takes at once.
const AT_ONCE: usize = 25;

pub(crate) fn run(context: &Context, args: &PutArgs) -> CommandResult {
    context.region()?;
    let items = match read_yaml(&text(&args.items)?)? {
        Item::List(items) => items,
        only => vec![only],
    };
    match (items.as_slice(), &args.condition) {
        ([], _) => Ok(()),
        ([_, _, ..], Some(_)) => Err(CommandError::usage("--condition is not supported for multiple items")),
        ([item], condition) => put_one(context, &args.table_name, item, condition.as_deref()),
        (items, None) => put_many(context, &args.table_name, items),
    }
}

fn text(given: &str) -> CommandResult<String> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| CommandError::general("could not read standard input").caused_by(&error))?;
    Ok(text)
}

fn put_one(context: &Context, table: &str, item: &Item, condition: Option<&[String]>) -> CommandResult {
    let mut parameters = Parameters::from_iter([("ReturnConsumedCapacity".to_owned(), "NONE".into())]);
    if let Some(words) = condition {
        add_expression(&mut parameters, "ConditionExpression", words, 0)?;
    }
    parameters.insert("TableName".to_owned(), table.into());
    parameters.insert("Item".to_owned(), item.to_attributes("Item")?);
    context.block_on(async {
        let dynamodb = ServiceClient::connect(context, "dynamodb").await?;
        dynamodb.call_with("PutItem", &parameters).await?;
        Ok(())
    })
}

/// What DynamoDB did not get to is asked for again, each time a little later.
fn put_many(context: &Context, table: &str, items: &[Item]) -> CommandResult {
    const LONGEST_WAIT: Duration = Duration::from_secs(20);
    let mut left: Vec<Item> = items.iter().rev().cloned().collect();
    context.block_on(async {
        let dynamodb = ServiceClient::connect(context, "dynamodb").await?;
        let mut wait = Duration::from_millis(50);
        while !left.is_empty() {
            let batch = left.split_off(left.len().saturating_sub(AT_ONCE));
            let answer = dynamodb.call_with("BatchWriteItem", &batch_of(table, batch.iter().rev())?).await?;
            let refused = unprocessed(&answer, table)?;
            if refused.is_empty() {
                wait = Duration::from_millis(50);
                continue;
            }
            tokio::time::sleep(wait).await;
            wait = LONGEST_WAIT.min(wait * 2);
            // Behind all others.
            left.splice(0..0, refused.into_iter().rev());
        }
        Ok(())
    })
}

fn batch_of<'i>(table: &str, items: impl Iterator<Item = &'i Item>) -> CommandResult<Parameters> {
    let request = |(at, item): (usize, &Item)| {
        let item = item.to_attributes(&format!("RequestItems.{table}[{at}].PutRequest.Item"))?;
        Ok(Given::from([("PutRequest", Given::from([("Item", item)]))]))
    };
    let requests = items.enumerate().map(request).collect::<CommandResult<Vec<_>>>()?;
    Ok(Parameters::from_iter([
        ("ReturnConsumedCapacity".to_owned(), "NONE".into()),
        ("RequestItems".to_owned(), Given::Map(Parameters::from_iter([(table.to_owned(), requests.into())]))),
    ]))
}

fn unprocessed(answer: &Value, table: &str) -> CommandResult<Vec<Item>> {
    let refused = answer.get("UnprocessedItems").and_then(|tables| tables.get(table));
    let refused = refused.and_then(Value::as_list).unwrap_or_default().iter();
    let items = refused.filter_map(|request| request.get("PutRequest")?.get("Item"));
    items.map(Item::of_attributes).collect()
}
