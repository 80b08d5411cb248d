//! Points in time as AWS CLI accepts them: seconds since 1970, ISO 8601, RFC 822, and the looser forms that Python's
//! `dateutil` reads. Without a time zone they are in UTC.

use awsx_model::Moment;
use jiff::civil;
use jiff::tz::Offset;

use crate::{Given, python};

/// The point in time that a text names, if it names one.
pub fn parse(text: &str) -> Option<Moment> {
    of(&Given::Text(text.to_owned()))
}

/// The same of a text that is no number, with the clock's hands taken for UTC's whatever offset is named.
pub fn parse_clock(text: &str) -> Option<Moment> {
    let mut parts = read(text)?;
    parts.offset = None;
    parts.moment()
}

/// The point in time, if it is one.
pub(crate) fn of(given: &Given) -> Option<Moment> {
    match given {
        Given::Integer(seconds) => of_seconds_whole(*seconds),
        Given::Float(seconds) => of_seconds(*seconds),
        Given::Boolean(truth) => of_seconds_whole((*truth).into()),
        Given::Text(text) => {
            let seconds = python::float(text).ok().and_then(of_seconds);
            seconds.or_else(|| of_text(text))
        }
        _ => None,
    }
}

fn of_seconds_whole(seconds: i128) -> Option<Moment> {
    let seconds = i64::try_from(seconds).ok()?;
    jiff::Timestamp::from_second(seconds).ok()?;
    Some(Moment { seconds, nanoseconds: 0 })
}

/// Python's moments have microseconds.
fn of_seconds(seconds: f64) -> Option<Moment> {
    let microseconds = (seconds * 1e6).round_ties_even();
    #[expect(clippy::cast_possible_truncation, reason = "the comparison keeps it in range")]
    let microseconds = (microseconds.abs() < 1e18).then_some(microseconds as i64)?;
    of_timestamp(jiff::Timestamp::from_microsecond(microseconds).ok()?)
}

fn of_timestamp(timestamp: jiff::Timestamp) -> Option<Moment> {
    let seconds = timestamp.as_nanosecond().div_euclid(1_000_000_000);
    let nanoseconds = timestamp.as_nanosecond().rem_euclid(1_000_000_000);
    Some(Moment { seconds: seconds.try_into().ok()?, nanoseconds: nanoseconds.try_into().ok()? })
}

fn of_text(text: &str) -> Option<Moment> {
    read(text)?.moment()
}

fn read(text: &str) -> Option<Parts> {
    let mut reader = Reader { rest: text.trim(), parts: Parts::default() };
    while !reader.rest.is_empty() {
        reader.next()?;
    }
    Some(reader.parts)
}

/// What has been read of a moment.
#[derive(Default)]
struct Parts {
    /// Day, month and year in the order read, with their number of digits.
    numbers: Vec<(i64, usize)>,
    /// A month by its name, and how many numbers stood before it.
    month: Option<(i64, usize)>,
    /// Hour, minute, second, nanosecond.
    time: Option<(i64, i64, i64, i64)>,
    afternoon: Option<bool>,
    offset: Option<i32>,
}

