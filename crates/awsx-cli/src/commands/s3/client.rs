//! S3 as the user's settings have it.

use awsx_api::{CallError, RetrySettings};
use awsx_core::settings::{Origin, table};
use awsx_s3::wire::{Addressing, Config, PATIENT_ATTEMPTS, S3};

use super::results::{self, Kin, ResultLine};
use super::settings::S3Settings;
use crate::commands::operation::retry;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::renewal::ProfileKeys;

/// S3 in the region in use.
pub(super) async fn s3(context: &Context) -> CommandResult<S3> {
    let access = context.s3_access().await?;
    let settings = S3Settings::resolve(&context.settings)?;
    let are_set = context
        .settings
        .resolve(&table::MAX_ATTEMPTS)?
        .is_some_and(|resolved| resolved.origin != Origin::Default);
    let is_accelerate = access.endpoint_url.as_deref().is_some_and(|url| url.contains("s3-accelerate."));
    let app = context.settings.text(&table::APP_ID)?.map(|app| format!(" app/{app}")).unwrap_or_default();
    let keys = match access.credentials {
        Some(credentials) => Some(ProfileKeys::renewing(context, &credentials)?),
        None => None,
    };
    let config = Config {
        region: access.region,
        endpoint_url: access.endpoint_url.filter(|_| !is_accelerate),
        keys,
        fips: context.settings.is_true(&table::USE_FIPS)?,
        dual_stack: settings.dual_stack || context.settings.is_true(&table::USE_DUALSTACK)?,
        accelerate: settings.accelerate || is_accelerate,
        addressing: settings.addressing,
        use_arn_region: settings.use_arn_region,
        sign_payload: settings.sign_payload,
        retry: RetrySettings {
            patience: Some(if are_set { 0 } else { PATIENT_ATTEMPTS }),
            ..retry(&context.settings)?
        },
        user_agent: format!("awsx/{}{app}", env!("CARGO_PKG_VERSION")),
        env: context.env().clone(),
    };
    Ok(S3::new(context.clients()?.http().clone(), config))
}

/// S3 for the source of copies, which may lie in another region. There a server of one's own is not asked.
pub(super) fn source_s3(context: &Context, s3: &S3, region: Option<&str>) -> CommandResult<S3> {
    let Some(region) = region else { return Ok(s3.clone()) };
    let endpoint_url = context
        .settings
        .configured_endpoint_url("S3")
        .map_err(CommandError::from)?
        .map(|resolved| resolved.value);
    let config = Config { region: region.to_owned(), endpoint_url, ..s3.config().clone() };
    Ok(S3::new(context.clients()?.http().clone(), config))
}

/// Refuses what cannot be a bucket before anybody is asked for it.
pub(super) fn check_bucket(bucket: &str) -> CommandResult {
    awsx_s3::wire::check_bucket(bucket).map_err(|error| CommandError::usage(error.to_string()))
}

/// The line of a request that failed, as the commands on buckets put it, and their exit code.
pub(super) fn failed(context: &Context, what: &'static str, path: &str, error: &CallError) -> CommandError {
    if results::are_json(context, Kin::Data).unwrap_or_default() {
        let line = ResultLine::new(what, Some(path.to_owned()), None).failed(error.into());
        if let Err(error) = context.ui.out(format_args!("{}", results::line(&line))) {
            return error;
        }
    }
    context.ui.err(format_args!("{what} failed: {path} {error}\n"));
    CommandError::said(1)
}

/// The addressing style by its name; what is unknown leaves the choice to the rules.
pub(super) fn addressing(name: &str) -> Addressing {
    match name {
        "path" => Addressing::Path,
        "virtual" => Addressing::Virtual,
        _ => Addressing::Auto,
    }
}
