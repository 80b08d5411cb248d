//! The output formats, each in a file of its own, and the [`Formatter`] that commands write their results to.
//!
//! A format is a function from one value to bytes. It knows nothing of queries, pages or operations.

mod columns;
mod csv;
mod document;
mod items;
mod json;
mod jsonl;
mod kept;
mod table;
mod text;
mod yaml;

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;

use self::document::Document;
use self::kept::Kept;
pub use self::yaml::{YamlKind, YamlNode, YamlView, yaml_document, yaml_result, yaml_template};
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
    kept: Kept,
}

impl<W: Write> Formatter<W> {
    /// Starts output to `out`, which need not be buffered.
    pub fn new(format: Format, query: Option<Query>, style: Style, out: W) -> Self {
        Self { format, query, style, out: BufWriter::new(out), kept: Kept::default() }
    }

    /// Writes one page for formats that go [page by page](Format::per_page), the whole result for the others.
    pub fn page(&mut self, value: &Value) -> Result<(), OutputError> {
        if self.format == Format::Off {
            return Ok(());
        }
        if value.nests_deeper_than(NESTING_LIMIT) {
            return Err(OutputError::TooDeep);
        }
        let mut kept = std::mem::take(&mut self.kept);
        let answer = self.query.as_ref().map(|query| kept.answer(query, value)).transpose()?;
        match &answer {
            Some(answer) => self.write(&answer.document())?,
            None => self.write(&kept.document(value))?,
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
        !self.format.per_page() && self.format != Format::Off
    }

    /// Takes items of a list at the top of a result that is to come: there the list is empty. They wait packed, which needs
    /// a fraction of their memory, and nothing is written before the result is whole. Of what a query does not want,
    /// nothing is kept.
    pub fn keep(&mut self, list: &str, items: Vec<Value>) -> Result<(), OutputError> {
        // Two levels are above them.
        if items.iter().any(|item| item.nests_deeper_than(NESTING_LIMIT - 2)) {
            return Err(OutputError::TooDeep);
        }
        self.kept.add(self.query.as_ref(), list, items)
    }

    /// Ends the output, so that all of it has reached the writer.
    pub fn finish(mut self) -> Result<(), OutputError> {
        self.out.flush()?;
        Ok(())
    }

    fn write(&mut self, result: &Document<'_>) -> io::Result<()> {
        let out = &mut self.out;
        match self.format {
            Format::Json => json::write(out, result),
            Format::Table => table::write(out, result, &self.style),
            Format::Yaml => yaml::write(out, result),
            Format::Csv => csv::write(out, result),
            // What is written page by page never lies on a shelf.
            Format::Text => text::write(out, &*result.to_value()?),
            Format::YamlStream => yaml::write_stream_page(out, &*result.to_value()?),
            Format::Jsonl => jsonl::write(out, &*result.to_value()?),
            Format::Off => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::tests::any_value;

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

    /// What comes of a result, at once or with the items of its list `L` ahead of it, in pages of this length.
    fn shown(
        format: Format,
        query: Option<&str>,
        result: &Value,
        page: Option<usize>,
    ) -> Result<String, String> {
        let mut out = Vec::new();
        let query = query.map(|query| Query::parse(query).unwrap());
        let style = Style { title: "T".to_owned(), ..Style::default() };
        let mut formatter = Formatter::new(format, query, style, &mut out);
        let mut rest = result.clone();
        if let (Some(page), Value::Map(map)) = (page, &mut rest)
            && let Some(Value::List(items)) = map.get_mut("L")
        {
            let items = std::mem::take(items);
            for piece in items.chunks(page.max(1)) {
                formatter.keep("L", piece.to_vec()).unwrap();
            }
        }
        formatter.page(&rest).map_err(|error| error.to_string())?;
        formatter.finish().unwrap();
        Ok(String::from_utf8(out).unwrap())
    }

    const KEEP: [Format; 4] = [Format::Json, Format::Table, Format::Yaml, Format::Csv];

    #[test]
    fn only_formats_that_need_the_whole_keep_items() {
        let keeps = |format| Formatter::new(format, None, Style::default(), io::sink()).keeps_items();
        assert_eq!(Format::ALL.into_iter().filter(|format| keeps(*format)).collect::<Vec<_>>(), KEEP);
    }

    #[test]
    fn long_lists_are_drawn_as_short_ones_are() {
        let user = |number: usize| {
            Value::map([("Name", Value::from(format!("user-{number}"))), ("Id", (number as u64).into())])
        };
        let users: Value = (0..5000).map(user).collect();
        let names: Value = (0..3000).map(|number| Value::from("n".repeat(number % 60))).collect();
        let odd = Value::map([("Name", vec![user(1), Value::Null].into())]);
        let mixed: Value = (0..2500).map(user).chain([Value::from("x"), odd]).collect();
        for list in [users, names, mixed] {
            let result = Value::map([("Count", 1.into()), ("L", list), ("Z", vec!["z".into()].into())]);
            for format in KEEP {
                let whole = shown(format, None, &result, None).unwrap();
                assert!(shown(format, None, &result, Some(100)).unwrap() == whole, "{format}");
                // All lines of a table are equally long.
                if format == Format::Table {
                    let mut lengths = whole.lines().map(str::len);
                    let first = lengths.next();
                    assert!(lengths.all(|length| Some(length) == first));
                }
            }
        }
    }

    #[test]
    fn a_query_that_fails_does_so_in_the_end() {
        let query = Query::parse("L[].length(@)").unwrap();
        let mut out = Vec::new();
        let mut formatter = Formatter::new(Format::Json, Some(query), Style::default(), &mut out);
        formatter.keep("L", vec!["a".into(), 1.into()]).unwrap();
        formatter.keep("L", vec!["b".into()]).unwrap();
        let error = formatter.page(&Value::map([("L", Value::List(Vec::new()))])).unwrap_err();
        assert!(error.to_string().starts_with("In function length(), invalid type for value: 1"));
        drop(formatter);
        assert!(out.is_empty());
    }

    proptest! {
        #[test]
        fn items_that_came_ahead_are_shown_as_if_they_had_not(
            items in prop::collection::vec(any_value(), 0..6),
            before in any_value(),
            after in any_value(),
            page in 1..4_usize,
        ) {
            let result = Value::map([("A", before), ("L", items.into()), ("Z", after)]);
            for format in KEEP {
                prop_assert_eq!(shown(format, None, &result, Some(page)), shown(format, None, &result, None));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn queries_give_page_by_page_what_they_give_at_once(
            items in prop::collection::vec(any_element(), 0..7),
            page in 1..4_usize,
        ) {
            let result = Value::map([("A", 1.into()), ("L", items.into()), ("Z", "z".into())]);
            for query in QUERIES.map(Some) {
                for format in [Format::Json, Format::Table] {
                    let whole = shown(format, query, &result, None);
                    prop_assert_eq!(shown(format, query, &result, Some(page)), whole, "{:?}", query);
                }
            }
        }
    }

    const QUERIES: [&str; 53] = [
        "L",
        "L[]",
        "L[*]",
        "L[].a",
        "L[*].a",
        "L[*].[a, b]",
        "L[].{x: a, y: b.a}",
        "L[?a=='x']",
        "L[?a=='x'].b",
        "L[?b].b[].a",
        "L[].b[].a",
        "L[*].b[*].a",
        "L[][]",
        "L[][].a[]",
        "L[?a > `1`].a",
        "L[?contains(a, 'x')].b",
        "L[?length(b) > `1`] | [0]",
        "L[?length(b) > `1`][].length(a)",
        "L[].length(@)",
        "L[].b | [].length(@)",
        "length(L)",
        "length(L[])",
        "length(L[?a=='x'])",
        "length(L[?length(a) > `1`])",
        "{n: length(L), names: L[].a, A: A}",
        "[A, L[0], L[-1].a, Z]",
        "[L[0].a, L[1], length(L)]",
        "L[1:3].a",
        "L[1:].a",
        "L[:-1]",
        "L[?a > `1`] | [0].a",
        "L | [:2].a",
        "L[].b | [:2][]",
        "L | [1].b | [0]",
        "L[].length(a) | [0]",
        "L[][0]",
        "L[*][0]",
        "L[*].b[0]",
        "L[::-1]",
        "L | [0]",
        "L[].a | sort(@)",
        "sort_by(L, &a)[].a",
        "max_by(L[?a], &a)",
        "L[].[sort_by(to_array(b), &a)]",
        "L[].[not_null(&a, b)]",
        "A || L[].a",
        "missing || L[].length(a)",
        "!L",
        "L == L",
        "@",
        "@.L[].a",
        "*",
        "A",
    ];

    /// What items of a listing may be, and a little more.
    fn any_element() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            (0..3_i64).prop_map(Value::from),
            prop_oneof!["x", "xy", ""].prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 12, 3, |inner| {
            let member = prop_oneof![Just("a"), Just("b")];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((member, inner), 1..3)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }
}
