//! Times as CloudTrail and AWS CLI write them.

use awsx_model::Moment;
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use crate::error::{CommandError, CommandResult};

const SHOWN: StaticFormatDescription = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const IN_KEYS: StaticFormatDescription = format_description!("[year][month][day]T[hour][minute][second]Z");
const FOLDERS: StaticFormatDescription = format_description!("[year]/[month]/[day]");

/// A time as a person reads it: `2026-01-02T03:04:05Z`.
pub(super) fn shown(moment: Moment) -> String {
    written(moment, SHOWN)
}

/// A time as it stands in the names of objects: `20260102T030405Z`. Such texts sort as their times do.
pub(super) fn in_keys(moment: Moment) -> String {
    written(moment, IN_KEYS)
}

/// The folders of a day: `2026/01/02`.
pub(super) fn folders(moment: Moment) -> String {
    written(moment, FOLDERS)
}

/// Reads a time. AWS CLI takes it for one in UTC whatever offset it has.
pub(super) fn parse(text: &str) -> CommandResult<Moment> {
    awsx_params::parse_clock(text)
        .ok_or_else(|| CommandError::general(format!("Unable to parse date value: {text}")))
}

/// So many seconds later, earlier if they are negative.
pub(super) fn later(moment: Moment, seconds: i64) -> Moment {
    Moment { seconds: moment.seconds.saturating_add(seconds), ..moment }
}

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

fn written(moment: Moment, format: StaticFormatDescription) -> String {
    let date = OffsetDateTime::from_unix_timestamp(moment.seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    date.format(format).expect("all parts are there")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_it_was_read_without_its_offset() {
        for text in ["2026-01-02T03:04:05Z", "20260102T030405Z", "2026-01-02 03:04:05+02:00"] {
            let moment = parse(text).unwrap();
            assert_eq!(shown(moment), "2026-01-02T03:04:05Z", "{text}");
            assert_eq!(in_keys(later(moment, -MINUTE)), "20260102T030305Z");
            assert_eq!(folders(later(moment, -DAY)), "2026/01/01");
        }
        assert_eq!(parse("soon").unwrap_err().message, "Unable to parse date value: soon");
    }
}