struct Reader<'a> {
    rest: &'a str,
    parts: Parts,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<()> {
        let first = self.rest.chars().next()?;
        if first.is_ascii_digit() {
            return self.number();
        }
        if first.is_ascii_alphabetic() {
            let word = self.take(|c| c.is_ascii_alphabetic());
            return self.word(word);
        }
        if matches!(first, '+' | '-') && self.parts.time.is_some() && self.parts.offset.is_none_or(|o| o == 0)
        {
            return self.offset();
        }
        if matches!(first, ' ' | ',' | '-' | '/' | '.' | '\t') {
            self.rest = &self.rest[1..];
            return Some(());
        }
        None
    }

    fn number(&mut self) -> Option<()> {
        let digits = self.take(|c| c.is_ascii_digit());
        if self.rest.starts_with(':') && self.parts.time.is_none() {
            return self.clock(digits);
        }
        let has_date = self.parts.numbers.len() + usize::from(self.parts.month.is_some()) >= 3;
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
        match (digits.len(), has_date) {
            (8 | 12 | 14, false) if self.parts.numbers.is_empty() => {
                self.parts.numbers = vec![(part(0, 4)?, 4), (part(4, 6)?, 2), (part(6, 8)?, 2)];
                if digits.len() > 8 {
                    self.parts.time = Some((part(8, 10)?, part(10, 12)?, part(12, 14).unwrap_or(0), 0));
                }
            }
            (4 | 6, true) if self.parts.time.is_none() => {
                let second = part(4, 6).unwrap_or(0);
                let fraction = self.fraction()?;
                self.parts.time = Some((part(0, 2)?, part(2, 4)?, second, fraction));
            }
            (1 | 2, true) if self.parts.time.is_none() => {
                self.parts.time = Some((part(0, digits.len())?, 0, 0, 0));
            }
            (1..=4, false) => self.parts.numbers.push((digits.parse().ok()?, digits.len())),
            _ => return None,
        }
        Some(())
    }

    /// What follows the hour: `:30`, `:30:15`, `:30:15.25`.
    fn clock(&mut self, hour: &str) -> Option<()> {
        self.rest = &self.rest[1..];
        let minute = self.take(|c| c.is_ascii_digit()).parse().ok()?;
        let (mut second, mut fraction) = (0, 0);
        if let Some(rest) = self.rest.strip_prefix(':') {
            self.rest = rest;
            second = self.take(|c| c.is_ascii_digit()).parse().ok()?;
            fraction = self.fraction()?;
        }
        self.parts.time = Some((hour.parse().ok()?, minute, second, fraction));
        Some(())
    }

    /// Nanoseconds behind a point, to Python's microsecond.
    fn fraction(&mut self) -> Option<i64> {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else { return Some(0) };
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(0);
        }
        self.rest = rest;
        let digits = self.take(|c| c.is_ascii_digit());
        let microseconds = format!("{digits:0<6}");
        Some(microseconds[..6].parse::<i64>().ok()? * 1000)
    }

    /// `+02`, `+0200` or `+02:00`.
    fn offset(&mut self) -> Option<()> {
        let sign = if self.rest.starts_with('-') { -1 } else { 1 };
        self.rest = &self.rest[1..];
        let digits = self.take(|c| c.is_ascii_digit());
        let (hours, minutes) = match digits.len() {
            4 => (&digits[..2], &digits[2..]),
            1 | 2 => match self.rest.strip_prefix(':') {
                Some(rest) => {
                    self.rest = rest;
                    (digits, self.take(|c| c.is_ascii_digit()))
                }
                None => (digits, "0"),
            },
            _ => return None,
        };
        self.parts.offset =
            Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60));
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        const MONTHS: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        const DAYS: [&str; 7] =
            ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let word = word.to_ascii_lowercase();
        let is_one_of = |name: &&str| **name == *word || name[..3] == *word;
        if let Some(month) =
            MONTHS.iter().position(|name| is_one_of(name) || (word == "sept" && *name == "september"))
        {
            self.parts.month = Some((i64::try_from(month).ok()? + 1, self.parts.numbers.len()));
            return Some(());
        }
        match word.as_str() {
            "z" | "utc" | "gmt" => self.parts.offset = Some(0),
            "am" | "a" => self.parts.afternoon = Some(false),
            "pm" | "p" => self.parts.afternoon = Some(true),
            "t" | "at" | "on" | "of" | "and" | "ad" | "st" | "nd" | "rd" | "th" | "m" => {}
            _ if DAYS.iter().any(is_one_of) => {}
            _ => return None,
        }
        Some(())
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}

