//! Tables drawn in ASCII: a map becomes a row under its keys, every list or map inside it a section of its own below,
//! one bar further in on both sides.
//!
//! AWS CLI fails on rows of uneven length, and loses the values of maps that share a list with other elements. Here
//! a short row is filled up with empty cells, and such maps follow the other elements in a section of their own.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Style;
use super::columns::columns;
use super::document::{Document, Elements, Part};
use crate::python::python_text;
use crate::value::Value;

/// Blanks around a cell's text: two on either side.
const PADDING: usize = 4;
const LEFT_PADDING: usize = 2;
const BORDERS: usize = 2;

const RESET: &str = "\x1b[0m";
const CELL_COLOR: &str = "\x1b[1m\x1b[34m";
const BAR_COLOR: &str = "\x1b[2m\x1b[33m";

/// Longer sections are not held in memory while they are drawn: their columns are known from the first pass.
const LONG: usize = 1000;

/// Draws a result. It is gone over twice, since every column's width must be known before the first line.
pub(super) fn write(out: &mut impl Write, result: &Document<'_>, style: &Style) -> io::Result<()> {
    if is_nothing(result) {
        return Ok(());
    }
    let mut measured = Measured::default();
    Table::new(&mut measured).build(&style.title, result)?;
    let upright = measured.width > style.width;
    let width = if upright { measured.upright_width } else { measured.width };
    writeln!(out, "{}", "-".repeat(width))?;
    let long = measured.long.into_iter().peekable();
    let mut drawing = Drawing { out, width, upright, color: style.color, long, line: String::new() };
    Table::new(&mut drawing).build(&style.title, result)
}

/// What is done with sections while a result is gone over.
trait Pass {
    /// A section begins, counted from 0 on.
    fn begin(&mut self, number: usize, section: &mut Section) -> io::Result<()>;
    /// A row of a section.
    fn row<'c>(&mut self, section: &mut Section, cells: impl Iterator<Item = Cow<'c, str>>)
    -> io::Result<()>;
    /// Nothing follows in this section.
    fn end(&mut self, number: usize, section: Section) -> io::Result<()>;
}

/// Goes over a result, section by section.
struct Table<'p, P: Pass> {
    pass: &'p mut P,
    section: Option<Section>,
    number: usize,
}

impl<'p, P: Pass> Table<'p, P> {
    fn new(pass: &'p mut P) -> Self {
        Self { pass, section: None, number: 0 }
    }

    fn build(mut self, title: &str, result: &Document<'_>) -> io::Result<()> {
        match result {
            Document::Map(entries) => {
                self.start_section(Some(title), 0)?;
                self.map(entries.parts.clone(), 0)?;
            }
            Document::Other(part) => self.part(title, *part, 0)?,
        }
        self.end_section()
    }

    fn part(&mut self, title: &str, part: Part<'_>, indent: usize) -> io::Result<()> {
        if part.not_list().is_some_and(is_falsy) || part.elements().is_some_and(Elements::is_empty) {
            return Ok(());
        }
        self.start_section(Some(title), indent)?;
        match (part.elements(), part.not_list()) {
            (Some(elements), _) => self.list(Some(title), elements, indent),
            (None, Some(Value::Map(map))) => {
                self.map(map.iter().map(|(key, value)| (key.as_str(), Part::Value(value))).collect(), indent)
            }
            (None, _) => Ok(()),
        }
    }

    fn list(&mut self, title: Option<&str>, elements: Elements<'_>, indent: usize) -> io::Result<()> {
        let maps = elements.maps();
        if maps < elements.len() {
            elements.each(|element| match element {
                Value::Map(_) => Ok(()),
                Value::List(row) if row.iter().all(Value::is_scalar) => self.row(row.iter().map(python_text)),
                // The rows of a list inside a list belong to the section begun, its sections to the outermost level.
                Value::List(rows) => self.list(None, Elements::Values(rows), 0),
                scalar => self.row(std::iter::once(python_text(scalar))),
            })?;
        }
        if maps > 0 {
            if title.is_some() && maps < elements.len() {
                self.start_section(title, indent)?;
            }
            self.maps(title, elements, indent)?;
        }
        Ok(())
    }

