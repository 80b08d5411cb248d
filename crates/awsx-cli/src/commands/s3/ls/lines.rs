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

/// The name behind the last `/`. What stands for a folder has none.
pub(super) fn last_part(key: &str) -> &str {
    &key[key.rfind('/').map_or(0, |at| at + 1)..]
}

/// The last name of a prefix, with the `/` that ends it.
pub(super) fn last_folder(prefix: &str) -> &str {
    let body = prefix.strip_suffix('/').unwrap_or(prefix);
    &prefix[body.rfind('/').map_or(0, |at| at + 1)..]
}

/// Bytes as a number, or as people read them.
pub(super) fn size(bytes: u64, human: bool) -> String {
    if human { super::super::size::human(bytes) } else { bytes.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_prefixes_are_shown_by_their_last_name() {
        assert_eq!(last_part("a/b/c.txt"), "c.txt");
        assert_eq!(last_part("c.txt"), "c.txt");
        assert_eq!(last_part("a/b/"), "");
        assert_eq!(last_folder("a/b/"), "b/");
        assert_eq!(last_folder("b/"), "b/");
    }
}
