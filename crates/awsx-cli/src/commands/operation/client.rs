//! From the user's settings to a client of a service.

use aws_credential_types::provider::SharedCredentialsProvider;
use awsx_api::{
    AccountIdEndpoints, Addressing, ChecksumUse, Client, ClientConfig, Identity, RetryMode, RetrySettings,
    S3Settings, Timestamps,
};
use awsx_auth::Credentials;
use awsx_core::Secret;
use awsx_core::settings::{Setting, Settings, table};
use awsx_model::{Operation, Service};
use awsx_params::BinaryFormat;

use super::Instead;
use crate::context::{self, Context, Signature, check_region};
use crate::error::{CommandError, CommandResult, Kind};

/// What is known of a client before the parameters are checked: AWS CLI tells a missing region first, and missing
/// credentials last.
pub(super) struct Plan {
    region: String,
    endpoint_url: Option<String>,
    signer: Signer,
}

/// Whose keys are to sign.
enum Signer {
    /// The settings say it.
    Settings(Signature),
    /// These.
    Keys(Box<Credentials>),
}

impl Plan {
    /// Reads the settings that can be wrong.
    pub(super) fn of(context: &Context, service: &Service) -> CommandResult<Self> {
        Self::with(context, service, Instead::default())
    }

    /// The same, with something else in a setting's place.
    pub(super) fn with(context: &Context, service: &Service, instead: Instead) -> CommandResult<Self> {
        let signer = match instead.credentials {
            Some(keys) => Signer::Keys(Box::new(keys)),
            None => Signer::Settings(context.plan_signature()?),
        };
        let region = match (instead.region, awsx_api::region_unless_set(service.name)) {
            (Some(region), _) => check_region(region)?,
            (None, Some(region)) if context.settings.text(&table::REGION)?.is_none() => region.to_owned(),
            _ => context.region()?,
        };
        Ok(Self { region, endpoint_url: context.endpoint_url(service.service_id)?, signer })
    }

    /// The region.
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// The client, with credentials if the operation needs them.
    pub(super) async fn client(
        self,
        context: &Context,
        service: &'static Service,
        operation: &Operation,
    ) -> CommandResult<Client> {
        let clients = context.clients()?;
        let settings = &context.settings;
        let identity = match self.signer {
            Signer::Settings(signature) => identity(context, service, operation, signature).await?,
            Signer::Keys(keys) => Identity::Keys(SharedCredentialsProvider::new(keys.to_sdk())),
        };
        let config = ClientConfig {
            region: Some(self.region),
            endpoint_url: self.endpoint_url,
            discovers_endpoints: context.globals.endpoint_url.is_none(),
            endpoint_rules: super::catalog(context.env()).rules(service.name)?,
            identity,
            retry: retry(settings)?,
            use_fips: settings.is_true(&table::USE_FIPS)?,
            use_dualstack: settings.is_true(&table::USE_DUALSTACK)?,
            s3: s3(settings)?,
            request_checksums: checksums(settings, &table::REQUEST_CHECKSUMS)?,
            response_checksums: checksums(settings, &table::RESPONSE_CHECKSUMS)?,
            account_id_endpoints: account_id_endpoints(settings)?,
            compress_from: compress_from(settings)?,
            disable_host_prefix: settings.is_true(&table::DISABLE_HOST_PREFIX)?,
            user_agent: user_agent(settings)?,
            timestamps: timestamps(settings)?,
            ..ClientConfig::new(clients.http().clone())
        };
        Ok(Client::new(service, config))
    }
}

async fn identity(
    context: &Context,
    service: &Service,
    operation: &Operation,
    signature: Signature,
) -> CommandResult<Identity> {
    let Signature::By(link) = signature else { return Ok(Identity::Anonymous) };
    if !awsx_api::is_signed(service, operation) {
        return Ok(Identity::Missing);
    }
    if let Some(token) = token(context, service) {
        return Ok(Identity::Token { token, keys: None });
    }
    let Some(link) = link else { return Err(context::no_credentials()) };
    let credentials = context.resolve(&link).await?;
    Ok(Identity::Keys(SharedCredentialsProvider::new(credentials.to_sdk())))
}

