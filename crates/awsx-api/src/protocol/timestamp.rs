//! Moments: three ways to write them, and all that services send.

use awsx_model::{Moment, Service, TimestampFormat};
use awsx_output::{Number, Value, python_float};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::Timestamps;

/// How a moment is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) format: TimestampFormat,
    /// Three digits of a second always, instead of six where there are any.
    pub(super) milliseconds: bool,
}

impl Form {
    /// The format a place has, or the protocol's.
    pub(super) fn of(service: &Service, set: Option<TimestampFormat>, default: TimestampFormat) -> Self {
        // botocore sets this for one service by name.
        Self { format: set.unwrap_or(default), milliseconds: service.name == "bedrock-agentcore" }
    }
}

/// Writes a moment. Fractions of a second are kept where the format is a text that has them, as botocore does.
pub(super) fn write(moment: Moment, form: Form) -> String {
    let Ok(at) = Timestamp::new(moment.seconds, 0) else { return moment.seconds.to_string() };
    let micros = moment.nanoseconds / 1000;
    match form.format {
        TimestampFormat::UnixTimestamp if form.milliseconds => {
            python_float(since_1970_in_milliseconds(moment))
        }
        TimestampFormat::UnixTimestamp => moment.seconds.to_string(),
        TimestampFormat::Iso8601 if form.milliseconds => {
            at.strftime(&format!("%Y-%m-%dT%H:%M:%S.{:03}Z", micros / 1000)).to_string()
        }
        TimestampFormat::Rfc822 => at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        TimestampFormat::Iso8601 if micros == 0 => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        TimestampFormat::Iso8601 => at.strftime(&format!("%Y-%m-%dT%H:%M:%S.{micros:06}Z")).to_string(),
    }
}

/// Seconds since 1970 with three digits after the point.
#[expect(clippy::cast_precision_loss, reason = "botocore writes a float too")]
pub(super) fn since_1970_in_milliseconds(moment: Moment) -> f64 {
    moment.seconds as f64 + f64::from(moment.nanoseconds / 1_000_000) / 1000.0
}

/// Shows a moment that came as text.
pub(crate) fn show_moment_text(text: &str, timestamps: &Timestamps) -> Value {
    let Timestamps::Iso8601(zone) = timestamps else { return text.into() };
    if let Some(shown) = plain_utc(text) {
        return shown.into();
    }
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return since_1970(seconds, &zone.find()).map_or_else(|| text.into(), Into::into);
    }
    parse(text).unwrap_or_else(|| text.to_owned()).into()
}

/// Shows a moment in the form that nearly all services send, `2026-11-22T04:56:35Z`, without taking it apart. A listing
/// has one in each of its items.
fn plain_utc(text: &str) -> Option<String> {
    let date_and_time = text.strip_suffix('Z')?;
    let bytes: &[u8; 19] = date_and_time.as_bytes().try_into().ok()?;
    let digits = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_u32, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
        })
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    // Days that not every month has are left to the calendar.
    let valid = marks.iter().all(|(at, mark)| bytes[*at] == *mark)
        && digits(0, 4)? > 0
        && (1..=12).contains(&digits(5, 7)?)
        && (1..=28).contains(&digits(8, 10)?)
        && digits(11, 13)? < 24
        && digits(14, 16)? < 60
        && digits(17, 19)? < 60;
    valid.then(|| [date_and_time, "+00:00"].concat())
}

/// Shows a moment that came as a number.
pub(super) fn show_number(number: Number, timestamps: &Timestamps) -> Value {
    match timestamps {
        Timestamps::Iso8601(zone) => {
            since_1970(number.as_f64(), &zone.find()).map_or(Value::Number(number), Into::into)
        }
        Timestamps::Wire => Value::Number(number),
    }
}

fn since_1970(seconds: f64, zone: &TimeZone) -> Option<String> {
    // Python rounds to microseconds, half to even.
    #[expect(clippy::cast_possible_truncation, reason = "out of range is refused below")]
    let micros = (seconds.fract() * 1e6).round_ties_even() as i64;
    #[expect(clippy::cast_possible_truncation, reason = "out of range is refused by the conversion")]
    let whole = seconds.trunc() as i64;
    let at =
        Timestamp::from_second(whole).ok()?.checked_add(jiff::SignedDuration::from_micros(micros)).ok()?;
    Some(isoformat(&at.to_zoned(zone.clone())))
}

fn isoformat(at: &Zoned) -> String {
    let offset = at.offset().seconds();
    let (sign, offset) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    let seconds = if offset % 60 == 0 { String::new() } else { format!(":{:02}", offset % 60) };
    format!("{}{sign}{:02}:{:02}{seconds}", civil(at.datetime()), offset / 3600, offset / 60 % 60)
}

