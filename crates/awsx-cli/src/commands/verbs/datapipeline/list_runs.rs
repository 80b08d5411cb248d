//! `datapipeline list-runs`.

use std::fmt::Write;

use awsx_model::Input;
use awsx_output::{Query, Value};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// List the runs of a pipeline: of the last four days, or of other times
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx datapipeline list-runs --pipeline-id df-00627471SOVYZEXAMPLE
  awsx datapipeline list-runs --pipeline-id df-00627471SOVYZEXAMPLE --status running,finished \\
    --start-interval 2026-11-01T00:00:00,2026-11-22T00:00:00")]
pub(crate) struct ListRunsArgs {
    /// The pipeline
    #[arg(long, value_name = "ID")]
    pipeline_id: String,
    /// Only runs in these states, with commas between: `waiting`, `pending`, `cancelled`, `running`, `finished`, `failed`,
    /// `waiting_for_runner`, `waiting_on_dependencies`, `shutting_down`
    #[arg(long, value_name = "STATES")]
    status: Option<String>,
    /// Only runs that began between these times: FROM,TO
    #[arg(long, value_name = "TIMES")]
    start_interval: Option<String>,
    /// Only runs that were to begin between these times: FROM,TO
    #[arg(long, value_name = "TIMES")]
    schedule_interval: Option<String>,
}

const STATES: [&str; 9] = [
    "waiting",
    "pending",
    "cancelled",
    "running",
    "finished",
    "failed",
    "waiting_for_runner",
    "waiting_on_dependencies",
    "shutting_down",
];

/// So many objects one request describes.
const AT_ONCE: usize = 100;

pub(crate) fn run(context: &Context, args: &ListRunsArgs) -> CommandResult {
    let output = Output::of(context)?;
    // A missing region is told before what is wrong with the options, and missing credentials after it.
    context.region()?;
    let selectors = args.selectors(context.env().now())?;
    let mut runs = context.block_on(async {
        let service = ServiceClient::connect(context, "datapipeline").await?;
        let pipeline = || ("pipelineId", Input::from(args.pipeline_id.as_str()));
        let query = members([("selectors", Input::List(selectors))]);
        let asked = members([pipeline(), ("sphere", "INSTANCE".into()), ("query", query)]);
        let found = service.call_for_all("QueryObjects", asked).await?;
        let mut runs = Vec::new();
        for ids in list_at(&found, "ids").chunks(AT_ONCE) {
            let ids = ids.iter().filter_map(Value::as_str).map(Input::from).collect();
            let asked = members([pipeline(), ("objectIds", Input::List(ids))]);
            let described = service.call("DescribeObjects", asked).await?;
            runs.extend(list_at(&described, "pipelineObjects").iter().map(run_of));
        }
        CommandResult::Ok(runs)
    })?;
    runs.sort_by(|one, other| order(one).cmp(&order(other)));
    let runs = Value::List(runs);
    // A format that the profile names does not count here.
    if context.globals.output.is_some() {
        return output.show(context, "list-runs", &runs);
    }
    let chosen = match &context.globals.query {
        Some(query) => Query::parse(query)
            .and_then(|query| query.search(&runs))
            .map_err(|error| CommandError::usage(format!("Bad value for --query {query}: {error}")))?,
        None => runs,
    };
    let mut text = String::new();
    let written = write_list(&mut text, chosen.as_list().unwrap_or_default());
    context.ui.out(format_args!("{text}"))?;
    written
}

impl ListRunsArgs {
    /// What runs are asked for.
    fn selectors(&self, now: OffsetDateTime) -> CommandResult<Vec<Input>> {
        let parts = |text: &str| text.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
        let start = self.start_interval.as_deref().map(parts);
        let schedule = self.schedule_interval.as_deref().map(parts);
        let states = self.status.as_deref().map(parts);
        if let Some(unknown) = states.iter().flatten().find(|state| !STATES.contains(&state.as_str())) {
            return Err(CommandError::usage(format!(
                "Invalid status: {unknown}, must be one of: {}",
                STATES.join(", ")
            )));
        }
        let start = if start.is_none() && schedule.is_none() {
            let now = now.to_offset(UtcOffset::UTC);
            Some([now - Duration::days(4), now].map(|time| time.format(CLOCK).unwrap_or_default()).into())
        } else {
            start
        };
        let mut selectors = Vec::new();
        for (field, interval) in [("@actualStartTime", start), ("@scheduledStartTime", schedule)] {
            let Some(interval) = interval else { continue };
            let [from, to, ..] = interval.as_slice() else {
                return Err(CommandError::general("list index out of range"));
            };
            selectors.push(selector(field, "BETWEEN", [from.as_str(), to]));
        }
        if let Some(states) = states {
            let states: Vec<String> = states.iter().map(|state| state.to_uppercase()).collect();
            selectors.push(selector("@status", "EQ", states.iter().map(String::as_str)));
        }
        Ok(selectors)
    }
}

const CLOCK: &[BorrowedFormatItem] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");

fn selector<'v>(field: &str, operator: &str, values: impl IntoIterator<Item = &'v str>) -> Input {
    let values = Input::List(values.into_iter().map(Input::from).collect());
    let operator = members([("type", operator.into()), ("values", values)]);
    members([("fieldName", field.into()), ("operator", operator)])
}

/// An object with its fields as members.
fn run_of(object: &Value) -> Value {
    let part = |name: &str| object.get(name).cloned().unwrap_or_default();
    let mut run = awsx_output::Map::new();
    run.insert("@id", part("id"));
    run.insert("name", part("name"));
    for field in list_at(object, "fields") {
        let value = field.get("stringValue").or_else(|| field.get("refValue"));
        run.insert(text_at(field, "key").to_owned(), value.cloned().unwrap_or_default());
    }
    Value::Map(run)
}

fn order(run: &Value) -> (Option<&str>, &str) {
    (run.get("@scheduledStartTime").and_then(Value::as_str), text_at(run, "name"))
}

/// The list in AWS CLI's layout: two lines for each run.
fn write_list(text: &mut String, runs: &[Value]) -> CommandResult {
    let below = |id: &str, started: &str, ended: &str| {
        format!("       {id:<50.50}  {started:<19.19}  {ended:<19.19}")
    };
    let head = below("ID", "Started", "Ended");
    let rule = "-".repeat(head.len());
    let title = format!("       {:<50}  {:<19}  {:<23}", "Name", "Scheduled Start", "Status");
    let mut put = |line: std::fmt::Arguments| writeln!(text, "{line}").expect("memory takes what is written");
    put(format_args!("{title}\n{head}\n{rule}"));
    for (at, run) in runs.iter().enumerate() {
        let number = at + 1;
        let name = required(run, "@componentParent")?;
        let (scheduled, status) = (text_at(run, "@scheduledStartTime"), text_at(run, "@status"));
        let id = required(run, "@id")?;
        put(format_args!("{number:4}.  {name:<50.50}  {scheduled:<19.19}  {status:<23.23}"));
        put(format_args!(
            "{}\n",
            below(id, text_at(run, "@actualStartTime"), text_at(run, "@actualEndTime"))
        ));
    }
    Ok(())
}

fn required<'v>(run: &'v Value, name: &str) -> CommandResult<&'v str> {
    let value = run.get(name).and_then(Value::as_str);
    value.ok_or_else(|| CommandError::general(format!("'{name}'")))
}
