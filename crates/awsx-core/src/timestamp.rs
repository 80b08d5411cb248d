//! Times as AWS's tools write them in files.

use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Reads a time in any form that AWS CLI and the SDKs have written: RFC 3339, or `UTC` at the end, or nothing
/// there, which means UTC too.
pub fn parse(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time);
    }
    let bare = text.strip_suffix("UTC").unwrap_or(text).trim_end().replace(' ', "T");
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]");
    if let Ok(time) = PrimitiveDateTime::parse(&bare, &form) {
        return Some(time.assume_utc());
    }
    OffsetDateTime::parse(&bare, &Rfc3339).ok().or_else(|| parse_rarer(text))
}

/// What people's programs print besides: a date alone, an offset without a colon, the form of mails.
fn parse_rarer(text: &str) -> Option<OffsetDateTime> {
    let date = format_description!("[year]-[month]-[day]");
    if let Ok(date) = Date::parse(text, &date) {
        return Some(date.midnight().assume_utc());
    }
    let form = format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]][offset_hour sign:mandatory][offset_minute]"
    );
    let in_one_word = text.replacen(' ', "T", 1).replace(' ', "");
    let with_offset = OffsetDateTime::parse(&in_one_word, &form).ok();
    with_offset.or_else(|| OffsetDateTime::parse(text, &Rfc2822).ok())
}

/// `2026-11-22T01:18:35Z`: the token and registration caches, SSO role credentials.
pub fn zulu(time: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    time.to_offset(UtcOffset::UTC).format(&form).expect("every component is in the format")
}

/// `2026-11-22T01:18:35+00:00`, Python's `isoformat`: STS caches and exported credentials.
pub fn isoformat(time: OffsetDateTime) -> String {
    zulu(time).replace('Z', "+00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_tools_wrote_is_read() {
        let expected = parse("2026-11-22T01:18:35Z").unwrap();
        for text in [
            "2026-11-22T01:18:35+00:00",
            "2026-11-22T01:18:35UTC",
            "2026-11-22T01:18:35",
            "2026-11-22 01:18:35",
            "2026-11-22 01:18:35 UTC",
            "2026-11-22T02:18:35+01:00",
            "2026-11-22T01:18:35.000Z",
            "2026-11-22T02:18:35+0100",
            "2026-11-22 02:18:35.5 +0100",
            "Sun, 22 Nov 2026 01:18:35 GMT",
        ] {
            assert_eq!(
                parse(text).map(OffsetDateTime::unix_timestamp),
                Some(expected.unix_timestamp()),
                "{text}"
            );
        }
        assert_eq!(parse("2026-11-22"), parse("2026-11-22T00:00:00Z"));
        assert_eq!(parse("tomorrow"), None);
    }

    #[test]
    fn both_written_forms_are_in_utc() {
        let time = parse("2026-11-22T02:18:35.123456+01:00").unwrap();
        assert_eq!(zulu(time), "2026-11-22T01:18:35Z");
        assert_eq!(isoformat(time), "2026-11-22T01:18:35+00:00");
    }
}
