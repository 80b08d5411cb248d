//! Typed SDK clients for the services that sign-in needs, all made the same way.

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use awsx_core::Env;
use awsx_core::settings::{Settings, SettingsError, table};
use awsx_http::HttpClient;

use crate::Credentials;

/// Makes clients from the user's settings over one HTTP connector.
///
/// `aws-config`'s own loader is not used: it would parse the files again.
#[derive(Clone, Copy, Debug)]
pub struct Clients<'a> {
    settings: &'a Settings,
    http: &'a HttpClient,
}

impl<'a> Clients<'a> {
    /// Clients for these settings.
    pub fn new(settings: &'a Settings, http: &'a HttpClient) -> Self {
        Self { settings, http }
    }

    /// The settings behind them.
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// The connector, for requests that no SDK client makes.
    pub fn http(&self) -> &'a HttpClient {
        self.http
    }

    pub(crate) fn env(&self) -> &'a Env {
        self.settings.env()
    }

    /// The SDK configuration for a service in a region. Without credentials, requests are not signed.
    pub fn sdk_config(
        &self,
        region: &str,
        endpoint_url: Option<String>,
        credentials: Option<&Credentials>,
    ) -> Result<SdkConfig, SettingsError> {
        let attempts = self.settings.max_attempts()?;
        let retry = match self.settings.text(&table::RETRY_MODE)?.as_deref() {
            Some("adaptive") => RetryConfig::adaptive(),
            _ => RetryConfig::standard(),
        };
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .http_client(self.http.clone())
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            .retry_config(retry.with_max_attempts(attempts))
            // The connector keeps the user's limits itself.
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .use_fips(self.settings.is_true(&table::USE_FIPS)?)
            .use_dual_stack(self.settings.is_true(&table::USE_DUALSTACK)?);
        if let Some(url) = endpoint_url {
            config = config.endpoint_url(url);
        }
        if let Some(credentials) = credentials {
            config = config.credentials_provider(SharedCredentialsProvider::new(credentials.to_sdk()));
        }
        let app = self.settings.text(&table::APP_ID)?.unwrap_or_else(|| "awsx".to_owned());
        if let Ok(app) = AppName::new(app) {
            config = config.app_name(app);
        }
        Ok(config.build())
    }

    /// For the calls behind a command: `--endpoint-url` is meant for the command's own service and left out.
    pub(crate) fn supporting(
        &self,
        service_id: &str,
        region: &str,
        credentials: Option<&Credentials>,
    ) -> Result<SdkConfig, SettingsError> {
        let endpoint = self.settings.configured_endpoint_url(service_id)?;
        self.sdk_config(region, endpoint.map(|url| url.value), credentials)
    }

    pub(crate) fn oidc(&self, region: &str) -> Result<aws_sdk_ssooidc::Client, SettingsError> {
        Ok(aws_sdk_ssooidc::Client::new(&self.supporting("SSO OIDC", region, None)?))
    }

    pub(crate) fn portal(&self, region: &str) -> Result<aws_sdk_sso::Client, SettingsError> {
        Ok(aws_sdk_sso::Client::new(&self.supporting("SSO", region, None)?))
    }

    /// IAM, which has one endpoint a partition: any region of it will do.
    pub fn iam(&self, region: &str, credentials: &Credentials) -> Result<aws_sdk_iam::Client, SettingsError> {
        Ok(aws_sdk_iam::Client::new(&self.supporting("IAM", region, Some(credentials))?))
    }

    pub(crate) fn sts(
        &self,
        region: &str,
        credentials: Option<&Credentials>,
    ) -> Result<aws_sdk_sts::Client, SettingsError> {
        Ok(aws_sdk_sts::Client::new(&self.supporting("STS", region, credentials)?))
    }
}