fn civil(at: DateTime) -> String {
    let micros = at.subsec_nanosecond() / 1000;
    let (date, time) = (at.date(), at.time());
    let whole = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    if micros == 0 { whole } else { whole + &format!(".{micros:06}") }
}

/// Reads ISO 8601 with its many endings, and the date of HTTP.
fn parse(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(at) = parse_http_date(text) {
        return Some(civil(at) + "+00:00");
    }
    let (date_and_time, offset) = split_offset(text);
    let at: DateTime = date_and_time.parse().ok()?;
    Some(civil(at) + &offset?)
}

fn parse_http_date(text: &str) -> Option<DateTime> {
    let date = text.split_once(", ").map_or(text, |(_, date)| date);
    let date = date.strip_suffix(" GMT").or_else(|| date.strip_suffix(" UTC"))?;
    ["%d %b %Y %H:%M:%S", "%d %b %Y %H:%M:%S%.f", "%d-%b-%y %H:%M:%S"]
        .iter()
        .find_map(|form| DateTime::strptime(form, date).ok())
}

/// The offset as Python shows it; nothing where the text has none; `None` where it is not understood.
fn split_offset(text: &str) -> (&str, Option<String>) {
    if let Some(date_and_time) = text.strip_suffix(['Z', 'z']) {
        return (date_and_time, Some("+00:00".to_owned()));
    }
    let Some(time) = text.find('T').or_else(|| text.find(' ')) else { return (text, Some(String::new())) };
    let Some(at) = text[time..].find(['+', '-']).map(|found| time + found) else {
        return (text, Some(String::new()));
    };
    let (sign, digits) = text[at..].split_at(1);
    let digits = digits.replace(':', "");
    let offset = match digits.len() {
        2 => Some(format!("{sign}{digits}:00")),
        4 if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{sign}{}:{}", &digits[..2], &digits[2..]))
        }
        _ => None,
    };
    (text[..at].trim_end(), offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn shown(text: &str) -> String {
        let value = show_moment_text(text, &Timestamps::Iso8601(Zone::Of(TimeZone::UTC)));
        value.as_str().unwrap().to_owned()
    }

    #[test]
    fn every_form_that_services_send_is_shown_alike() {
        assert_eq!(shown("2026-11-22T04:56:35Z"), "2026-11-22T04:56:35+00:00");
        assert_eq!(shown("2026-11-22T04:56:35.120Z"), "2026-11-22T04:56:35.120000+00:00");
        assert_eq!(shown("2026-11-22T04:56:35+0100"), "2026-11-22T04:56:35+01:00");
        assert_eq!(shown("2026-11-22T04:56:35"), "2026-11-22T04:56:35");
        assert_eq!(shown("Sun, 22 Nov 2026 04:56:35 GMT"), "2026-11-22T04:56:35+00:00");
        assert_eq!(shown("1795323395.5"), "2026-11-22T04:56:35.500000+00:00");
        assert_eq!(shown("soon"), "soon");
    }

    #[test]
    fn the_short_way_shows_what_the_long_way_shows() {
        for text in [
            "2026-11-22T04:56:35Z",
            "0001-01-01T00:00:00Z",
            "9999-12-28T23:59:59Z",
            "2026-02-29T00:00:00Z",
            "2024-02-29T00:00:00Z",
            "2026-12-31T23:59:60Z",
            "2026-13-01T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22 04:56:35Z",
            "+026-11-22T04:56:35Z",
        ] {
            let long = parse(text).unwrap_or_else(|| text.to_owned());
            assert_eq!(shown(text), long);
        }
        assert!(plain_utc("2026-11-22T04:56:35Z").is_some());
        assert!(plain_utc("2026-02-29T00:00:00Z").is_none());
    }

    #[test]
    fn seconds_since_1970_are_shown_in_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let value = show_number(Number::Int(1_795_323_395), &Timestamps::Iso8601(Zone::Of(zone)));
        assert_eq!(value.as_str(), Some("2026-11-21T23:56:35-05:00"));
        assert_eq!(show_number(Number::Int(1), &Timestamps::Wire), Value::from(1));
    }

    #[test]
    fn moments_are_written_as_botocore_does() {
        let moment = Moment { seconds: 1_795_323_395, nanoseconds: 120_000_000 };
        let form = |format, milliseconds| Form { format, milliseconds };
        assert_eq!(write(moment, form(TimestampFormat::Iso8601, false)), "2026-11-22T04:56:35.120000Z");
        assert_eq!(write(moment, form(TimestampFormat::Iso8601, true)), "2026-11-22T04:56:35.120Z");
        assert_eq!(write(moment, form(TimestampFormat::Rfc822, false)), "Sun, 22 Nov 2026 04:56:35 GMT");
        assert_eq!(write(moment, form(TimestampFormat::UnixTimestamp, false)), "1795323395");
        assert_eq!(write(moment, form(TimestampFormat::UnixTimestamp, true)), "1795323395.12");
    }
}
