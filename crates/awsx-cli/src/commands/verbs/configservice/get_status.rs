//! `configservice get-status`.

use awsx_model::Input;
use awsx_output::Value;

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::{list_at, text_at};
use crate::context::Context;
use crate::error::CommandResult;

/// Print whether AWS Config records, and how its last deliveries went
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx configservice get-status")]
pub(crate) struct GetStatusArgs {}

pub(crate) fn run(context: &Context) -> CommandResult {
    let (recorders, channels) = context.block_on(async {
        let config = ServiceClient::connect(context, "config").await?;
        let recorders = config.call("DescribeConfigurationRecorderStatus", Input::empty()).await?;
        let channels = config.call("DescribeDeliveryChannelStatus", Input::empty()).await?;
        CommandResult::Ok((recorders, channels))
    })?;
    let mut lines = vec!["Configuration Recorders:".to_owned(), String::new()];
    for recorder in list_at(&recorders, "ConfigurationRecordersStatus") {
        let records = matches!(recorder.get("recording"), Some(Value::Bool(true)));
        lines.push(format!("name: {}", text_at(recorder, "name")));
        lines.push(format!("recorder: {}", if records { "ON" } else { "OFF" }));
        if records {
            tell_last(&mut lines, recorder, "");
        }
        lines.push(String::new());
    }
    lines.extend(["Delivery Channels:".to_owned(), String::new()]);
    for channel in list_at(&channels, "DeliveryChannelsStatus") {
        lines.push(format!("name: {}", text_at(channel, "name")));
        for (member, what) in [
            ("configStreamDeliveryInfo", "stream delivery "),
            ("configHistoryDeliveryInfo", "history delivery "),
            ("configSnapshotDeliveryInfo", "snapshot delivery "),
        ] {
            if let Some(delivery) = channel.get(member).filter(|delivery| !delivery.is_empty_result()) {
                tell_last(&mut lines, delivery, what);
            }
        }
        lines.push(String::new());
    }
    context.ui.out(format_args!("{}\n", lines.join("\n")))
}

fn tell_last(lines: &mut Vec<String>, status: &Value, what: &str) {
    let last = text_at(status, "lastStatus");
    lines.push(format!("last {what}status: {last}"));
    if last == "FAILURE" {
        lines.push(format!("error code: {}", text_at(status, "lastErrorCode")));
        lines.push(format!("message: {}", text_at(status, "lastErrorMessage")));
    }
}
