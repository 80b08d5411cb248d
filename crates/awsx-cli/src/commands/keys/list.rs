//! `keys list`: how old a user's keys are, and when each was last used.

use awsx_auth::keys::{self, AccessKey};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use time::{Duration, OffsetDateTime};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Show a user's access keys: age, last use, and which profiles hold them
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx keys list --profile work")]
pub(crate) struct ListArgs {
    /// User whose keys are shown (default: the user whose credentials are in use)
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
}

pub(crate) fn run(context: &Context, args: &ListArgs) -> CommandResult {
    let clients = context.clients()?;
    let region = context.iam_region()?;
    let keys = context.block_on(async {
        let credentials = context.required_credentials().await?;
        Ok::<_, CommandError>(keys::list(&clients, &region, &credentials, args.user_name.as_deref()).await?)
    })?;
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["ACCESS KEY", "STATUS", "AGE", "LAST USED", "PROFILES"]);
    let now = context.env().now();
    for key in &keys {
        let status = if key.active { "active" } else { "inactive" };
        let profiles = profiles_with(context, &key.id)?;
        table.add_row([&key.id, status, &days(now - key.created_at), &last_use(key, now), &profiles]);
    }
    context.ui.out(format_args!("{}\n", table.trim_fmt()))
}

fn profiles_with(context: &Context, key_id: &str) -> CommandResult<String> {
    let profiles = context.settings.profiles()?;
    let holds = |name: &&str| {
        let profile = profiles.profile(name).unwrap_or_default();
        profile.text("aws_access_key_id") == Some(key_id)
    };
    let names: Vec<_> = profiles.names().filter(holds).collect();
    Ok(if names.is_empty() { "-".to_owned() } else { names.join(", ") })
}

fn last_use(key: &AccessKey, now: OffsetDateTime) -> String {
    match &key.last_use {
        None => "never".to_owned(),
        Some(last) => format!("{} ago, {} in {}", days(now - last.at), last.service, last.region),
    }
}

fn days(duration: Duration) -> String {
    match duration.whole_days() {
        ..=0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
