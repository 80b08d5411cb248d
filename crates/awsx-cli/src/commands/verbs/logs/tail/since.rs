//! `--since`: a time, or how long ago.

use time::OffsetDateTime;

use crate::error::{CommandError, CommandResult};

/// Milliseconds since 1970 began.
pub(super) fn milliseconds(text: &str, now: OffsetDateTime) -> CommandResult<i64> {
    let unknown = || CommandError::general(format!("Invalid timestamp \"{text}\""));
    if let Some(seconds) = seconds_ago(text) {
        let now = now.unix_timestamp_nanos() / 1_000_000;
        let then = now - i128::from(seconds) * 1000;
        return i64::try_from(then).map_err(|_| unknown());
    }
    let moment = awsx_params::parse_moment(text).ok_or_else(unknown)?;
    Ok(moment.seconds * 1000 + i64::from(moment.nanoseconds / 1_000_000))
}

/// `5m`: a number and a unit.
fn seconds_ago(text: &str) -> Option<i64> {
    let unit = match text.chars().next_back()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse::<i64>().ok()?.checked_mul(unit))?
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_and_spans_are_read() {
        let now = datetime!(2026-01-02 03:04:05.678 UTC);
        let milliseconds = |text: &str| milliseconds(text, now).ok();
        assert_eq!(milliseconds("5m"), Some(1_767_323_045_678 - 300_000));
        assert_eq!(milliseconds("2w"), Some(1_767_323_045_678 - 14 * 86_400_000));
        assert_eq!(milliseconds("2026-01-02T03:04:05.500Z"), Some(1_767_323_045_500));
        assert_eq!(milliseconds("1767323045"), Some(1_767_323_045_000));
        assert_eq!(milliseconds("1h30m"), None);
        assert_eq!(milliseconds("yesterday"), None);
        assert_eq!(milliseconds("99999999999999999999w"), None);
    }
}