    fn map(&mut self, mut entries: Vec<(&str, Part<'_>)>, indent: usize) -> io::Result<()> {
        entries.sort_unstable_by_key(|(key, _)| *key);
        let scalars = entries.iter().filter_map(|(key, part)| Some((*key, python_text(part.scalar()?))));
        let scalars: Vec<_> = scalars.collect();
        match scalars.as_slice() {
            [] => {}
            [(key, value)] => self.row([Cow::Borrowed(*key), value.clone()].into_iter())?,
            _ => {
                self.set_headers(scalars.iter().map(|(key, _)| *key))?;
                self.row(scalars.into_iter().map(|(_, value)| value))?;
            }
        }
        for (key, part) in entries.iter().filter(|(_, part)| part.scalar().is_none()) {
            self.part(key, *part, indent + 1)?;
        }
        Ok(())
    }

    /// A row for each map if all are flat; else the title, the headers and a row over what is nested in each.
    fn maps(&mut self, title: Option<&str>, elements: Elements<'_>, indent: usize) -> io::Result<()> {
        let (headers, nested) = elements.names();
        self.set_headers(headers.iter().copied())?;
        let mut is_first = true;
        elements.each(|element| {
            let Value::Map(map) = element else { return Ok(()) };
            if !is_first && !nested.is_empty() {
                self.start_section(title, indent)?;
                self.set_headers(headers.iter().copied())?;
            }
            is_first = false;
            self.row(headers.iter().map(|header| map.get(header).map_or(Cow::Borrowed(""), python_text)))?;
            for key in &nested {
                if let Some(value) = map.get(key) {
                    self.part(key, Part::Value(value), indent + 1)?;
                }
            }
            Ok(())
        })
    }

    fn start_section(&mut self, title: Option<&str>, indent: usize) -> io::Result<()> {
        self.end_section()?;
        let mut section = Section { title: title.map(str::to_owned), indent, ..Section::default() };
        self.pass.begin(self.number, &mut section)?;
        self.section = Some(section);
        Ok(())
    }

    fn end_section(&mut self) -> io::Result<()> {
        if let Some(section) = self.section.take() {
            self.pass.end(self.number, section)?;
            self.number += 1;
        }
        Ok(())
    }

    /// Lists of maps inside one list share a section as long as their keys are the same.
    fn set_headers<'h>(&mut self, headers: impl Iterator<Item = &'h str> + Clone) -> io::Result<()> {
        let section = self.section();
        if !section.headers.is_empty() && !section.headers.iter().eq(headers.clone()) {
            let indent = section.indent;
            self.start_section(None, indent)?;
        }
        let section = self.section();
        section.headers = headers.map(str::to_owned).collect();
        for column in 0..section.headers.len() {
            let width = columns(&section.headers[column]);
            section.fit(column, width);
        }
        Ok(())
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) -> io::Result<()> {
        let section = self.section.as_mut().expect(BEGUN);
        section.length += 1;
        self.pass.row(section, cells)
    }

    fn section(&mut self) -> &mut Section {
        self.section.as_mut().expect(BEGUN)
    }
}

const BEGUN: &str = "a section is started before anything is put into it";

/// The first pass: how wide everything is.
#[derive(Default)]
struct Measured {
    width: usize,
    /// The width if single rows stand upright.
    upright_width: usize,
    long: Vec<LongSection>,
}

/// What must be known of a long section before its first line.
struct LongSection {
    number: usize,
    headers: Vec<String>,
    text_widths: Vec<usize>,
}

impl Pass for Measured {
    fn begin(&mut self, _number: usize, _section: &mut Section) -> io::Result<()> {
        Ok(())
    }

    fn row<'c>(
        &mut self,
        section: &mut Section,
        cells: impl Iterator<Item = Cow<'c, str>>,
    ) -> io::Result<()> {
        // A row that is the only one may have to stand upright.
        if section.length == 1 {
            section.push(cells);
        } else {
            cells.enumerate().for_each(|(column, cell)| section.fit(column, columns(&cell)));
        }
        Ok(())
    }

    fn end(&mut self, number: usize, mut section: Section) -> io::Result<()> {
        self.width = self.width.max(section.width());
        if section.length > LONG {
            let (headers, text_widths) = (section.headers.clone(), section.text_widths.clone());
            self.long.push(LongSection { number, headers, text_widths });
        }
        section.set_upright();
        self.upright_width = self.upright_width.max(section.width());
        Ok(())
    }
}

/// The second pass.
struct Drawing<'o, W: Write> {
    out: &'o mut W,
    width: usize,
    upright: bool,
    color: bool,
    long: std::iter::Peekable<std::vec::IntoIter<LongSection>>,
    line: String,
}

