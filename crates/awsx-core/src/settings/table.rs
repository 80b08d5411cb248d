//! Every setting, by name: its option, variables, config key and default.
//!
//! The rows are AWS CLI's; the reference page of settings is made from this table.

/// One setting and the places that can set it.
#[derive(Debug)]
pub struct Setting {
    /// What it is called in the reference.
    pub name: &'static str,
    /// The command-line option.
    pub flag: Option<&'static str>,
    /// Environment variables, the first that is set wins.
    pub variables: &'static [&'static str],
    /// Whether a variable set to nothing is an answer (`AWS_PAGER=` means no pager) or no answer.
    pub empty_counts: bool,
    /// The key in the profile.
    pub config_key: Option<&'static str>,
    /// The value when nothing sets it.
    pub default: Option<&'static str>,
    /// What it does, in a sentence.
    pub help: &'static str,
}

macro_rules! settings {
    ($($id:ident = $name:literal { $($field:ident: $value:expr),* $(,)? })*) => {
        $(
            #[doc = concat!("The setting `", $name, "`.")]
            pub const $id: Setting = Setting { name: $name, $($field: $value,)* ..UNSET };
        )*
        /// Every setting, in the order of the reference.
        pub const ALL: &[&Setting] = &[$(&$id),*];
    };
}

const UNSET: Setting = Setting {
    name: "",
    flag: None,
    variables: &[],
    empty_counts: false,
    config_key: None,
    default: None,
    help: "",
};

