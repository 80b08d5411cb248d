//! What a person can set about connections.

use std::path::PathBuf;
use std::time::Duration;

use awsx_core::settings::{Settings, SettingsError, table};

/// How connections are made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// PEM file of the certificate authorities to trust instead of the system's.
    pub ca_bundle: Option<PathBuf>,
    /// Accepts any certificate (`--no-verify-ssl`).
    pub skip_verification: bool,
    /// Limit for reaching the server, TLS included; none waits for ever.
    pub connect_timeout: Option<Duration>,
    /// Limit for a connection on which nothing moves; none waits for ever.
    pub read_timeout: Option<Duration>,
    /// Proxy for `http` URLs.
    pub http_proxy: Option<String>,
    /// Proxy for `https` URLs.
    pub https_proxy: Option<String>,
    /// Hosts reached without a proxy, separated by commas.
    pub no_proxy: Option<String>,
}

impl Options {
    /// Takes the options from flags, environment and profile.
    pub fn resolve(settings: &Settings) -> Result<Self, SettingsError> {
        let env = settings.env();
        // Lower case first: that is the spelling every other tool honours.
        let proxy = |lower: &str| {
            let upper = lower.to_ascii_uppercase();
            env.var_filled(lower).or_else(|| env.var_filled(&upper)).map(str::to_owned)
        };
        Ok(Self {
            ca_bundle: settings.text(&table::CA_BUNDLE)?.map(|path| env.expand_path(&path)),
            skip_verification: settings.is_true(&table::NO_VERIFY_SSL)?,
            connect_timeout: settings.time_limit(&table::CONNECT_TIMEOUT, "connect")?,
            read_timeout: settings.time_limit(&table::READ_TIMEOUT, "read")?,
            http_proxy: proxy("http_proxy").or_else(|| proxy("all_proxy")),
            https_proxy: proxy("https_proxy").or_else(|| proxy("all_proxy")),
            no_proxy: proxy("no_proxy"),
        })
    }
}
