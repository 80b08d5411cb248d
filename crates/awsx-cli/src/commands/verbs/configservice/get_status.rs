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
    let mut text = "Configuration Recorders:\n\n".to_owned();
    for recorder in list_at(&recorders, "ConfigurationRecordersStatus") {
        let records = matches!(recorder.get("recording"), Some(Value::Bool(true)));
        text.push_str(&format!("name: {}\n", text_at(recorder, "name")));
        text.push_str(&format!("recorder: {}\n", if records { "ON" } else { "OFF" }));
        if records {
            tell_last(&mut text, recorder, "");
        }
        text.push('\n');
    }
    text.push_str("Delivery Channels:\n\n");
    for channel in list_at(&channels, "DeliveryChannelsStatus") {
        text.push_str(&format!("name: {}\n", text_at(channel, "name")));
        for (member, what) in [
            ("configStreamDeliveryInfo", "stream delivery "),
            ("configHistoryDeliveryInfo", "history delivery "),
            ("configSnapshotDeliveryInfo", "snapshot delivery "),
        ] {
            if let Some(delivery) = channel.get(member).filter(|delivery| !delivery.is_empty_result()) {
                tell_last(&mut text, delivery, what);
            }
        }
        text.push('\n');
    }
    context.ui.out(format_args!("{text}"))
}

fn tell_last(text: &mut String, status: &Value, what: &str) {
    let last = text_at(status, "lastStatus");
    text.push_str(&format!("last {what}status: {last}\n"));
    if last == "FAILURE" {
        let (code, message) = (text_at(status, "lastErrorCode"), text_at(status, "lastErrorMessage"));
        text.push_str(&format!("error code: {code}\nmessage: {message}\n"));
    }
}
