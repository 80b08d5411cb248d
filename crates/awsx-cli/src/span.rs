//! Lengths of time as people write and read them: `90m`, `2h`, `1 d 4 h`.

use time::Duration;

/// Reads `3600`, `90m`, `2h`, `1h30m`, `7d`: a bare number is seconds.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let fault = || format!("`{text}` is no length of time; write `90m`, `2h` or a number of seconds");
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(fault());
    }
    let mut seconds = 0_i64;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let number: i64 = number.parse().map_err(|_| fault())?;
        let mut letters = tail.chars();
        let unit = match letters.next() {
            // Only a number that stands alone is seconds: `1h30` may mean anything.
            None if digits == text.trim().len() => 1,
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            _ => return Err(fault()),
        };
        rest = letters.as_str();
        seconds = number.checked_mul(unit).and_then(|more| seconds.checked_add(more)).ok_or_else(fault)?;
    }
    Ok(Duration::seconds(seconds))
}

/// The two largest units: `2 h 5 min`.
pub(crate) fn render(duration: Duration) -> String {
    let (days, hours, minutes) =
        (duration.whole_days(), duration.whole_hours() % 24, duration.whole_minutes() % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", duration.whole_seconds()),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_add_up_and_a_bare_one_is_seconds() {
        let seconds = |text| parse(text).map(Duration::whole_seconds);
        assert_eq!(seconds("3600"), Ok(3600));
        assert_eq!(seconds("90m"), Ok(5400));
        assert_eq!(seconds("1h30m"), Ok(5400));
        assert_eq!(seconds("2d"), Ok(172_800));
        for text in ["", "h", "2x", "1h30", "-5", "2 h", "99999999999999999999h", "9999999999999999h"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_two_largest_units_are_shown() {
        assert_eq!(render(Duration::seconds(59)), "59 s");
        assert_eq!(render(Duration::minutes(61)), "1 h 1 min");
        assert_eq!(render(Duration::hours(50)), "2 d 2 h");
    }
}