impl<W: Write> Pass for Drawing<'_, W> {
    fn begin(&mut self, number: usize, section: &mut Section) -> io::Result<()> {
        let Some(long) = self.long.next_if(|long| long.number == number) else { return Ok(()) };
        let head = Section {
            title: section.title.clone(),
            headers: long.headers,
            text_widths: long.text_widths,
            length: 1,
            ..Section { indent: section.indent, ..Section::default() }
        };
        let widths = head.column_widths(self.width - 2 * head.indent);
        self.head(&head, &widths)?;
        section.widths = Some(widths);
        Ok(())
    }

    fn row<'c>(
        &mut self,
        section: &mut Section,
        cells: impl Iterator<Item = Cow<'c, str>>,
    ) -> io::Result<()> {
        match section.widths.take() {
            Some(widths) => {
                self.cells(section.indent, &widths, cells)?;
                section.widths = Some(widths);
            }
            None => section.push(cells),
        }
        Ok(())
    }

    fn end(&mut self, _number: usize, mut section: Section) -> io::Result<()> {
        if let Some(widths) = &section.widths {
            return self.rule(section.indent, widths);
        }
        if self.upright {
            section.set_upright();
        }
        let widths = section.column_widths(self.width - 2 * section.indent);
        self.head(&section, &widths)?;
        for row in &section.rows {
            self.cells(section.indent, &widths, row.iter().map(|cell| Cow::Borrowed(cell.as_str())))?;
        }
        if section.rows.is_empty() { Ok(()) } else { self.rule(section.indent, &widths) }
    }
}

impl<W: Write> Drawing<'_, W> {
    /// Title and headers.
    fn head(&mut self, section: &Section, widths: &[usize]) -> io::Result<()> {
        let width = self.width - 2 * section.indent;
        if let Some(title) = section.title.as_ref().filter(|title| !title.is_empty()) {
            self.framed(section.indent, |line| push_centered(line, title, width, true))?;
            if section.headers.is_empty() && section.length == 0 {
                self.rule(section.indent, &[width])?;
            }
        }
        if widths.is_empty() {
            return Ok(());
        }
        self.rule(section.indent, widths)?;
        if section.headers.is_empty() {
            return Ok(());
        }
        self.framed(section.indent, |line| {
            let headers = section.headers.iter().map(String::as_str).chain(std::iter::repeat(""));
            for (position, (width, header)) in widths.iter().zip(headers).enumerate() {
                push_centered(line, header, *width, position == 0);
            }
        })?;
        self.rule(section.indent, widths)
    }

    fn cells<'c>(
        &mut self,
        indent: usize,
        widths: &[usize],
        cells: impl Iterator<Item = Cow<'c, str>>,
    ) -> io::Result<()> {
        // Maps of nothing but maps have rows without cells.
        if widths.is_empty() {
            return Ok(());
        }
        let color = self.color;
        self.framed(indent, |line| {
            let cells = cells.chain(std::iter::repeat(Cow::Borrowed("")));
            for (position, (width, cell)) in widths.iter().zip(cells).enumerate() {
                push_left_aligned(line, &cell, *width, position == 0, color);
            }
        })
    }

    fn rule(&mut self, indent: usize, widths: &[usize]) -> io::Result<()> {
        if widths.is_empty() {
            return Ok(());
        }
        self.framed(indent, |line| {
            line.push('+');
            for (position, width) in widths.iter().enumerate() {
                let borders = if position == 0 { 2 } else { 1 };
                push_repeated(line, '-', width.saturating_sub(borders));
                line.push('+');
            }
        })
    }

    /// A line between the bars of what it stands in.
    fn framed(&mut self, indent: usize, content: impl FnOnce(&mut String)) -> io::Result<()> {
        let bars = |line: &mut String| {
            for _ in 0..indent {
                if self.color {
                    line.push_str(BAR_COLOR);
                }
                line.push('|');
                if self.color {
                    line.push_str(RESET);
                }
            }
        };
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        bars(&mut line);
        content(&mut line);
        bars(&mut line);
        line.push('\n');
        self.line = line;
        self.out.write_all(self.line.as_bytes())
    }
}

#[derive(Default)]
struct Section {
    title: Option<String>,
    headers: Vec<String>,
    /// Those that are held: all of them, or none but the first.
    rows: Vec<Vec<String>>,
    /// How many rows came.
    length: usize,
    indent: usize,
    /// The width of each column's widest text.
    text_widths: Vec<usize>,
    /// The columns' widths, where the section is drawn row by row.
    widths: Option<Vec<usize>>,
}

