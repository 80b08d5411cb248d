//! `--debug`: what awsx does, step by step, on stderr.
//!
//! Only awsx's own events are shown, and none of them holds a secret. The SDK's are left out: at their finest they
//! print whole requests and answers.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;

/// Shows awsx's events from now on.
pub(crate) fn show() {
    let own = Targets::new().with_target("awsx", tracing::Level::TRACE);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).event_format(Line);
    tracing_subscriber::registry().with(lines.with_filter(own)).init();
}

/// One event: time, place, level, text, fields.
struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        SystemTime.format_time(&mut writer)?;
        let metadata = event.metadata();
        write!(writer, " - {} - {} -", metadata.target().replace("::", "."), metadata.level())?;
        event.record(&mut Fields(&mut writer));
        writeln!(writer)
    }
}

struct Fields<'a, 'b>(&'a mut Writer<'b>);

impl Visit for Fields<'_, '_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // A line that cannot be written is no reason to stop.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
