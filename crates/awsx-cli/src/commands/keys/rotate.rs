//! `keys rotate`: a new access key in the place of the old one.

use std::time::Duration;

use awsx_auth::chain::{self, Link};
use awsx_auth::keys::{self, Progress, Rotation, RotationEnd};
use awsx_core::timestamp;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::ui::Ui;

/// Replace a profile's access key with a new one
///
/// Makes a new key, stores it, proves that AWS takes it, writes it to every profile that holds the old one, and then
/// deactivates the old key. After the grace period the next `keys rotate` deletes the old key. A rotation that is
/// interrupted, in whatever way, leaves a key that works, and goes on when the command is run again.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx keys rotate --profile work
  awsx keys rotate --profile work --finish          delete the old key now
  awsx keys rotate --profile work --grace-period 0  delete it at once")]
pub(crate) struct RotateArgs {
    /// How long the old key stays, inactive, before it is deleted: `7d`, `12h`, `30m`, or seconds [default: 1d]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    grace_period: Option<Duration>,
    /// Delete the old key of an earlier rotation now
    #[arg(long)]
    finish: bool,
}

const USUAL_GRACE: Duration = Duration::from_hours(24);

pub(crate) fn run(context: &Context, args: &RotateArgs) -> CommandResult {
    let clients = context.clients()?;
    let region = context.iam_region()?;
    let profile = context.settings.profile_name();
    let ui = context.ui;
    let end = context.block_on(async {
        // Where the profile's keys are used through a session with MFA, IAM mostly asks for that too.
        let session = match chain::plan(&context.settings)? {
            Some(Link::MfaSession { .. }) => context.credentials().await?,
            _ => None,
        };
        let rotation = Rotation {
            profile: &profile,
            grace: args.grace_period,
            usual_grace: USUAL_GRACE,
            finish: args.finish,
            authority: session.as_ref(),
        };
        let tell = |progress: &_| tell(ui, progress);
        Ok::<_, CommandError>(keys::rotate(&clients, &region, &rotation, &tell).await?)
    })?;
    if let RotationEnd::Waiting { old_key_id, until } = end {
        ui.err(format_args!(
            "{old_key_id} can be deleted from {} on.\nhint: run `awsx keys rotate --profile {profile}` then, or with \
             `--finish` now\n",
            timestamp::zulu(until)
        ));
    }
    if context.env().var_filled("AWS_ACCESS_KEY_ID").is_some() {
        ui.err(format_args!("hint: AWS_ACCESS_KEY_ID is set here, and stays what it was\n"));
    }
    Ok(())
}

fn tell(ui: Ui, progress: &Progress) {
    match progress {
        Progress::Resumed => ui.err(format_args!("Going on with an earlier rotation.\n")),
        Progress::DeletedOrphan(id) => {
            ui.err(format_args!("Deleted {id}, whose secret was lost when the rotation was interrupted.\n"));
        }
        Progress::Created(id) => ui.err(format_args!("Created the access key {id}.\n")),
        Progress::Proved(id) => ui.err(format_args!("AWS takes {id}.\n")),
        Progress::Switched(profiles) => ui.err(format_args!("Wrote it to: {}.\n", profiles.join(", "))),
        Progress::Deactivated(id) => ui.err(format_args!("Deactivated {id}.\n")),
        Progress::Deleted(id) => ui.err(format_args!("Deleted {id}.\n")),
    }
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3600),
        Some((at, 'd')) => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let seconds =
        number.parse::<u32>().map_err(|_| "not a duration such as 7d, 12h, 30m or 90".to_owned())?;
    Ok(Duration::from_secs(u64::from(seconds) * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_or_are_seconds() {
        for (text, seconds) in [("0", Some(0)), ("90", Some(90)), ("30m", Some(1800)), ("7d", Some(604_800))]
        {
            assert_eq!(parse_duration(text).ok().map(|duration| duration.as_secs()), seconds, "{text}");
        }
        for text in ["", "d", "-1", "1w", "1.5h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
