//! `status`: what is signed in and what is kept, without asking anybody.

use awsx_auth::chain;
use awsx_auth::sso::{self, SsoConfig};
use awsx_auth::standing::{self, Outlook, Standing};
use awsx_core::settings::{Origin, Settings};
use awsx_core::timestamp;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::span;

/// Show which sign-ins and credentials are good, and for how long
///
/// Shows every session, every profile whose credentials are kept, and the profile in use; with `--profile`, that one
/// alone. Only files are read: nothing is renewed, no network is used, nobody is asked.
///
/// The exit code tells the worst of what is shown: 0 valid, 3 refreshable (renewed by whoever uses it, without a
/// person), 4 expired (somebody has to sign in), 5 unknown (only asking would tell, or there is nothing).
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx status
  awsx status --profile dev --min-valid 2h && ./long-job
  awsx status --json")]
pub(crate) struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Call valid only what is good for this much longer, such as `2h`
    #[arg(long, value_name = "SPAN", value_parser = span::parse, default_value = "0")]
    min_valid: Duration,
}

/// One sign-in, or one profile's credentials.
struct Row {
    kind: &'static str,
    name: String,
    outlook: Outlook,
}

pub(crate) fn run(context: &Context, args: &StatusArgs) -> CommandResult {
    context.settings.scoped()?;
    let rows = rows(&context.settings, args.min_valid)?;
    let text = if args.json { json_of(&rows) } else { table_of(&rows, context.env().now()) };
    if rows.is_empty() && !args.json {
        context.ui.err(format_args!(
            "Nothing is configured; `awsx configure sso` or `awsx configure` sets it up.\n"
        ));
    } else {
        context.ui.out(format_args!("{text}\n"))?;
    }
    match rows.iter().map(|row| row.outlook.standing).max().unwrap_or(Standing::Unknown) {
        Standing::Valid => Ok(()),
        Standing::Refreshable => Err(CommandError::said(3)),
        Standing::Expired => Err(CommandError::said(4)),
        Standing::Unknown => Err(CommandError::said(5)),
    }
}

fn rows(settings: &Settings, needed: Duration) -> CommandResult<Vec<Row>> {
    let named = settings.named_profile().filter(|named| matches!(named.origin, Origin::Flag(_)));
    if let Some(named) = named {
        let link = chain::plan(settings)?;
        let row = |outlook| Row { kind: "profile", name: named.value, outlook };
        return Ok(match link {
            Some(link) => vec![row(standing::of_link(settings, &link, needed)?)],
            None => Vec::new(),
        });
    }
    let mut rows = sessions(settings, needed)?;
    let in_use = settings.profile_name();
    for name in settings.profiles()?.names() {
        // What is wrong with a profile is told when it is used.
        let Ok(Some(link)) = chain::plan_profile(settings, name) else { continue };
        if name == in_use || standing::kept_until(settings, &link).is_ok_and(|kept| kept.is_some()) {
            let outlook = standing::of_link(settings, &link, needed)?;
            rows.push(Row { kind: "profile", name: name.to_owned(), outlook });
        }
    }
    Ok(rows)
}

fn sessions(settings: &Settings, needed: Duration) -> CommandResult<Vec<Row>> {
    let profiles = settings.profiles()?;
    let mut rows = Vec::new();
    for name in profiles.sso_session_names() {
        let Ok(sso) = SsoConfig::of_session(profiles, name) else { continue };
        let state = sso::read_state(settings.env(), &sso)?;
        let outlook = standing::of_token(state.as_ref(), settings.env().now(), needed);
        rows.push(Row { kind: "sso-session", name: name.to_owned(), outlook });
    }
    Ok(rows)
}

fn json_of(rows: &[Row]) -> String {
    let time = |time: Option<OffsetDateTime>| time.map(timestamp::zulu);
    let rows: Vec<_> = rows
        .iter()
        .map(|Row { kind, name, outlook }| {
            json!({
                "kind": kind,
                "name": name,
                "state": outlook.standing.as_str(),
                "expiresAt": time(outlook.expires_at),
                "renewableUntil": time(outlook.renewable_until),
                "detail": outlook.detail,
            })
        })
        .collect();
    format!("{:#}", serde_json::Value::from(rows))
}

fn table_of(rows: &[Row], now: OffsetDateTime) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["KIND", "NAME", "STATE", "ENDS", "NOTE"]);
    for Row { kind, name, outlook } in rows {
        let ends = match outlook.expires_at.map(|end| end - now) {
            None => "-".to_owned(),
            Some(left) if left.is_positive() => format!("in {}", span::render(left)),
            Some(past) => format!("{} ago", span::render(-past)),
        };
        let note = if outlook.detail.is_empty() { "-" } else { outlook.detail };
        table.add_row([kind, name.as_str(), outlook.standing.as_str(), &ends, note]);
    }
    table.trim_fmt()
}
