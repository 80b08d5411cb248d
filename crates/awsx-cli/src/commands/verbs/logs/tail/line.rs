//! An event on the screen, laid out and coloured as AWS CLI does it.

use awsx_output::{Number, Value};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::Format;
use super::json::indented;

const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const RESET: &str = "\x1b[0m";

const TO_THE_SECOND: &[BorrowedFormatItem] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
const TO_THE_MICROSECOND: &[BorrowedFormatItem] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+00:00");

/// What differs between terminals.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) color: bool,
}

impl Look {
    fn paint(self, color: &str, text: &str) -> String {
        if self.color { format!("{color}{text}{RESET}") } else { text.to_owned() }
    }
}

/// An event.
pub(super) struct Event {
    pub(super) id: String,
    /// Since 1970 began.
    pub(super) milliseconds: i64,
    stream: String,
    message: String,
}

impl Event {
    /// From the service's answer.
    pub(super) fn of(value: &Value) -> Self {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let milliseconds = match value.get("timestamp") {
            Some(Value::Number(Number::Int(number))) => i64::try_from(*number).unwrap_or_default(),
            _ => 0,
        };
        Self { id: text("eventId"), milliseconds, stream: text("logStreamName"), message: text("message") }
    }

    /// The event with one line end.
    pub(super) fn line(&self, format: Format, look: Look) -> String {
        let time = look.paint(GREEN, &self.time(format));
        let stream = look.paint(CYAN, &self.stream);
        let line = match format {
            Format::Short => format!("{time} {}", self.message),
            Format::Detailed => format!("{time} {stream} {}", self.message),
            Format::Json => match indented(&self.message) {
                Some(json) => format!("{time} {stream} \n{json}"),
                None => format!("{time} {stream} {}", self.message),
            },
        };
        format!("{}\n", line.trim_end())
    }

    fn time(&self, format: Format) -> String {
        let nanoseconds = i128::from(self.milliseconds) * 1_000_000;
        let time =
            OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let whole_second = self.milliseconds % 1000 == 0;
        let (form, zone) = match format {
            Format::Short => (TO_THE_SECOND, ""),
            Format::Json if whole_second => (TO_THE_SECOND, "+00:00"),
            Format::Json | Format::Detailed => (TO_THE_MICROSECOND, ""),
        };
        format!("{}{zone}", time.format(form).expect("every component is in the format"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(message: &str, milliseconds: i64) -> Event {
        Event { id: "1".into(), milliseconds, stream: "stream".into(), message: message.into() }
    }

    #[test]
    fn each_format_has_its_time_and_message() {
        let line = |format, message: &str, milliseconds| {
            event(message, milliseconds).line(format, Look { color: false })
        };
        assert_eq!(
            line(Format::Detailed, "hello \n\n", 1_767_323_045_678),
            "2026-01-02T03:04:05.678000+00:00 stream hello\n"
        );
        assert_eq!(line(Format::Short, "hello", 1_767_323_045_678), "2026-01-02T03:04:05 hello\n");
        assert_eq!(
            line(Format::Json, r#"{"a": [1]}"#, 1_767_323_045_000),
            "2026-01-02T03:04:05+00:00 stream \n{\n    \"a\": [\n        1\n    ]\n}\n"
        );
        assert_eq!(
            line(Format::Json, "no json", 1_767_323_045_678),
            "2026-01-02T03:04:05.678000+00:00 stream no json\n"
        );
    }

    #[test]
    fn colours_are_aws_clis() {
        assert_eq!(
            event("x", 1_767_323_045_000).line(Format::Detailed, Look { color: true }),
            "\x1b[32m2026-01-02T03:04:05.000000+00:00\x1b[0m \x1b[36mstream\x1b[0m x\n"
        );
    }
}