settings! {
    PROFILE = "profile" {
        flag: Some("--profile"), variables: &["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
        help: "The profile whose settings and credentials are used (`default` when none is named).",
    }
    REGION = "region" {
        flag: Some("--region"), variables: &["AWS_REGION", "AWS_DEFAULT_REGION"], config_key: Some("region"),
        help: "The AWS Region that requests go to.",
    }
    OUTPUT = "output" {
        flag: Some("--output"), variables: &["AWS_DEFAULT_OUTPUT"], config_key: Some("output"), default: Some("json"),
        help: "How results are shown: json, text, table, yaml, yaml-stream, off, csv or jsonl.",
    }
    CA_BUNDLE = "ca_bundle" {
        flag: Some("--ca-bundle"), variables: &["AWS_CA_BUNDLE"], config_key: Some("ca_bundle"),
        help: "A PEM file of certificate authorities to trust instead of the system's.",
    }
    NO_VERIFY_SSL = "no_verify_ssl" {
        flag: Some("--no-verify-ssl"),
        help: "Whether to accept any TLS certificate, a forged one too.",
    }
    CONNECT_TIMEOUT = "cli_connect_timeout" {
        flag: Some("--cli-connect-timeout"), default: Some("60"),
        help: "Seconds to wait for a connection; 0 waits without limit.",
    }
    READ_TIMEOUT = "cli_read_timeout" {
        flag: Some("--cli-read-timeout"), default: Some("60"),
        help: "Seconds to wait for an answer; 0 waits without limit.",
    }
    RETRY_MODE = "retry_mode" {
        variables: &["AWS_RETRY_MODE"], config_key: Some("retry_mode"), default: Some("standard"),
        help: "How failed requests are repeated: standard, adaptive (slower after being throttled) or legacy (boto3's first rules).",
    }
    MAX_ATTEMPTS = "max_attempts" {
        variables: &["AWS_MAX_ATTEMPTS"], config_key: Some("max_attempts"), default: Some("3"),
        help: "How often a request is sent at most, the first time included.",
    }
    USE_FIPS = "use_fips_endpoint" {
        variables: &["AWS_USE_FIPS_ENDPOINT"], config_key: Some("use_fips_endpoint"),
        help: "Whether to use endpoints validated under FIPS 140.",
    }
    USE_DUALSTACK = "use_dualstack_endpoint" {
        variables: &["AWS_USE_DUALSTACK_ENDPOINT"], config_key: Some("use_dualstack_endpoint"),
        help: "Whether to use endpoints that answer over IPv6 too.",
    }
    IGNORE_CONFIGURED_ENDPOINTS = "ignore_configured_endpoint_urls" {
        variables: &["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], config_key: Some("ignore_configured_endpoint_urls"),
        help: "Whether endpoint URLs of the environment and the files are disregarded; `--endpoint-url` still counts.",
    }
    PAGER = "cli_pager" {
        variables: &["AWS_PAGER"], empty_counts: true, config_key: Some("cli_pager"),
        help: "The program that long output on a terminal goes through; empty for none. Then `PAGER`, then `less`.",
    }
    ERROR_FORMAT = "cli_error_format" {
        flag: Some("--cli-error-format"), variables: &["AWS_CLI_ERROR_FORMAT"], config_key: Some("cli_error_format"),
        default: Some("enhanced"),
        help: "How errors are shown: enhanced, legacy, json, yaml, text or table.",
    }
    BINARY_FORMAT = "cli_binary_format" {
        flag: Some("--cli-binary-format"), config_key: Some("cli_binary_format"), default: Some("base64"),
        help: "How bytes are given as text: base64 or raw-in-base64-out.",
    }
    TIMESTAMP_FORMAT = "cli_timestamp_format" {
        config_key: Some("cli_timestamp_format"), default: Some("iso8601"),
        help: "How points in time are shown: iso8601, or wire for what the service sent.",
    }
    REQUEST_CHECKSUMS = "request_checksum_calculation" {
        variables: &["AWS_REQUEST_CHECKSUM_CALCULATION"], config_key: Some("request_checksum_calculation"),
        default: Some("when_supported"),
        help: "When requests carry a checksum: when_supported or when_required.",
    }
    RESPONSE_CHECKSUMS = "response_checksum_validation" {
        variables: &["AWS_RESPONSE_CHECKSUM_VALIDATION"], config_key: Some("response_checksum_validation"),
        default: Some("when_supported"),
        help: "When answers' checksums are compared: when_supported or when_required.",
    }
    ACCOUNT_ID_ENDPOINTS = "account_id_endpoint_mode" {
        variables: &["AWS_ACCOUNT_ID_ENDPOINT_MODE"], config_key: Some("account_id_endpoint_mode"),
        default: Some("preferred"),
        help: "Whether endpoints carry the account's id where it is known: preferred, required or disabled.",
    }
    DISABLE_COMPRESSION = "disable_request_compression" {
        variables: &["AWS_DISABLE_REQUEST_COMPRESSION"], config_key: Some("disable_request_compression"),
        help: "Whether large requests are sent as they are, even to services that can unpack them.",
    }
    COMPRESS_FROM = "request_min_compression_size_bytes" {
        variables: &["AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES"],
        config_key: Some("request_min_compression_size_bytes"), default: Some("10240"),
        help: "The size in bytes from which requests are packed.",
    }
    PARAMETER_VALIDATION = "parameter_validation" {
        config_key: Some("parameter_validation"), default: Some("true"),
        help: "Whether parameters are checked before anything is sent; what is not `true` is false.",
    }
    ENDPOINT_DISCOVERY = "endpoint_discovery_enabled" {
        variables: &["AWS_ENDPOINT_DISCOVERY_ENABLED"], config_key: Some("endpoint_discovery_enabled"),
        default: Some("auto"),
        help: "Whether services that list their own endpoints are asked for them: auto (where they must), true or false.",
    }
    AUTH_SCHEMES = "auth_scheme_preference" {
        variables: &["AWS_AUTH_SCHEME_PREFERENCE"], config_key: Some("auth_scheme_preference"),
        help: "How requests are signed, the best way first, where a service takes several: sigv4, sigv4a, httpBearerAuth, noAuth.",
    }
    SIGV4A_REGIONS = "sigv4a_signing_region_set" {
        variables: &["AWS_SIGV4A_SIGNING_REGION_SET"], config_key: Some("sigv4a_signing_region_set"),
        help: "The regions that signatures for several regions are good for, with commas between them; `*` for all.",
    }
    DISABLE_EXPRESS_SESSIONS = "s3_disable_express_session_auth" {
        variables: &["AWS_S3_DISABLE_EXPRESS_SESSION_AUTH"], config_key: Some("s3_disable_express_session_auth"),
        help: "Whether S3's directory buckets are asked with the user's own keys, without a session.",
    }
    DISABLE_HOST_PREFIX = "disable_host_prefix_injection" {
        variables: &["AWS_DISABLE_HOST_PREFIX_INJECTION"], config_key: Some("disable_host_prefix_injection"),
        help: "Whether what some operations put before the host is left out.",
    }
    APP_ID = "sdk_ua_app_id" {
        variables: &["AWS_SDK_UA_APP_ID"], config_key: Some("sdk_ua_app_id"),
        help: "A name to add to the User-Agent header.",
    }
    SIGNIN_ENDPOINT = "awsx_signin_endpoint" {
        flag: Some("--signin-endpoint"), variables: &["AWSX_SIGNIN_ENDPOINT"], config_key: Some("awsx_signin_endpoint"),
        help: "Where console sign-in tokens come from, instead of the partition's own address.",
    }
    S3_GLOB = "awsx_s3_glob" {
        variables: &["AWSX_S3_GLOB"], config_key: Some("awsx_s3_glob"),
        help: "Whether `*`, `?`, `[a-z]` and `**` in the paths of `s3` commands are wildcards: `true`.",
    }
    MFA_SESSION = "mfa_session" {
        flag: Some("--mfa-session"), config_key: Some("mfa_session"),
        help: "`auto` uses the profile's access keys only with a session that a code of its `mfa_serial` has opened.",
    }
    MFA_PROCESS = "mfa_process" {
        variables: &["AWSX_MFA_PROCESS"], config_key: Some("mfa_process"),
        help: "A program that prints the current code of the MFA device, with its arguments; no shell reads them.",
    }
    PROCESS_TIMEOUT = "credential_process_timeout" {
        variables: &["AWSX_CREDENTIAL_PROCESS_TIMEOUT"], config_key: Some("credential_process_timeout"),
        default: Some("300"),
        help: "Seconds that a `credential_process` may take.",
    }
    PROCESS_CACHE = "credential_process_cache" {
        variables: &["AWSX_CREDENTIAL_PROCESS_CACHE"], config_key: Some("credential_process_cache"),
        help: "`off` runs a `credential_process` for every command, though its last credentials are still good.",
    }
    COMPLETE_NAMES = "complete_names" {
        variables: &["AWSX_COMPLETE_NAMES"], config_key: Some("complete_names"),
        help: "`off` keeps completion in the shell from asking AWS for the names of buckets, users and the like.",
    }
    METADATA_ENDPOINT = "ec2_metadata_service_endpoint" {
        variables: &["AWS_EC2_METADATA_SERVICE_ENDPOINT"], config_key: Some("ec2_metadata_service_endpoint"),
        help: "Where EC2's instance metadata service is, instead of its own address.",
    }
    METADATA_ENDPOINT_MODE = "ec2_metadata_service_endpoint_mode" {
        variables: &["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
        config_key: Some("ec2_metadata_service_endpoint_mode"),
        help: "Which of EC2's own addresses is asked: ipv4 or ipv6.",
    }
    METADATA_IPV6 = "imds_use_ipv6" {
        variables: &["AWS_IMDS_USE_IPV6"], config_key: Some("imds_use_ipv6"),
        help: "The older way to ask EC2's metadata service over IPv6: `true`.",
    }
    METADATA_TIMEOUT = "metadata_service_timeout" {
        variables: &["AWS_METADATA_SERVICE_TIMEOUT"], config_key: Some("metadata_service_timeout"),
        default: Some("1"),
        help: "Seconds that a request to EC2's metadata service may take.",
    }
    METADATA_ATTEMPTS = "metadata_service_num_attempts" {
        variables: &["AWS_METADATA_SERVICE_NUM_ATTEMPTS"], config_key: Some("metadata_service_num_attempts"),
        default: Some("1"),
        help: "How often EC2's metadata service is asked at most.",
    }
    METADATA_V1_DISABLED = "ec2_metadata_v1_disabled" {
        variables: &["AWS_EC2_METADATA_V1_DISABLED"], config_key: Some("ec2_metadata_v1_disabled"),
        help: "Whether EC2's metadata service is asked with a token only.",
    }
}
