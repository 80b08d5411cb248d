//! What the `s3` block of the config file, and the settings beside it, say of transfers.

use awsx_api::ChecksumUse;
use awsx_core::settings::{Settings, SettingsError, table};
use awsx_s3::bandwidth::Bandwidth;
use awsx_s3::options::RequestHeaders;
use awsx_s3::transfer::{PART_SIZE, TransferSettings};

use crate::commands::operation::checksums;
use crate::error::{CommandError, CommandResult};

/// What the block says, in AWS CLI's defaults.
#[derive(Clone, Debug)]
pub(crate) struct TransferBlock {
    /// None: as many as do good.
    pub(super) max_concurrent_requests: Option<usize>,
    pub(super) max_queue_size: usize,
    pub(super) multipart_threshold: u64,
    pub(super) multipart_chunksize: u64,
    pub(super) bandwidth: Bandwidth,
    /// Whether uploads carry a checksum where none is asked for.
    pub(super) sends_checksums: bool,
    /// Whether downloads are held against the object's.
    pub(super) validates_checksums: bool,
}

impl TransferBlock {
    pub(crate) fn resolve(settings: &Settings) -> CommandResult<Self> {
        let scoped = settings.scoped().map_err(SettingsError::from)?;
        let text = |key: &str| scoped.nested("s3", key).map(str::to_owned);
        let size = |key: &'static str| match text(key) {
            None => Ok(PART_SIZE),
            Some(value) => read_size(key, &value),
        };
        let count = |key: &'static str| match text(key) {
            None => Ok(None),
            Some(value) => positive(key, &value, value.trim().parse().ok()).map(Some),
        };
        check_unused(&text)?;
        let to_usize = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let are_used =
            |setting| Ok::<_, CommandError>(checksums(settings, setting)? == ChecksumUse::WhenSupported);
        Ok(Self {
            max_concurrent_requests: count("max_concurrent_requests")?.map(to_usize),
            max_queue_size: count("max_queue_size")?.map_or(1000, to_usize),
            multipart_threshold: size("multipart_threshold")?,
            multipart_chunksize: size("multipart_chunksize")?,
            bandwidth: match text("max_bandwidth") {
                None => Bandwidth::default(),
                Some(rate) => Bandwidth::limited(parse_rate("max_bandwidth", &rate)?),
            },
            sends_checksums: are_used(&table::REQUEST_CHECKSUMS)?,
            validates_checksums: are_used(&table::RESPONSE_CHECKSUMS)?,
        })
    }
}

impl TransferBlock {
    /// Transfers as the block has them.
    pub(crate) fn transfers(&self, headers: RequestHeaders) -> TransferSettings {
        let defaults = TransferSettings::new(headers);
        TransferSettings {
            lanes: self.max_concurrent_requests.unwrap_or(defaults.lanes),
            most_lanes: self.max_concurrent_requests.unwrap_or(defaults.most_lanes),
            queue_size: self.max_queue_size,
            multipart_threshold: self.multipart_threshold,
            multipart_chunksize: self.multipart_chunksize,
            bandwidth: self.bandwidth.clone(),
            checksum: defaults.checksum.filter(|_| self.sends_checksums),
            validates: self.validates_checksums,
            ..defaults
        }
    }
}

/// What steers AWS CLI's other transfer client, or its buffers, is checked as there and means nothing here.
fn check_unused(text: &impl Fn(&str) -> Option<String>) -> CommandResult {
    if let Some(value) = text("io_chunksize") {
        read_size("io_chunksize", &value)?;
    }
    for key in ["target_bandwidth", "disk_throughput"] {
        if let Some(value) = text(key) {
            parse_rate(key, &value)?;
        }
    }
    match text("preferred_transfer_client").as_deref() {
        None | Some("auto" | "classic" | "crt" | "default") => Ok(()),
        Some(other) => Err(CommandError::general(format!(
            "Invalid value: \"{other}\" for configuration option: \"preferred_transfer_client\". Supported values are: \
             auto, classic, crt"
        ))),
    }
}

fn read_size(key: &str, value: &str) -> CommandResult<u64> {
    if value.trim().parse::<i64>().is_ok_and(|size| size < 0) {
        return positive(key, value.trim(), None);
    }
    match parse_size(value) {
        Some(size) => positive(key, &size.to_string(), Some(size)),
        None => Err(CommandError::general(format!("Invalid size value: {}", value.to_lowercase()))),
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

fn parse_rate(key: &str, text: &str) -> CommandResult<u64> {
    if let Ok(bytes) = text.trim().parse::<u64>() {
        return positive(key, text, Some(bytes));
    }
    let (size, bits) = match (text.strip_suffix("B/s"), text.strip_suffix("b/s")) {
        (Some(_), _) => (text.strip_suffix("/s").and_then(parse_size), 1),
        (None, Some(rate)) => (parse_size(&format!("{rate}b")), 8),
        _ => (None, 1),
    };
    match size.map(|size| size / bits).filter(|&size| size > 0) {
        Some(rate) => Ok(rate),
        None => Err(CommandError::general(format!(
            "Invalid rate: {text}. The value must be expressed as an integer in terms of bytes per second (e.g. \
             10485760) or a rate in terms of bytes per second (e.g. 10MB/s or 800KB/s) or bits per second (e.g. 10Mb/s \
             or 800Kb/s)"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn sizes_and_rates_are_read_as_aws_cli_does() {
        assert_eq!(parse_size("8388608"), Some(8 * MIB));
        assert_eq!(parse_size("16MB"), Some(16 * MIB));
        assert_eq!(parse_size("1 GiB"), Some(1024 * MIB));
        assert_eq!(parse_size("12 parsecs"), None);
        assert_eq!(parse_rate("max_bandwidth", "10MB/s").ok(), Some(10 * MIB));
        assert_eq!(parse_rate("max_bandwidth", "80Mb/s").ok(), Some(10 * MIB));
        assert_eq!(parse_rate("max_bandwidth", "1000").ok(), Some(1000));
        assert!(parse_rate("max_bandwidth", "fast").is_err());
    }
}
