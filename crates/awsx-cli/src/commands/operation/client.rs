//! From the user's settings to a client of a service.

use awsx_api::{
    AccountIdEndpoints, Addressing, ChecksumUse, Client, ClientConfig, EndpointDiscovery, Identity,
    RetryMode, RetrySettings, S3Settings, Timestamps, Zone,
};
use awsx_auth::Credentials;
use awsx_core::settings::{Setting, Settings, table};
use awsx_model::{Operation, Service};
use awsx_params::BinaryFormat;

use super::{Instead, identity};
use crate::context::{Context, Signature, check_region};
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
        let endpoint_url = match instead {
            Instead { endpoint_url: Some(url), .. } => Some(url),
            Instead { ignores_endpoint_option: true, .. } => {
                context.settings.configured_endpoint_url(service.service_id)?.map(|resolved| resolved.value)
            }
            _ => context.endpoint_url(service.service_id)?,
        };
        Ok(Self { region, endpoint_url, signer })
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
            Signer::Settings(signature) => identity::resolve(context, service, operation, signature).await?,
            Signer::Keys(keys) => Identity::Keys(keys.to_sdk().into()),
        };
        let config = ClientConfig {
            region: Some(self.region),
            endpoint_url: self.endpoint_url,
            endpoint_discovery: endpoint_discovery(context, service)?,
            endpoint_rules: super::catalog(context.env()).rules(service.name)?,
            identity,
            preferred_auth: identity::preferred_auth(context)?,
            sigv4a_regions: settings.text(&table::SIGV4A_REGIONS)?,
            retry: retry(settings)?,
            use_fips: settings.is_true(&table::USE_FIPS)?,
            use_dualstack: settings.is_true(&table::USE_DUALSTACK)?,
            s3: s3_settings(settings)?,
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

/// How failed requests are repeated.
pub(crate) fn retry(settings: &Settings) -> CommandResult<RetrySettings> {
    let mode = match settings.text(&table::RETRY_MODE)?.as_deref() {
        Some("adaptive") => RetryMode::Adaptive,
        // AWS CLI refuses it, though it stands in files that boto3 shares.
        Some("legacy") => RetryMode::Legacy,
        None | Some("standard") => RetryMode::Standard,
        Some(other) => {
            return Err(CommandError::general(format!(
                "Invalid value provided to \"mode\": \"{other}\" must be one of: \"standard\" or \"adaptive\""
            )));
        }
    };
    Ok(RetrySettings { mode, max_attempts: settings.max_attempts()?, patience: None })
}

/// AWS CLI does not look where the address is an option of the command.
fn endpoint_discovery(context: &Context, service: &Service) -> CommandResult<EndpointDiscovery> {
    let is_listed = service.operations.iter().any(|operation| operation.lists_endpoints);
    if context.globals.endpoint_url.is_some() || !is_listed {
        return Ok(EndpointDiscovery::Off);
    }
    let value = context.settings.text(&table::ENDPOINT_DISCOVERY)?.unwrap_or_default();
    match value.trim().to_ascii_lowercase().as_str() {
        "auto" => Ok(EndpointDiscovery::WhereRequired),
        "true" => Ok(EndpointDiscovery::WherePossible),
        "false" => Ok(EndpointDiscovery::Refused),
        other => Err(CommandError::general(format!(
            "Unsupported configuration value for endpoint_discovery_enabled. Expected one of (\"true\", \"false\", \
             \"auto\") but got {other}."
        ))),
    }
}

/// When checksums are used, by one of the two settings.
pub(crate) fn checksums(settings: &Settings, setting: &Setting) -> CommandResult<ChecksumUse> {
    match settings.text(setting)?.unwrap_or_default().to_ascii_lowercase().as_str() {
        "when_supported" => Ok(ChecksumUse::WhenSupported),
        "when_required" => Ok(ChecksumUse::WhenRequired),
        other => Err(CommandError::general(format!(
            "Unsupported configuration value for {}. Expected one of ('when_supported', 'when_required') but got \
             {other}.",
            setting.name
        ))),
    }
}

fn account_id_endpoints(settings: &Settings) -> CommandResult<AccountIdEndpoints> {
    match settings.text(&table::ACCOUNT_ID_ENDPOINTS)?.unwrap_or_default().to_ascii_lowercase().as_str() {
        "preferred" => Ok(AccountIdEndpoints::Preferred),
        "disabled" => Ok(AccountIdEndpoints::Disabled),
        "required" => Ok(AccountIdEndpoints::Required),
        other => Err(CommandError::general(format!(
            "The configured value '{other}' for 'account_id_endpoint_mode' is invalid. Valid values are: ('preferred', \
             'disabled', 'required')."
        ))),
    }
}

/// AWS CLI looks at the number even where nothing is packed.
fn compress_from(settings: &Settings) -> CommandResult<Option<usize>> {
    let value = settings.text(&table::COMPRESS_FROM)?.unwrap_or_default();
    let wrong = |why: &str| {
        let setting = table::COMPRESS_FROM.name;
        Err(CommandError::general(format!("Invalid value \"{value}\" for {setting}. Value must be {why}")))
    };
    match value.trim().parse::<i64>() {
        Err(_) => wrong("an integer. Received <class 'str'> instead."),
        Ok(1..=1_048_576) if settings.is_true(&table::DISABLE_COMPRESSION)? => Ok(None),
        Ok(bytes @ 1..=1_048_576) => Ok(usize::try_from(bytes).ok()),
        Ok(_) => wrong("between 1 and 1048576."),
    }
}

/// The `User-Agent`, with the name that the user gives an application.
pub(crate) fn user_agent(settings: &Settings) -> CommandResult<String> {
    let awsx = concat!("awsx/", env!("CARGO_PKG_VERSION"));
    Ok(match settings.text(&table::APP_ID)?.filter(|name| !name.is_empty()) {
        Some(name) => format!("{awsx} app/{name}"),
        None => awsx.to_owned(),
    })
}

fn timestamps(settings: &Settings) -> CommandResult<Timestamps> {
    match settings.text(&table::TIMESTAMP_FORMAT)?.as_deref() {
        None | Some("iso8601") => Ok(Timestamps::Iso8601(Zone::System)),
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

/// How a bucket stands in a URL, by the style's name.
fn addressing(style: Option<&str>) -> CommandResult<Addressing> {
    match style {
        None | Some("auto") => Ok(Addressing::Auto),
        Some("path") => Ok(Addressing::Path),
        Some("virtual") => Ok(Addressing::Virtual),
        Some(other) => Err(CommandError::general(format!(
            "S3 addressing style {other} is invalid. Valid options are: 'auto', 'virtual', and 'path'"
        ))),
    }
}

/// What the block `s3 =` of the profile, and the settings beside it, say of how S3 is asked.
pub(crate) fn s3_settings(settings: &Settings) -> CommandResult<S3Settings> {
    let scoped = settings.scoped()?;
    let is_true =
        |key: &str| scoped.nested("s3", key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let scoped_true = |key: &str| scoped.text(key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let of_environment = settings.env().var_filled("AWS_S3_USE_ARN_REGION");
    let of_profile = || scoped.text("s3_use_arn_region").or_else(|| scoped.nested("s3", "use_arn_region"));
    let use_arn_region = of_environment.or_else(of_profile);
    let use_arn_region = use_arn_region.map(|value| value.eq_ignore_ascii_case("true"));
    Ok(S3Settings {
        addressing: addressing(scoped.nested("s3", "addressing_style"))?,
        accelerate: is_true("use_accelerate_endpoint"),
        use_arn_region: use_arn_region != Some(false),
        use_arn_region_of_control: use_arn_region == Some(true),
        disable_multiregion_access_points: scoped_true("s3_disable_multiregion_access_points"),
        disable_express_sessions: settings.is_true(&table::DISABLE_EXPRESS_SESSIONS)?,
        legacy_us_east_1: scoped.nested("s3", "us_east_1_regional_endpoint") == Some("legacy"),
        sign_payloads: is_true("payload_signing_enabled"),
    })
}
