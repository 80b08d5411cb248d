//! `logs tail`: the events of a log group, as they come where that is asked for.

mod json;
mod line;
mod seen;
mod since;

use std::time::Duration;

use awsx_model::Input;
use awsx_output::Value;
use clap::ValueEnum;

pub(super) use self::json::indented;
use self::line::{Event, Look};
use self::seen::Seen;
use crate::cli::Color;
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandResult, Kind};
use crate::ui::Interrupts;

/// How long to wait before new events are asked for.
const PAUSE: Duration = Duration::from_secs(5);

/// Print the events of a log group, the last ten minutes' if nothing else is said
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx logs tail /aws/lambda/orders --since 1h
  awsx logs tail /aws/lambda/orders --follow --format short --filter-pattern ERROR")]
pub(crate) struct TailArgs {
    /// The log group
    group_name: String,
    /// From when on: a time, or how long ago (`30s`, `5m`, `2h`, `3d`, `1w`)
    #[arg(long, value_name = "TIME", default_value = "10m")]
    since: String,
    /// Print new events until you press Ctrl-C
    #[arg(long)]
    follow: bool,
    /// How to print an event
    #[arg(long, value_enum, default_value = "detailed")]
    format: Format,
    /// Only events that match this filter of CloudWatch's
    #[arg(long, value_name = "PATTERN")]
    filter_pattern: Option<String>,
    /// Only events of these streams
    #[arg(long, value_name = "NAME", num_args = 1..)]
    log_stream_names: Option<Vec<String>>,
    /// Only events of streams whose names begin so
    #[arg(long, value_name = "PREFIX")]
    log_stream_name_prefix: Option<String>,
}

/// How an event is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Time, stream and message
    Detailed,
    /// Time to the second, and message
    Short,
    /// As `detailed`, a message that is JSON over several lines
    Json,
}

pub(crate) fn run(context: &Context, args: &TailArgs) -> CommandResult {
    let question = Question::of(context, args)?;
    let color = match context.globals.color {
        Some(Color::On) => true,
        Some(Color::Off) => false,
        Some(Color::Auto) | None => context.ui.colors_stdout(),
    };
    let show = |event: &Event| context.ui.out(format_args!("{}", event.line(args.format, Look { color })));
    if !args.follow {
        return context.block_on(async {
            let logs = ServiceClient::connect(context, "logs").await?;
            question.pages(&logs, &mut Seen::default(), &show).await
        });
    }
    let mut interrupts = Interrupts::catch(context.ui);
    let ended = context.block_on(interrupts.or(async {
        let logs = ServiceClient::connect(context, "logs").await?;
        follow(question, &logs, &show).await
    }));
    match ended {
        // There is no other way to end it.
        Err(error) if error.kind == Kind::Interrupted => Ok(()),
        ended => ended,
    }
}

async fn follow(
    mut question: Question,
    logs: &ServiceClient<'_>,
    show: &impl Fn(&Event) -> CommandResult,
) -> CommandResult {
    let mut seen = Seen::default();
    loop {
        question.pages(logs, &mut seen, show).await?;
        if let Some(newest) = seen.newest() {
            question.since = newest;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What the service is asked, page after page.
struct Question {
    group: String,
    /// In milliseconds since 1970 began.
    since: i64,
    pattern: Option<String>,
    streams: Option<Vec<String>>,
    prefix: Option<String>,
}

impl Question {
    fn of(context: &Context, args: &TailArgs) -> CommandResult<Self> {
        Ok(Self {
            group: args.group_name.clone(),
            since: since::milliseconds(&args.since, context.env().now())?,
            pattern: args.filter_pattern.clone(),
            streams: args.log_stream_names.clone(),
            prefix: args.log_stream_name_prefix.clone(),
        })
    }

    /// Shows the events of all pages that nobody has seen.
    async fn pages(
        &self,
        logs: &ServiceClient<'_>,
        seen: &mut Seen,
        show: &impl Fn(&Event) -> CommandResult,
    ) -> CommandResult {
        let mut token = None;
        loop {
            let page = logs.call("FilterLogEvents", self.input(token.as_deref())).await?;
            for event in page.get("events").and_then(Value::as_list).unwrap_or_default() {
                let event = Event::of(event);
                if seen.is_new(&event) {
                    show(&event)?;
                }
            }
            seen.forget_older();
            let next = page.get("nextToken").and_then(Value::as_str).map(str::to_owned);
            if next.is_none() || next == token {
                return Ok(());
            }
            token = next;
        }
    }

    fn input(&self, token: Option<&str>) -> Input {
        let text = |text: &String| Input::from(text.as_str());
        let members = [
            ("logGroupName", Some(text(&self.group))),
            (
                "logStreamNames",
                self.streams.as_ref().map(|names| Input::List(names.iter().map(text).collect())),
            ),
            ("logStreamNamePrefix", self.prefix.as_ref().map(text)),
            ("startTime", Some(Input::Integer(self.since))),
            ("filterPattern", self.pattern.as_ref().map(text)),
            ("nextToken", token.map(Input::from)),
            ("interleaved", Some(Input::Boolean(true))),
        ];
        let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Input::Map(given.collect())
    }
}
