//! `sso status`: who is signed in, until when. Asks the cache only.

use awsx_auth::sso::{self, SsoConfig, TokenState};
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use time::OffsetDateTime;

use crate::context::Context;
use crate::error::CommandResult;
use crate::span;

/// Show which sessions are signed in, and until when
///
/// Looks into the token cache only; nothing is renewed and nobody is asked.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx sso status")]
pub(crate) struct StatusArgs {}

pub(crate) fn run(context: &Context, _: &StatusArgs) -> CommandResult {
    let profiles = context.settings.profiles()?;
    let now = context.env().now();
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(["SESSION", "STATE", "TOKEN ENDS", "RENEWABLE FOR", "START URL"]);
    for name in profiles.sso_session_names() {
        let Ok(sso) = SsoConfig::of_session(profiles, name) else {
            table.add_row([name, "incomplete", "-", "-", "-"]);
            continue;
        };
        let (state, ends, renewable) = describe(sso::read_state(context.env(), &sso)?, now);
        table.add_row([name, state, &ends, &renewable, &sso.start_url]);
    }
    if table.is_empty() {
        context.ui.err(format_args!("No sso-session is configured; `awsx configure sso` sets one up.\n"));
        return Ok(());
    }
    context.ui.out(format_args!("{}\n", table.trim_fmt()))
}

fn describe(state: Option<TokenState>, now: OffsetDateTime) -> (&'static str, String, String) {
    let nothing = || "-".to_owned();
    let Some(state) = state else { return ("signed out", nothing(), nothing()) };
    let renewable = state.renewable_until.filter(|until| *until > now);
    let word = match (state.expires_at > now, renewable) {
        (true, _) => "signed in",
        (false, Some(_)) => "renewable",
        (false, None) => "expired",
    };
    let ends = match state.expires_at - now {
        left if left.is_positive() => format!("in {}", span::render(left)),
        past => format!("{} ago", span::render(-past)),
    };
    (word, ends, renewable.map_or_else(nothing, |until| span::render(until - now)))
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn states_tell_what_a_command_would_meet() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let state = |expires: i64, renewable: Option<i64>| {
            let state = TokenState {
                expires_at: now + Duration::minutes(expires),
                renewable_until: renewable.map(|minutes| now + Duration::minutes(minutes)),
            };
            describe(Some(state), now)
        };
        assert_eq!(state(61, None), ("signed in", "in 1 h 1 min".into(), "-".into()));
        assert_eq!(state(-5, Some(3000)), ("renewable", "5 min ago".into(), "2 d 2 h".into()));
        assert_eq!(state(-5, Some(-1)), ("expired", "5 min ago".into(), "-".into()));
        assert_eq!(describe(None, now).0, "signed out");
    }
}
