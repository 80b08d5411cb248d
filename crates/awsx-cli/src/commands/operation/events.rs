//! Answers that are streams of events, shown one by one as they come.

use awsx_api::Events;
use awsx_output::{Map, Value};
use awsx_params::{Request, Table};

use crate::commands::verbs::logs::live_tail;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// Shows what came with the stream, if anything did, then each event.
pub(super) async fn show(
    context: &Context,
    table: &Table<'_>,
    beside: Value,
    mut events: Events,
    is_interactive: bool,
    output: Output,
) -> CommandResult {
    if is_interactive {
        return live_tail::show(context, events).await;
    }
    if (table.command.as_str(), table.word.as_str()) == ("logs", "start-live-tail") {
        return print_messages(context, events).await;
    }
    let (mut out, _) = output.unpaged().begin(context, table.operation.name)?;
    if !beside.as_map().is_some_and(Map::is_empty) {
        out.event(&beside)?;
    }
    while let Some(event) = events.next().await? {
        out.event(&event)?;
    }
    Ok(out.finish()?)
}

/// Whether the events are wanted on a screen of their own.
pub(super) fn is_interactive(request: &Request) -> bool {
    request.kept.get("mode").is_some_and(|mode| mode == "interactive")
}

/// As AWS CLI does in its mode `print-only`: each log event's message is a line.
async fn print_messages(context: &Context, mut events: Events) -> CommandResult {
    while let Some(event) = events.next().await? {
        let results = event.get("sessionUpdate").and_then(|update| update.get("sessionResults"));
        for found in results.and_then(Value::as_list).unwrap_or_default() {
            let message = found.get("message").and_then(Value::as_str).unwrap_or_default();
            context.ui.out(format_args!("{message}\n"))?;
        }
    }
    Ok(())
}
