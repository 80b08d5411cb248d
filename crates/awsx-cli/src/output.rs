//! Results on the screen: the user's format and query, the pager, colours.

use std::io::Write;

use awsx_core::settings::{Settings, table};
use awsx_output::{Format, Formatter, OutputError, Query, Style, Value};

use crate::cli::Color;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::ui::{Paged, Ui};

/// How results are to be shown, decided before any request is made: a bad query costs no call.
pub(crate) struct Output {
    query: Option<Query>,
    color: bool,
    paged: bool,
}

impl Output {
    pub(crate) fn of(context: &Context) -> CommandResult<Self> {
        let query = match &context.globals.query {
            None => None,
            Some(text) => Some(
                Query::parse(text)
                    .map_err(|error| CommandError::usage(format!("Bad value for --query {text}: {error}")))?,
            ),
        };
        let ui = context.ui;
        let color = match context.globals.color {
            Some(Color::On) => true,
            Some(Color::Off) => false,
            Some(Color::Auto) | None => ui.colors_stdout(),
        };
        Ok(Self { query, color, paged: ui.stdout_is_terminal() && !context.globals.no_cli_pager })
    }

    /// Shows a whole result under its operation's name.
    pub(crate) fn show(self, context: &Context, operation: &str, result: &Value) -> CommandResult {
        let (mut formatter, _) = self.begin(context, operation)?;
        formatter.page(result)?;
        Ok(formatter.finish()?)
    }

    /// Shows what the query finds in a result, laid out by the command itself.
    pub(crate) fn show_as(
        self,
        context: &Context,
        result: &Value,
        lay_out: impl FnOnce(&Value) -> String,
    ) -> CommandResult {
        let found = match &self.query {
            Some(query) => lay_out(&query.search(result).map_err(OutputError::from)?),
            None => lay_out(result),
        };
        let mut out = if self.paged { Paged::of_settings(&context.settings)? } else { Paged::none() };
        out.write_all(found.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Without the pager, which would hold back what comes little by little.
    pub(crate) fn unpaged(self) -> Self {
        Self { paged: false, ..self }
    }

    /// Begins a result that comes in pages, under its operation's name.
    pub(crate) fn begin(self, context: &Context, operation: &str) -> CommandResult<(Pages, Format)> {
        let format = format_of(&context.settings)?;
        let out = if self.paged { Paged::of_settings(&context.settings)? } else { Paged::none() };
        let style = style(context.ui, operation, self.color);
        Ok((Formatter::new(format, self.query, style, std::io::BufWriter::new(out)), format))
    }
}

/// Takes the pages of a result.
pub(crate) type Pages = Formatter<std::io::BufWriter<Paged>>;

/// A structure of a service's answer: absent members stay out, as in AWS CLI.
pub(crate) fn structure<T: Into<Value>, const N: usize>(members: [(&str, Option<T>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
    Value::Map(present.collect())
}

fn format_of(settings: &Settings) -> CommandResult<Format> {
    let name = settings.text(&table::OUTPUT)?.unwrap_or_default();
    name.parse().map_err(|_| CommandError::new(Kind::General, format!("Unknown output type: {name}")))
}

fn style(ui: Ui, title: &str, color: bool) -> Style {
    Style { title: title.to_owned(), width: ui.width(), color, is_terminal: ui.stdout_is_terminal() }
}

/// A value as text, for places that are not stdout.
pub(crate) fn render(format: Format, title: &str, value: &Value) -> String {
    let mut text = Vec::new();
    let style = Style { title: title.to_owned(), width: 80, color: false, is_terminal: false };
    let mut formatter = Formatter::new(format, None, style, &mut text);
    let written = formatter.page(value).and_then(|()| formatter.finish());
    written.expect("memory takes what is written");
    text.flush().expect("memory takes what is written");
    String::from_utf8(text).expect("formatters write text")
}
