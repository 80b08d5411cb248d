//! The output formats, each in a file of its own, and the [`Formatter`] that commands write their results to.
//!
//! A format is a function from one value to bytes. It knows nothing of queries, pages or operations.

mod columns;
mod csv;
mod items;
mod json;
mod jsonl;
mod table;
mod text;
mod yaml;

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;

use crate::query::{Query, QueryError};
use crate::value::{NESTING_LIMIT, Value};

/// How a result is printed: the values of `--output`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Indented JSON.
    #[default]
    Json,
    /// Tab-separated lines.
    Text,
    /// Boxes drawn in ASCII.
    Table,
    /// One YAML document.
    Yaml,
    /// A YAML list that grows by one element per page.
    YamlStream,
    /// Nothing.
    Off,
    /// Comma-separated values; ours.
    Csv,
    /// One line of JSON an item; ours.
    Jsonl,
}

impl Format {
    /// Every format, in the order AWS CLI lists them, then ours.
    pub const ALL: [Self; 8] = [
        Self::Json,
        Self::Text,
        Self::Table,
        Self::Yaml,
        Self::YamlStream,
        Self::Off,
        Self::Csv,
        Self::Jsonl,
    ];

    /// The word `--output` takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Text => "text",
            Self::Table => "table",
            Self::Yaml => "yaml",
            Self::YamlStream => "yaml-stream",
            Self::Off => "off",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// Tells whether a paginated result is printed page by page as it arrives, or once, merged.
    pub fn per_page(self) -> bool {
        matches!(self, Self::Text | Self::YamlStream | Self::Jsonl)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// A word that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Unknown output type: {name}")]
pub struct UnknownFormat {
    /// The word.
    pub name: String,
}

/// What a format has to know of the command and of the place it prints to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// The table's title: the operation's name, or `error`.
    pub title: String,
    /// Columns of the terminal, 80 when unknown. A table wider than this is laid out upright where it can be.
    pub width: usize,
    /// Whether tables are coloured.
    pub color: bool,
    /// Whether the output is a terminal.
    pub is_terminal: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { title: String::new(), width: 80, color: false, is_terminal: false }
    }
}

/// Why a result could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The query does not fit the data.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The data cannot be walked without risking the stack.
    #[error("the result is nested more than {NESTING_LIMIT} levels deep")]
    TooDeep,
    /// The output cannot be written to.
    #[error("could not write the output")]
    Write(#[from] io::Error),
}

/// Applies a query to results and writes them in one format.
#[derive(Debug)]
pub struct Formatter<W: Write> {
    format: Format,
    query: Option<Query>,
    style: Style,
    out: BufWriter<W>,
    kept: json::Kept,
}

impl<W: Write> Formatter<W> {
    /// Starts output to `out`, which need not be buffered.
    pub fn new(format: Format, query: Option<Query>, style: Style, out: W) -> Self {
        Self { format, query, style, out: BufWriter::new(out), kept: json::Kept::default() }
    }

    /// Writes one page for formats that go [page by page](Format::per_page), the whole result for the others.
    pub fn page(&mut self, value: &Value) -> Result<(), OutputError> {
        if self.format == Format::Off {
            return Ok(());
        }
        if value.nests_deeper_than(NESTING_LIMIT) {
            return Err(OutputError::TooDeep);
        }
        match &self.query {
            Some(query) => {
                let selected = query.search(value)?;
                self.write(&selected)?;
            }
            None => self.write(value)?,
        }
        if self.format.per_page() {
            self.out.flush()?;
        }
        Ok(())
    }

    /// Writes one of several results that come one by one, and sends it on at once. One in which the query finds nothing is
    /// passed over.
    pub fn event(&mut self, value: &Value) -> Result<(), OutputError> {
        let finds_nothing = match &self.query {
            Some(query) => query.search(value)? == Value::Null,
            None => false,
        };
        if !finds_nothing {
            self.page(value)?;
        }
        Ok(self.out.flush()?)
    }

    /// Tells whether the items of a long list can be [kept](Self::keep) before the result is whole.
    pub fn keeps_items(&self) -> bool {
        self.format == Format::Json && self.query.is_none()
    }

    /// Takes items of a list at the top of a result that is to come: there the list is empty. They wait as text, which needs
    /// a fraction of their memory, and nothing is written before the result is whole.
    pub fn keep(&mut self, list: &str, items: &[Value]) -> Result<(), OutputError> {
        // Two levels are above them.
        if items.iter().any(|item| item.nests_deeper_than(NESTING_LIMIT - 2)) {
            return Err(OutputError::TooDeep);
        }
        self.kept.add(list, items);
        Ok(())
    }

    /// Ends the output, so that all of it has reached the writer.
    pub fn finish(mut self) -> Result<(), OutputError> {
        self.out.flush()?;
        Ok(())
    }

    fn write(&mut self, value: &Value) -> io::Result<()> {
        match self.format {
            Format::Json => json::write(&mut self.out, value, &self.kept),
            Format::Text => text::write(&mut self.out, value),
            Format::Table => table::write(&mut self.out, value, &self.style),
            Format::Yaml => yaml::write(&mut self.out, value),
            Format::YamlStream => yaml::write_stream_page(&mut self.out, value),
            Format::Off => Ok(()),
            Format::Csv => csv::write(&mut self.out, value),
            Format::Jsonl => jsonl::write(&mut self.out, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(format: Format, query: &str, pages: &[Value]) -> String {
        let mut out = Vec::new();
        let query = Query::parse(query).unwrap();
        let mut formatter = Formatter::new(format, Some(query), Style::default(), &mut out);
        for page in pages {
            formatter.page(page).unwrap();
        }
        formatter.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        assert_eq!("bogus".parse::<Format>().unwrap_err().to_string(), "Unknown output type: bogus");
    }

    #[test]
    fn the_query_is_applied_to_every_page() {
        let pages = [
            Value::map([("n", vec![1.into(), 2.into()].into())]),
            Value::map([("n", vec![3.into()].into())]),
        ];
        assert_eq!(print(Format::Text, "length(n)", &pages), "2\n1\n");
    }

    #[test]
    fn off_prints_nothing_and_asks_nothing_of_the_query() {
        assert_eq!(print(Format::Off, "length(`1`)", &[Value::Null]), "");
    }

    #[test]
    fn a_query_that_does_not_fit_is_reported() {
        let query = Query::parse("length(@)").unwrap();
        let mut formatter = Formatter::new(Format::Json, Some(query), Style::default(), Vec::new());
        let error = formatter.page(&1.into()).unwrap_err();
        assert!(matches!(error, OutputError::Query(QueryError::Type { .. })));
    }

    #[test]
    fn nesting_beyond_the_limit_is_an_error_in_every_format_and_below_it_is_not() {
        let nested = |levels: usize| {
            (0..levels).fold(Value::from("x"), |inner, _| Value::map([("k", vec![inner].into())]))
        };
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Off) {
            let mut formatter = Formatter::new(format, None, Style::default(), io::sink());
            formatter.page(&nested(NESTING_LIMIT / 2)).unwrap();
            assert!(matches!(formatter.page(&nested(NESTING_LIMIT)), Err(OutputError::TooDeep)));
        }
    }
}