/// A service's bearer token from the environment (`AWS_BEARER_TOKEN_BEDROCK`).
fn token(context: &Context, service: &Service) -> Option<Secret<String>> {
    let name = service.signing_name().to_ascii_uppercase().replace(['-', ' '], "_");
    let token = context.env().var_filled(&format!("AWS_BEARER_TOKEN_{name}"))?;
    Some(Secret::new(token.to_owned()))
}

fn retry(settings: &Settings) -> CommandResult<RetrySettings> {
    let mode = match settings.text(&table::RETRY_MODE)?.as_deref() {
        Some("adaptive") => RetryMode::Adaptive,
        Some("legacy") => RetryMode::Legacy,
        _ => RetryMode::Standard,
    };
    let attempts = settings.integer(&table::MAX_ATTEMPTS)?.unwrap_or(3);
    Ok(RetrySettings { mode, max_attempts: u32::try_from(attempts).unwrap_or(u32::MAX).max(1) })
}

fn checksums(settings: &Settings, setting: &Setting) -> CommandResult<ChecksumUse> {
    let required = settings.text(setting)?.is_some_and(|when| when.eq_ignore_ascii_case("when_required"));
    Ok(if required { ChecksumUse::WhenRequired } else { ChecksumUse::WhenSupported })
}

fn account_id_endpoints(settings: &Settings) -> CommandResult<AccountIdEndpoints> {
    Ok(match settings.text(&table::ACCOUNT_ID_ENDPOINTS)?.as_deref() {
        Some("disabled") => AccountIdEndpoints::Disabled,
        Some("required") => AccountIdEndpoints::Required,
        _ => AccountIdEndpoints::Preferred,
    })
}

fn compress_from(settings: &Settings) -> CommandResult<Option<usize>> {
    if settings.is_true(&table::DISABLE_COMPRESSION)? {
        return Ok(None);
    }
    let bytes = settings.integer(&table::COMPRESS_FROM)?.unwrap_or(10_240);
    Ok(Some(usize::try_from(bytes).unwrap_or(usize::MAX)))
}

fn user_agent(settings: &Settings) -> CommandResult<String> {
    let awsx = concat!("awsx/", env!("CARGO_PKG_VERSION"));
    Ok(match settings.text(&table::APP_ID)?.filter(|name| !name.is_empty()) {
        Some(name) => format!("{awsx} app/{name}"),
        None => awsx.to_owned(),
    })
}

fn timestamps(settings: &Settings) -> CommandResult<Timestamps> {
    match settings.text(&table::TIMESTAMP_FORMAT)?.as_deref() {
        None | Some("iso8601") => Ok(Timestamps::Iso8601(jiff::tz::TimeZone::system())),
        Some("wire") => Ok(Timestamps::Wire),
        Some(other) => Err(CommandError::new(
            Kind::Configuration,
            format!("Unknown cli_timestamp_format value: {other}, valid values are \"wire\" or \"iso8601\""),
        )),
    }
}

/// How bytes are given on the command line.
pub(super) fn binary_format(context: &Context) -> CommandResult<BinaryFormat> {
    let format = context.settings.text(&table::BINARY_FORMAT)?;
    Ok(if format.as_deref() == Some("raw-in-base64-out") { BinaryFormat::Raw } else { BinaryFormat::Base64 })
}

/// The block `s3 =` of the profile.
fn s3(settings: &Settings) -> CommandResult<S3Settings> {
    let scoped = settings.scoped()?;
    let is_true =
        |key: &str| scoped.nested("s3", key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let scoped_true = |key: &str| scoped.text(key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let use_arn_region = scoped.nested("s3", "use_arn_region").or_else(|| scoped.text("s3_use_arn_region"));
    let use_arn_region = use_arn_region.map(|value| value.eq_ignore_ascii_case("true"));
    Ok(S3Settings {
        addressing: match scoped.nested("s3", "addressing_style") {
            Some("path") => Addressing::Path,
            Some("virtual") => Addressing::Virtual,
            _ => Addressing::Auto,
        },
        accelerate: is_true("use_accelerate_endpoint"),
        use_arn_region: use_arn_region != Some(false),
        use_arn_region_of_control: use_arn_region == Some(true),
        disable_multiregion_access_points: scoped_true("s3_disable_multiregion_access_points"),
        disable_express_sessions: scoped_true("s3_disable_express_session_auth"),
        legacy_us_east_1: scoped.nested("s3", "us_east_1_regional_endpoint") == Some("legacy"),
        sign_payloads: is_true("payload_signing_enabled"),
    })
}