impl Parts {
    fn moment(&self) -> Option<Moment> {
        let (year, month, day) = self.date()?;
        let (hour, minute, second, nanosecond) = self.time.unwrap_or_default();
        let hour = match (self.afternoon, hour) {
            (Some(true), 1..=11) => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        let date =
            civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        let time = civil::Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            nanosecond.try_into().ok()?,
        );
        let offset = Offset::from_seconds(self.offset.unwrap_or(0)).ok()?;
        of_timestamp(offset.to_timestamp(date.to_datetime(time.ok()?)).ok()?)
    }

    /// Which number is the year, the month, the day: the American order where nothing else tells.
    fn date(&self) -> Option<(i64, i64, i64)> {
        let is_year = |(number, digits): (i64, usize)| digits > 2 || number > 31;
        let year = |(number, digits): (i64, usize)| match digits {
            1 | 2 if number < 70 => 2000 + number,
            1 | 2 => 1900 + number,
            _ => number,
        };
        match (self.numbers.as_slice(), self.month) {
            ([a, b], Some((month, _))) if is_year(*a) => Some((year(*a), month, b.0)),
            ([a, b], Some((month, _))) => Some((year(*b), month, a.0)),
            ([a], Some((month, _))) if is_year(*a) => Some((year(*a), month, 1)),
            ([a, b, c], None) if is_year(*a) => Some((year(*a), b.0, c.0)),
            ([a, b, c], None) if a.0 > 12 => Some((year(*c), b.0, a.0)),
            ([a, b, c], None) => Some((year(*c), a.0, b.0)),
            ([a, b], None) if is_year(*a) => Some((year(*a), b.0, 1)),
            ([a, b], None) if is_year(*b) => Some((year(*b), a.0, 1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        of(&text.into()).map(|moment| moment.seconds)
    }

    #[test]
    fn every_form_of_one_moment_is_read() {
        for text in [
            "1767323045",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05+00:00",
            "2026-01-02 03:04:05",
            "2026-01-02T04:04:05+01:00",
            "2026-01-01T22:04:05-0500",
            "20260102T030405Z",
            "20260102030405",
            "2026/01/02 03:04:05",
            "01/02/2026 3:04:05 AM",
            "Fri, 02 Jan 2026 03:04:05 GMT",
            "Jan 2, 2026 03:04:05",
            "2 January 2026 03:04:05 UTC",
            "02-Jan-2026 03:04:05",
        ] {
            assert_eq!(seconds(text), Some(1_767_323_045), "{text}");
        }
    }

    #[test]
    fn parts_may_be_missing_or_finer() {
        assert_eq!(seconds("2026-01-02"), Some(1_767_312_000));
        assert_eq!(seconds("2026-01-02T03:04"), Some(1_767_323_040));
        assert_eq!(seconds("1/2/2026 3:04 PM"), Some(1_767_366_240));
        assert_eq!(seconds("-1"), Some(-1));
        let fine = of(&"2026-01-02T03:04:05.1234567Z".into()).unwrap();
        assert_eq!(fine, Moment { seconds: 1_767_323_045, nanoseconds: 123_456_000 });
        let half = of(&"1767323045.5".into()).unwrap();
        assert_eq!(half, Moment { seconds: 1_767_323_045, nanoseconds: 500_000_000 });
        assert_eq!(of(&Given::Float(-0.5)), Some(Moment { seconds: -1, nanoseconds: 500_000_000 }));
    }

    #[test]
    fn a_clock_is_read_without_its_offset() {
        for text in ["2026-01-02T03:04:05", "2026-01-02T03:04:05+02:00", "20260102T030405Z"] {
            assert_eq!(parse_clock(text).map(|moment| moment.seconds), Some(1_767_323_045), "{text}");
        }
        assert_eq!(parse_clock("1767323045"), None);
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in ["", "abc", "2026-13-01", "2026-01-32", "2026-01-02T25:00", "nan", "12 monkeys"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(of(&Given::None), None);
    }
}