impl Section {
    fn push<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) {
        let cells: Vec<String> = cells.map(Cow::into_owned).collect();
        for (column, cell) in cells.iter().enumerate() {
            self.fit(column, columns(cell));
        }
        self.rows.push(cells);
    }

    fn fit(&mut self, column: usize, width: usize) {
        if self.text_widths.len() <= column {
            self.text_widths.resize(column + 1, 0);
        }
        self.text_widths[column] = self.text_widths[column].max(width);
    }

    /// Turns a single row under headers into a row for each header.
    fn set_upright(&mut self) {
        if self.length != 1 || self.headers.is_empty() {
            return;
        }
        let headers = std::mem::take(&mut self.headers);
        let cells = self.rows.remove(0);
        self.text_widths.clear();
        for (header, cell) in headers.into_iter().zip(cells) {
            self.push([header, cell].into_iter().map(Cow::Owned));
        }
    }

    fn width(&self) -> usize {
        let cells = self.text_widths.iter().map(|width| width + PADDING).sum::<usize>() + BORDERS;
        let title = self.title.as_ref().map_or(0, |title| columns(title) + BORDERS);
        cells.max(title) + 2 * self.indent
    }

    /// Scales the columns so that they, with their right borders and the first one's left border, fill `width`.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "widths are small, and scaling with floating point is part of the layout"
    )]
    fn column_widths(&self, width: usize) -> Vec<usize> {
        let unscaled: Vec<usize> = self.text_widths.iter().map(|width| width + PADDING).collect();
        if unscaled.is_empty() {
            return unscaled;
        }
        let scale = width as f64 / unscaled.iter().sum::<usize>() as f64;
        let mut widths: Vec<usize> =
            unscaled.iter().map(|unscaled| (scale * *unscaled as f64).round_ties_even() as usize).collect();
        // What rounding leaves over is taken from the left or added from the right, one column each at a time.
        let mut sum: usize = widths.iter().sum();
        while sum > width {
            for column in widths.iter_mut().take(sum - width) {
                *column = column.saturating_sub(1);
            }
            sum = widths.iter().sum();
        }
        while sum < width {
            for column in widths.iter_mut().rev().take(width - sum) {
                *column += 1;
            }
            sum = widths.iter().sum();
        }
        widths
    }
}

fn is_nothing(result: &Document<'_>) -> bool {
    match result {
        Document::Map(entries) => entries.parts.is_empty(),
        Document::Other(part) => {
            part.not_list().is_some_and(is_falsy) || part.elements().is_some_and(Elements::is_empty)
        }
    }
}

/// What Python takes for false.
fn is_falsy(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(truth) => !truth,
        Value::Number(number) => number.as_f64() == 0.0,
        Value::String(text) => text.is_empty(),
        Value::List(elements) => elements.is_empty(),
        Value::Map(map) => map.is_empty(),
    }
}

fn push_repeated(line: &mut String, character: char, times: usize) {
    line.extend(std::iter::repeat_n(character, times));
}

fn push_centered(line: &mut String, text: &str, width: usize, first: bool) {
    let left_edge = if first { "|" } else { "" };
    let text_width = columns(text);
    let before = (width / 2).saturating_sub(text_width / 2 + 1);
    let after = width.saturating_sub(left_edge.len() + before + text_width + 1);
    line.push_str(left_edge);
    push_repeated(line, ' ', before);
    line.push_str(text);
    push_repeated(line, ' ', after);
    line.push('|');
}

