//! What a client is told: where, as whom, and how patiently.

use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use awsx_core::Secret;
use awsx_http::HttpClient;
use awsx_model::{AuthScheme, EndpointRules};
use jiff::tz::TimeZone;

use crate::wire::Keys;

/// How a client asks a service.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Sends the requests.
    pub http: HttpClient,
    /// The region, if one is set; some services need none.
    pub region: Option<String>,
    /// A URL to ask instead of the one that the service's rules give.
    pub endpoint_url: Option<String>,
    /// Whether services that list their own endpoints are asked for them first.
    pub endpoint_discovery: EndpointDiscovery,
    /// The service's endpoint rules, where they are not the built-in ones of its name.
    pub endpoint_rules: Option<&'static EndpointRules>,
    /// As whom.
    pub identity: Identity,
    /// Ways to sign that go before others, the best first, where a service takes several.
    pub preferred_auth: Vec<AuthScheme>,
    /// The regions that a signature for several regions is good for, if not those that the endpoint's rules say.
    pub sigv4a_regions: Option<String>,
    /// How failed requests are repeated.
    pub retry: RetrySettings,
    /// Endpoints validated under FIPS 140.
    pub use_fips: bool,
    /// Endpoints that answer over IPv6 too.
    pub use_dualstack: bool,
    /// What only S3 knows.
    pub s3: S3Settings,
    /// When requests carry a checksum.
    pub request_checksums: ChecksumUse,
    /// When answers are checked.
    pub response_checksums: ChecksumUse,
    /// Whether endpoints carry the account's id.
    pub account_id_endpoints: AccountIdEndpoints,
    /// Leaves out what operations put before the host.
    pub disable_host_prefix: bool,
    /// The size in bytes from which bodies are packed where the service can unpack them; none never packs.
    pub compress_from: Option<usize>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// How moments in answers are written.
    pub timestamps: Timestamps,
    /// What time it is.
    pub clock: SharedTimeSource,
}

impl ClientConfig {
    /// The defaults of AWS CLI, without a region and without a signature.
    pub fn new(http: HttpClient) -> Self {
        Self {
            http,
            region: None,
            endpoint_url: None,
            endpoint_discovery: EndpointDiscovery::WhereRequired,
            endpoint_rules: None,
            identity: Identity::Anonymous,
            preferred_auth: Vec::new(),
            sigv4a_regions: None,
            retry: RetrySettings::default(),
            use_fips: false,
            use_dualstack: false,
            s3: S3Settings::default(),
            request_checksums: ChecksumUse::WhenSupported,
            response_checksums: ChecksumUse::WhenSupported,
            account_id_endpoints: AccountIdEndpoints::Preferred,
            disable_host_prefix: false,
            compress_from: Some(10_240),
            user_agent: concat!("awsx/", env!("CARGO_PKG_VERSION")).to_owned(),
            timestamps: Timestamps::Iso8601(Zone::Of(TimeZone::UTC)),
            clock: SharedTimeSource::new(SystemTimeSource::new()),
        }
    }
}

/// Whether services that list their own endpoints are asked for them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointDiscovery {
    /// No, and no operation needs it. AWS CLI has it so where the URL is an option of the command.
    Off,
    /// No; it is an error where an operation needs it.
    Refused,
    /// For operations that need it, even where a URL is set.
    WhereRequired,
    /// For operations that can do with it too.
    WherePossible,
}

/// As whom a service is asked.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Requests are signed with these credentials.
    Keys(Keys),
    /// There are none, though requests that need no signature may be sent.
    Missing,
    /// Nothing is signed, whatever the service wants (`--no-sign-request`).
    Anonymous,
    /// Services that take tokens get this one, all others are signed with the credentials, if there are any.
    Token {
        /// The token.
        token: Secret<String>,
        /// For services that take no tokens.
        keys: Option<Keys>,
    },
}

/// How failed requests are repeated.
#[derive(Debug, Clone, Copy)]
pub struct RetrySettings {
    /// By which rules.
    pub mode: RetryMode,
    /// How often a request is sent at most, the first time included.
    pub max_attempts: u32,
    /// How often it is sent, where that is more, to a service that asks to come slower. Such repeats wait for a while and
    /// cost nothing of the budget. None: such an answer is like any other.
    pub patience: Option<u32>,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self { mode: RetryMode::Standard, max_attempts: 3, patience: None }
    }
}

/// The rules by which failed requests are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryMode {
    /// The first rules of AWS CLI: no budget, other waits.
    Legacy,
    /// With a budget for repeats.
    Standard,
    /// The same, and slower after being throttled.
    Adaptive,
}

/// What only S3 knows.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of the user's")]
pub struct S3Settings {
    /// Where the bucket's name stands.
    pub addressing: Addressing,
    /// `use_accelerate_endpoint`.
    pub accelerate: bool,
    /// `s3_use_arn_region`: a bucket's ARN says which region is asked.
    pub use_arn_region: bool,
    /// The same for S3 Control.
    pub use_arn_region_of_control: bool,
    /// `s3_disable_multiregion_access_points`.
    pub disable_multiregion_access_points: bool,
    /// `s3_disable_express_session_auth`.
    pub disable_express_sessions: bool,
    /// `s3_us_east_1_regional_endpoint` is `legacy`.
    pub legacy_us_east_1: bool,
    /// `payload_signing_enabled`: bodies are signed even over TLS.
    pub sign_payloads: bool,
}

impl Default for S3Settings {
    fn default() -> Self {
        Self {
            addressing: Addressing::Auto,
            accelerate: false,
            use_arn_region: true,
            use_arn_region_of_control: false,
            disable_multiregion_access_points: false,
            disable_express_sessions: false,
            legacy_us_east_1: false,
            sign_payloads: false,
        }
    }
}

/// Where a bucket's name stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Addressing {
    /// In the host where it can.
    #[default]
    Auto,
    /// In the path.
    Path,
    /// In the host.
    Virtual,
}

/// When checksums are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecksumUse {
    /// Wherever the operation can.
    WhenSupported,
    /// Only where the operation must.
    WhenRequired,
}

/// Whether endpoints carry the account's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountIdEndpoints {
    /// Where the id is known.
    Preferred,
    /// Never.
    Disabled,
    /// Always; it is an error not to know it.
    Required,
}

/// How moments in answers are written.
#[derive(Debug, Clone)]
pub enum Timestamps {
    /// As Python's `isoformat` does. What comes as seconds since 1970 is shown in this zone.
    Iso8601(Zone),
    /// As they came.
    Wire,
}

/// A time zone.
#[derive(Debug, Clone)]
pub enum Zone {
    /// The system's, which is looked for when a moment needs it: that takes a walk through a large folder, and most
    /// answers have no such moment.
    System,
    /// This one.
    Of(TimeZone),
}

impl Zone {
    pub(crate) fn find(&self) -> TimeZone {
        match self {
            Self::System => TimeZone::system(),
            Self::Of(zone) => zone.clone(),
        }
    }
}
