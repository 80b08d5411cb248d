//! The parts of a line of `s3 ls`.

use aws_smithy_types::DateTime;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2020-01-02 03:04:05` where the person is; blanks where there is no time.
pub(super) fn local_time(time: Option<&DateTime>) -> String {
    let timestamp = time.and_then(|time| Timestamp::from_second(time.secs()).ok());
    match timestamp {
        Some(timestamp) => timestamp.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        None => " ".repeat(19),
    }
}

/// The name behind the last `/`, with the one that ends a folder.
pub(super) fn last_part(key: &str) -> &str {
    let body = key.strip_suffix('/').unwrap_or(key);
    &key[body.rfind('/').map_or(0, |at| at + 1)..]
}

/// Bytes as a number, or as people read them.
pub(super) fn size(bytes: u64, human: bool) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    match (human, bytes) {
        (false, _) => return bytes.to_string(),
        (true, 1) => return "1 Byte".to_owned(),
        (true, 0..1024) => return format!("{bytes} Bytes"),
        _ => {}
    }
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mut value = bytes as f64;
    let mut unit = UNITS[0];
    for next in UNITS {
        value /= 1024.0;
        unit = next;
        // Rounding may reach the next unit: 1048575 bytes are 1.0 MiB.
        if (value * 10.0).round() / 10.0 < 1024.0 {
            break;
        }
    }
    format!("{value:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_switch_units_where_rounding_reaches_the_next() {
        let human = |bytes| size(bytes, true);
        assert_eq!(human(0), "0 Bytes");
        assert_eq!(human(1), "1 Byte");
        assert_eq!(human(1023), "1023 Bytes");
        assert_eq!(human(1536), "1.5 KiB");
        assert_eq!(human(1024 * 1024 - 1), "1.0 MiB");
        assert_eq!(human(u64::MAX), "16.0 EiB");
        assert_eq!(size(1536, false), "1536");
    }

    #[test]
    fn the_last_part_keeps_a_folder_s_slash() {
        assert_eq!(last_part("a/b/c.txt"), "c.txt");
        assert_eq!(last_part("a/b/"), "b/");
        assert_eq!(last_part("c.txt"), "c.txt");
    }
}