fn push_left_aligned(line: &mut String, text: &str, width: usize, first: bool, color: bool) {
    let left_edge = if first { "|" } else { "" };
    let blanks = width.saturating_sub(left_edge.len() + columns(text) + 1);
    // A column squeezed by rounding has no room for the padding.
    let before = if blanks < LEFT_PADDING { 0 } else { LEFT_PADDING };
    let (start, end) = if color { (CELL_COLOR, RESET) } else { ("", "") };
    line.push_str(left_edge);
    push_repeated(line, ' ', before);
    line.push_str(start);
    line.push_str(text);
    line.push_str(end);
    push_repeated(line, ' ', blanks - before);
    line.push('|');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn print(title: &str, width: usize, json: serde_json::Value) -> String {
        let style = Style { title: title.to_owned(), width, ..Style::default() };
        let mut out = Vec::new();
        write(&mut out, &Document::of(&json.into()), &style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_list_of_flat_maps_is_one_section() {
        let groups = json!({"WorkGroups": [{
            "Name": "primary", "State": "ENABLED", "Description": "", "CreationTime": "2026-11-22T01:34:57.718180+00:00",
        }]});
        insta::assert_snapshot!(print("ListWorkGroups", 80, groups), @r"
        -----------------------------------------------------------------------------
        |                              ListWorkGroups                               |
        +---------------------------------------------------------------------------+
        ||                               WorkGroups                                ||
        |+-----------------------------------+--------------+----------+-----------+|
        ||           CreationTime            | Description  |  Name    |   State   ||
        |+-----------------------------------+--------------+----------+-----------+|
        ||  2026-11-22T01:34:57.718180+00:00 |              |  primary |  ENABLED  ||
        |+-----------------------------------+--------------+----------+-----------+|
        ");
    }

    #[test]
    fn a_table_too_wide_stands_its_single_rows_upright() {
        let identity = json!({
            "UserId": "AKIAIOSFODNN7EXAMPLE",
            "Account": "123456789012",
            "Arn": "arn:aws:sts::123456789012:user/moto",
        });
        insta::assert_snapshot!(print("GetCallerIdentity", 80, identity), @r"
        ----------------------------------------------------
        |                 GetCallerIdentity                |
        +---------+----------------------------------------+
        |  Account|  123456789012                          |
        |  Arn    |  arn:aws:sts::123456789012:user/moto   |
        |  UserId |  AKIAIOSFODNN7EXAMPLE                  |
        +---------+----------------------------------------+
        ");
    }

    #[test]
    fn nested_values_get_sections_and_repeat_the_outer_title() {
        let role = |name: &str, description: Option<&str>, id: &str, date: &str| {
            let mut role = json!({
                "Path": "/",
                "RoleName": name,
                "RoleId": id,
                "Arn": format!("arn:aws:iam::123456789012:role/{name}"),
                "CreateDate": date,
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "sts:AssumeRole",
                }]},
                "MaxSessionDuration": 3600,
            });
            if let Some(description) = description {
                role["Description"] = description.into();
            }
            role
        };
        let roles = json!({"Roles": [
            role("r1", Some("first"), "AROARZPUZDIKDBRPOIGF3", "2026-11-22T00:32:05.203057+00:00"),
            role("r2", None, "AROARZPUZDIKJXMECOSFO", "2026-11-22T00:32:05.910434+00:00"),
        ]});
        insta::assert_snapshot!(print("ListRoles", 80, roles), @r"
        ---------------------------------------------------------------
        |                          ListRoles                          |
        +-------------------------------------------------------------+
        ||                           Roles                           ||
        |+---------------------+-------------------------------------+|
        ||  Arn                |  arn:aws:iam::123456789012:role/r1  ||
        ||  CreateDate         |  2026-11-22T00:32:05.203057+00:00   ||
        ||  Description        |  first                              ||
        ||  MaxSessionDuration |  3600                               ||
        ||  Path               |  /                                  ||
        ||  RoleId             |  AROARZPUZDIKDBRPOIGF3              ||
        ||  RoleName           |  r1                                 ||
        |+---------------------+-------------------------------------+|
        |||                AssumeRolePolicyDocument                 |||
        ||+------------------------+--------------------------------+||
        |||  Version               |  2012-10-17                    |||
        ||+------------------------+--------------------------------+||
        ||||                       Statement                       ||||
        |||+------------------+------------------------------------+|||
        ||||  Action          |  sts:AssumeRole                    ||||
        ||||  Effect          |  Allow                             ||||
        |||+------------------+------------------------------------+|||
        |||||                      Principal                      |||||
        ||||+-------+---------------------------------------------+||||
        |||||  AWS  |  arn:aws:iam::123456789012:root             |||||
        ||||+-------+---------------------------------------------+||||
        ||                           Roles                           ||
        |+---------------------+-------------------------------------+|
        ||  Arn                |  arn:aws:iam::123456789012:role/r2  ||
        ||  CreateDate         |  2026-11-22T00:32:05.910434+00:00   ||
        ||  Description        |                                     ||
        ||  MaxSessionDuration |  3600                               ||
        ||  Path               |  /                                  ||
        ||  RoleId             |  AROARZPUZDIKJXMECOSFO              ||
        ||  RoleName           |  r2                                 ||
        |+---------------------+-------------------------------------+|
        |||                AssumeRolePolicyDocument                 |||
        ||+------------------------+--------------------------------+||
        |||  Version               |  2012-10-17                    |||
        ||+------------------------+--------------------------------+||
        ||||                       Statement                       ||||
        |||+------------------+------------------------------------+|||
        ||||  Action          |  sts:AssumeRole                    ||||
        ||||  Effect          |  Allow                             ||||
        |||+------------------+------------------------------------+|||
        |||||                      Principal                      |||||
        ||||+-------+---------------------------------------------+||||
        |||||  AWS  |  arn:aws:iam::123456789012:root             |||||
        ||||+-------+---------------------------------------------+||||
        ");
    }

    #[test]
    fn maps_of_nothing_but_maps_have_no_row() {
        let query = json!({"Items": [{"id": {"S": "1"}, "n": {"N": "3"}}], "Count": 1});
        insta::assert_snapshot!(print("Query", 80, query), @r"
        ----------------
        |     Query    |
        +--------+-----+
        |  Count |  1  |
        +--------+-----+
        ||    Items   ||
        |||    id    |||
        ||+----+-----+||
        |||  S |  1  |||
        ||+----+-----+||
        |||     n    |||
        ||+----+-----+||
        |||  N |  3  |||
        ||+----+-----+||
        ");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        insta::assert_snapshot!(print("ListThings", 80, json!({"n": "日本 😀", "Users": [{"a": 1, "b": null}, {"a": "x", "z": ["1", "2"]}]})), @r"
        ------------------
        |   ListThings   |
        +----+-----------+
        |  n |  日本 😀  |
        +----+-----------+
        ||     Users    ||
        |+----+---------+|
        ||  a |    b    ||
        |+----+---------+|
        ||  1 |  None   ||
        |+----+---------+|
        ||     Users    ||
        |+------+-------+|
        ||   a  |   b   ||
        |+------+-------+|
        ||  x   |       ||
        |+------+-------+|
        |||      z     |||
        ||+------------+||
        |||  1         |||
        |||  2         |||
        ||+------------+||
        ");
    }

    #[test]
    fn lists_of_lists_are_rows() {
        insta::assert_snapshot!(print("ListUsers", 80, json!([["u0", "arn:aws:iam::123456789012:user/u0"], ["u1", null]])), @r"
        ---------------------------------------------
        |                 ListUsers                 |
        +----+--------------------------------------+
        |  u0|  arn:aws:iam::123456789012:user/u0   |
        |  u1|  None                                |
        +----+--------------------------------------+
        ");
    }

    #[test]
    fn uneven_rows_are_filled_up() {
        insta::assert_snapshot!(print("ListThings", 80, json!([["a"], ["b", "c"], "d"])), @r"
        ------------
        |ListThings|
        +----+-----+
        |  a |     |
        |  b |  c  |
        |  d |     |
        +----+-----+
        ");
    }

    #[test]
    fn maps_beside_other_elements_follow_in_their_own_section() {
        insta::assert_snapshot!(print("ListThings", 80, json!([1, {"k": "v", "l": 2}, ["x", "y"]])), @r"
        ------------
        |ListThings|
        +----+-----+
        |  1 |     |
        |  x |  y  |
        +----+-----+
        |ListThings|
        +----+-----+
        |  k |  l  |
        +----+-----+
        |  v |  2  |
        +----+-----+
        ");
    }

    #[test]
    fn a_scalar_prints_its_title_and_what_is_false_prints_nothing() {
        assert_eq!(print("Op", 80, json!("x")), "----\n|Op|\n+--+\n");
        for nothing in [json!(null), json!(false), json!(0), json!(""), json!([]), json!({})] {
            assert_eq!(print("Op", 80, nothing), "");
        }
    }

    #[test]
    fn colour_marks_cells_and_the_bars_of_nested_sections() {
        let style = Style { title: "T".to_owned(), color: true, ..Style::default() };
        let mut out = Vec::new();
        write(&mut out, &Document::of(&json!({"a": 1, "u": ["y"]}).into()), &style).unwrap();
        let bar = "\x1b[2m\x1b[33m|\x1b[0m";
        let cell = |text: &str| format!("\x1b[1m\x1b[34m{text}\x1b[0m");
        let expected = format!(
            "------------\n|     T    |\n+----+-----+\n|  {} |  {}  |\n+----+-----+\n\
             {bar}|    u   |{bar}\n{bar}+--------+{bar}\n{bar}|  {}     |{bar}\n{bar}+--------+{bar}\n",
            cell("a"),
            cell("1"),
            cell("y"),
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
