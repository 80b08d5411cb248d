//! The parts of a line of `s3 ls`.

use awsx_s3::Time;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2020-01-02 03:04:05` where the person is; blanks where there is no time.
pub(super) fn local_time(time: Option<Time>) -> String {
    let timestamp = time.and_then(|time| Timestamp::from_second(time.seconds).ok());
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
    if human { super::super::size::human(bytes) } else { bytes.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_keeps_a_folder_s_slash() {
        assert_eq!(last_part("a/b/c.txt"), "c.txt");
        assert_eq!(last_part("a/b/"), "b/");
        assert_eq!(last_part("c.txt"), "c.txt");
    }
}
