//! Sizes as people read them.

/// `1 Byte`, `6 Bytes`, `1.5 KiB` …: Python's rounding decides where the next unit begins.
pub(crate) fn human(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    match bytes {
        1 => return "1 Byte".to_owned(),
        0..1024 => return format!("{bytes} Bytes"),
        _ => {}
    }
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let mut value = bytes as f64;
    let mut unit = UNITS[0];
    for next in UNITS {
        value /= 1024.0;
        unit = next;
        if value.round_ties_even() < 1024.0 {
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
        assert_eq!(human(0), "0 Bytes");
        assert_eq!(human(1), "1 Byte");
        assert_eq!(human(1023), "1023 Bytes");
        assert_eq!(human(1536), "1.5 KiB");
        assert_eq!(human(1023 * 1024 + 511), "1023.5 KiB");
        assert_eq!(human(1023 * 1024 + 512), "1.0 MiB");
        assert_eq!(human(1024 * 1024 - 1), "1.0 MiB");
        assert_eq!(human(u64::MAX), "16.0 EiB");
    }
}
