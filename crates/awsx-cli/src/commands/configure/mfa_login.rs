//! `configure mfa-login`: temporary keys with MFA behind them, in a profile of their own.

use awsx_auth::AuthError;
use awsx_auth::partition::Partition;
use awsx_auth::sts::SessionToken;
use awsx_core::ini::Change;
use awsx_core::settings::table;
use awsx_core::timestamp;
use time::OffsetDateTime;

use super::write::{credentials_file_changes, write_credentials};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::wizards::mfa;

/// Exchange long-term keys and an MFA code for temporary keys, and write them to a profile
///
/// Uses the keys of the profile in use, or asks for keys where there are none. The device is the profile's `mfa_serial`
/// unless one is named.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure mfa-login --serial-number arn:aws:iam::111122223333:mfa/alice
  awsx configure mfa-login --profile work --update-profile work-mfa --duration-seconds 3600")]
pub(crate) struct MfaLoginArgs {
    /// Profile to write the temporary keys to (default: asked for)
    #[arg(long, value_name = "NAME")]
    update_profile: Option<String>,
    /// How long the keys last, from 900 to 129600 [default: 43200]
    #[arg(long, value_name = "SECONDS", default_value = "43200", hide_default_value = true)]
    duration_seconds: String,
    /// The MFA device: its ARN, or a hardware device's serial number
    #[arg(long, value_name = "SERIAL")]
    serial_number: Option<String>,
}

pub(crate) fn run(context: &Context, args: &MfaLoginArgs) -> CommandResult {
    let duration_seconds = args.duration_seconds.trim().parse().map_err(|_| {
        let given = &args.duration_seconds;
        CommandError::general(format!("invalid literal for int() with base 10: '{given}'"))
    })?;
    let clients = context.clients()?;
    context.block_on(async {
        let configured = context.credentials().await?;
        let serial = match (&args.serial_number, &configured) {
            (Some(serial), _) => Some(serial.clone()),
            (None, Some(_)) => context.settings.scoped()?.text("mfa_serial").map(str::to_owned),
            (None, None) => None,
        };
        // AWS CLI shows the end in another form to those whom it asked for keys.
        let show_end = if configured.is_some() { timestamp::isoformat } else { with_zone_name };
        let source = match configured {
            Some(credentials) => credentials,
            None => mfa::ask_keys(context)?,
        };
        let mfa_serial = match serial {
            Some(serial) => serial,
            None => mfa::ask_serial(context)?,
        };
        let mfa_code = mfa::ask_code(context)?;
        let profile = match &args.update_profile {
            Some(profile) => profile.clone(),
            None => mfa::ask_profile(context, &mfa::suggest_profile(&mfa_serial))?,
        };
        let session = SessionToken { mfa_serial: &mfa_serial, mfa_code: &mfa_code, duration_seconds };
        let region = region(context, &mfa_serial)?;
        let keys = session.fetch(&clients, &region, &source).await.map_err(refused)?;
        let token = keys.session_token.as_ref().map(|token| token.expose().clone()).unwrap_or_default();
        let changes = vec![
            Change::set("aws_access_key_id", &keys.access_key_id),
            Change::set("aws_secret_access_key", keys.secret_access_key.expose()),
            Change::set("aws_session_token", token),
        ];
        write_credentials(context, &[credentials_file_changes(&profile, changes)])?;
        let expires = keys.expiration.map(show_end).unwrap_or_default();
        context.ui.out(format_args!(
            "Temporary credentials written to profile '{profile}'\nCredentials will expire at {expires}\nTo use these \
             credentials, specify --profile {profile} when running AWS CLI commands\n"
        ))
    })
}

/// The region in use, else the home of the device's partition.
fn region(context: &Context, serial: &str) -> CommandResult<String> {
    match context.settings.text(&table::REGION)? {
        Some(_) => context.region(),
        None => {
            Ok(Partition::of_arn(serial).map_or("us-east-1", |partition| partition.home_region).to_owned())
        }
    }
}

/// `2026-11-22 01:53:20 UTC`
fn with_zone_name(time: OffsetDateTime) -> String {
    timestamp::zulu(time).replace('T', " ").replace('Z', " UTC")
}

/// AWS CLI ends with 1 here, and says "an error occurred" twice.
fn refused(error: AuthError) -> CommandError {
    match error {
        AuthError::Call(error) if error.service().is_some() => {
            CommandError::new(Kind::Incomplete, format!("An error occurred: {error}"))
        }
        other => other.into(),
    }
}
