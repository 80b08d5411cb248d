//! S3 as the user's settings have it.

use awsx_api::{CallError, ClientConfig, Identity, RetrySettings, S3Settings};
use awsx_core::settings::{Origin, table};
use awsx_s3::wire::{PATIENT_ATTEMPTS, S3};

use super::results::{self, Kin, ResultLine};
use crate::commands::operation::{retry, s3_settings, user_agent};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::renewal::ProfileKeys;

/// S3 in the region in use.
pub(super) async fn s3(context: &Context) -> CommandResult<S3> {
    let settings = &context.settings;
    let access = context.s3_access().await?;
    let attempts = settings.resolve(&table::MAX_ATTEMPTS)?;
    let are_set = attempts.is_some_and(|resolved| resolved.origin != Origin::Default);
    let is_accelerate = access.endpoint_url.as_deref().is_some_and(|url| url.contains("s3-accelerate."));
    let of_block = s3_settings(settings)?;
    let is_dual_stack = settings
        .scoped()?
        .nested("s3", "use_dualstack_endpoint")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Ok(S3::new(ClientConfig {
        region: Some(access.region),
        endpoint_url: access.endpoint_url.filter(|_| !is_accelerate),
        identity: match access.credentials {
            Some(credentials) => Identity::Keys(ProfileKeys::renewing(context, &credentials)?),
            None => Identity::Anonymous,
        },
        use_fips: settings.is_true(&table::USE_FIPS)?,
        use_dualstack: is_dual_stack || settings.is_true(&table::USE_DUALSTACK)?,
        s3: S3Settings { accelerate: of_block.accelerate || is_accelerate, ..of_block },
        retry: RetrySettings {
            patience: Some(if are_set { 0 } else { PATIENT_ATTEMPTS }),
            ..retry(settings)?
        },
        user_agent: user_agent(settings)?,
        ..ClientConfig::new(context.clients()?.http().clone())
    }))
}

/// S3 for the source of copies, which may lie in another region. There `--endpoint-url` is not asked.
pub(super) fn source_s3(context: &Context, s3: &S3, region: Option<&str>) -> CommandResult<S3> {
    let Some(region) = region else { return Ok(s3.clone()) };
    let endpoint_url = configured_endpoint_url(context)?;
    Ok(S3::new(ClientConfig { region: Some(region.to_owned()), endpoint_url, ..s3.config().clone() }))
}

/// S3 for a verb of another service, whose own `--endpoint-url` is.
pub(crate) async fn client_for_verb(context: &Context) -> CommandResult<S3> {
    let s3 = s3(context).await?;
    Ok(S3::new(ClientConfig { endpoint_url: configured_endpoint_url(context)?, ..s3.config().clone() }))
}

fn configured_endpoint_url(context: &Context) -> CommandResult<Option<String>> {
    let configured = context.settings.configured_endpoint_url("S3").map_err(CommandError::from)?;
    Ok(configured.map(|resolved| resolved.value))
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
    context.ui.err(format_args!("{what} failed: {path} {}\n", results::words(error)));
    CommandError::said(1)
}
