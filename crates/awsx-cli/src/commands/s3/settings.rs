//! The `s3` block of the config file, and the settings beside it that only S3 has.

use awsx_core::settings::{Settings, SettingsError};
use awsx_s3::bandwidth::Bandwidth;
use awsx_s3::wire::Addressing;

use super::client::addressing;
use crate::error::{CommandError, CommandResult};

const MIB: u64 = 1024 * 1024;

/// What the block says, in AWS CLI's defaults.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the config file")]
pub(super) struct S3Settings {
    /// None: as many as do good.
    pub(super) max_concurrent_requests: Option<usize>,
    pub(super) max_queue_size: usize,
    pub(super) multipart_threshold: u64,
    pub(super) multipart_chunksize: u64,
    pub(super) bandwidth: Bandwidth,
    pub(super) addressing: Addressing,
    pub(super) accelerate: bool,
    pub(super) dual_stack: bool,
    pub(super) sign_payload: Option<bool>,
    pub(super) use_arn_region: bool,
    /// Whether uploads carry a checksum where none is asked for.
    pub(super) sends_checksums: bool,
    /// Whether downloads are held against the object's.
    pub(super) validates_checksums: bool,
}

impl S3Settings {
    pub(super) fn resolve(settings: &Settings) -> CommandResult<Self> {
        let scoped = settings.scoped().map_err(SettingsError::from)?;
        let text = |key: &str| scoped.nested("s3", key).map(str::to_owned);
        let is_true = |key: &str| text(key).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let beside = |variable: &str, key: &str| {
            settings.env().var_filled(variable).or_else(|| scoped.text(key)).map(str::to_ascii_lowercase)
        };
        let size = |key: &'static str| match text(key) {
            None => Ok(8 * MIB),
            Some(value) => positive(key, &value, parse_size(&value)),
        };
        let count = |key: &'static str| match text(key) {
            None => Ok(None),
            Some(value) => positive(key, &value, value.trim().parse().ok()).map(Some),
        };
        let to_usize = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Self {
            max_concurrent_requests: count("max_concurrent_requests")?.map(to_usize),
            max_queue_size: count("max_queue_size")?.map_or(1000, to_usize),
            multipart_threshold: size("multipart_threshold")?,
            multipart_chunksize: size("multipart_chunksize")?,
            bandwidth: match text("max_bandwidth") {
                None => Bandwidth::default(),
                Some(rate) => Bandwidth::limited(parse_rate(&rate)?),
            },
            addressing: text("addressing_style").map_or(Addressing::Auto, |style| addressing(&style)),
            accelerate: is_true("use_accelerate_endpoint"),
            dual_stack: is_true("use_dualstack_endpoint"),
            sign_payload: text("payload_signing_enabled").map(|value| value.eq_ignore_ascii_case("true")),
            use_arn_region: beside("AWS_S3_USE_ARN_REGION", "s3_use_arn_region")
                .is_none_or(|value| value == "true")
                && text("use_arn_region").is_none_or(|value| value.eq_ignore_ascii_case("true")),
            sends_checksums: beside("AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation")
                .as_deref()
                != Some("when_required"),
            validates_checksums: beside("AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation")
                .as_deref()
                != Some("when_required"),
        })
    }
}

fn positive(key: &str, value: &str, number: Option<u64>) -> CommandResult<u64> {
    number
        .filter(|&number| number > 0)
        .ok_or_else(|| CommandError::general(format!("Value for {key} must be a positive integer: {value}")))
}

/// `10MB`, `5GiB` or a plain number of bytes; both kinds of unit count in powers of 1024.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_lowercase();
    let units = [("kib", 1), ("mib", 2), ("gib", 3), ("tib", 4), ("kb", 1), ("mb", 2), ("gb", 3), ("tb", 4)];
    let found = units.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?, *power)));
    let (digits, power) = found.unwrap_or((&text, 0));
    digits.trim().parse::<u64>().ok()?.checked_mul(1024u64.pow(power))
}

fn parse_rate(text: &str) -> CommandResult<u64> {
    if let Ok(bytes) = text.trim().parse::<u64>() {
        return positive("max_bandwidth", text, Some(bytes));
    }
    let (size, bits) = match (text.strip_suffix("B/s"), text.strip_suffix("b/s")) {
        (Some(_), _) => (text.strip_suffix("/s").and_then(parse_size), 1),
        (None, Some(rate)) => (parse_size(&format!("{rate}b")), 8),
        _ => (None, 1),
    };
    match size.map(|size| size / bits).filter(|&size| size > 0) {
        Some(rate) => Ok(rate),
        None => Err(CommandError::general(format!(
            "Invalid rate: {text}. The value must be expressed as a rate in terms of bytes per seconds (e.g. 10MB/s or \
             800KB/s)"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_rates_are_read_as_aws_cli_does() {
        assert_eq!(parse_size("8388608"), Some(8 * MIB));
        assert_eq!(parse_size("16MB"), Some(16 * MIB));
        assert_eq!(parse_size("1 GiB"), Some(1024 * MIB));
        assert_eq!(parse_size("12 parsecs"), None);
        assert_eq!(parse_rate("10MB/s").ok(), Some(10 * MIB));
        assert_eq!(parse_rate("80Mb/s").ok(), Some(10 * MIB));
        assert_eq!(parse_rate("1000").ok(), Some(1000));
        assert!(parse_rate("fast").is_err());
    }
}
