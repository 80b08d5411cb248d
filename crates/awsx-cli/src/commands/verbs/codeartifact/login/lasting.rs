//! How long something lasts, as AWS CLI puts it: `11 hours and 59 minutes`.

use time::Duration;

/// Two units at most, the second only right below the first. Half a minute is a minute.
pub(super) fn in_words(left: Duration) -> String {
    let left = left + Duration::seconds(30);
    let units = [
        (left.whole_days(), "day"),
        (left.whole_hours() % 24, "hour"),
        (left.whole_minutes() % 60, "minute"),
    ];
    let first = units.iter().position(|(count, _)| *count > 0).unwrap_or(units.len());
    let told = units[first..].iter().take(2).filter(|(count, _)| *count > 0);
    let told = told.map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }));
    told.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_at_most_are_told() {
        let words = |seconds| in_words(Duration::seconds(seconds));
        assert_eq!(words(12 * 3600 - 29), "12 hours");
        assert_eq!(words(12 * 3600 - 31), "11 hours and 59 minutes");
        assert_eq!(words(3600 + 60), "1 hour and 1 minute");
        assert_eq!(words(86_400 + 300), "1 day");
        assert_eq!(words(900), "15 minutes");
        assert_eq!(words(-900), "");
    }
}
