//! Tables drawn in ASCII: a map becomes a row under its keys, every list or map inside it a section of its own below,
//! one bar further in on both sides.
//!
//! AWS CLI fails on rows of uneven length, and loses the values of maps that share a list with other elements. Here
//! a short row is filled up with empty cells, and such maps follow the other elements in a section of their own.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Style;
use super::columns::columns;
use crate::map::Map;
use crate::python::python_str;
use crate::value::Value;

/// Blanks around a cell's text: two on either side.
const PADDING: usize = 4;
const LEFT_PADDING: usize = 2;
const BORDERS: usize = 2;

const RESET: &str = "\x1b[0m";
const CELL_COLOR: &str = "\x1b[1m\x1b[34m";
const BAR_COLOR: &str = "\x1b[2m\x1b[33m";

pub(super) fn write(out: &mut impl Write, value: &Value, style: &Style) -> io::Result<()> {
    let mut table = Table::default();
    table.build(&style.title, value, 0);
    if table.sections.is_empty() {
        return Ok(());
    }
    let mut width = table.width();
    if width > style.width {
        table.sections.iter_mut().for_each(Section::set_upright);
        width = table.width();
    }
    writeln!(out, "{}", "-".repeat(width))?;
    for section in &table.sections {
        section.draw(out, width, style.color)?;
    }
    Ok(())
}

#[derive(Default)]
struct Table {
    sections: Vec<Section>,
}

impl Table {
    fn build(&mut self, title: &str, value: &Value, indent: usize) {
        if is_falsy(value) {
            return;
        }
        self.start_section(Some(title), indent);
        match value {
            Value::List(elements) => self.build_list(Some(title), elements, indent),
            Value::Map(map) => self.build_map(map, indent),
            _ => {}
        }
    }

    fn build_list(&mut self, title: Option<&str>, elements: &[Value], indent: usize) {
        let maps: Vec<&Map> = elements.iter().filter_map(Value::as_map).collect();
        for element in elements.iter().filter(|element| element.as_map().is_none()) {
            match element {
                Value::List(row) if row.iter().all(Value::is_scalar) => {
                    self.add_row(row.iter().map(python_str));
                }
                // The rows of a list inside a list belong to the section begun, its sections to the outermost level.
                Value::List(rows) => self.build_list(None, rows, 0),
                scalar => self.add_row([python_str(scalar)]),
            }
        }
        if !maps.is_empty() {
            if title.is_some() && maps.len() < elements.len() {
                self.start_section(title, indent);
            }
            self.build_maps(title, &maps, indent);
        }
    }

    fn build_map(&mut self, map: &Map, indent: usize) {
        let (scalars, nested): (Vec<_>, Vec<_>) =
            map.sorted().into_iter().partition(|(_, value)| value.is_scalar());
        match scalars.as_slice() {
            [] => {}
            [(key, value)] => self.add_row([(*key).to_owned(), python_str(value)]),
            _ => {
                self.set_headers(scalars.iter().map(|(key, _)| (*key).to_owned()).collect());
                self.add_row(scalars.iter().map(|(_, value)| python_str(value)));
            }
        }
        for (key, value) in nested {
            self.build(key, value, indent + 1);
        }
    }

    /// A row for each map if all are flat; else the title, the headers and a row over what is nested in each.
    fn build_maps(&mut self, title: Option<&str>, maps: &[&Map], indent: usize) {
        let mut headers = BTreeSet::new();
        let mut nested = BTreeSet::new();
        for (key, value) in maps.iter().flat_map(|map| map.iter()) {
            let keys = if value.is_scalar() { &mut headers } else { &mut nested };
            keys.insert(key.as_str());
        }
        let titles = || headers.iter().map(|header| (*header).to_owned()).collect();
        self.set_headers(titles());
        for (position, map) in maps.iter().enumerate() {
            if position > 0 && !nested.is_empty() {
                self.start_section(title, indent);
                self.set_headers(titles());
            }
            self.add_row(headers.iter().map(|header| map.get(header).map_or_else(String::new, python_str)));
            for key in &nested {
                if let Some(value) = map.get(key) {
                    self.build(key, value, indent + 1);
                }
            }
        }
    }

    fn start_section(&mut self, title: Option<&str>, indent: usize) {
        self.sections.push(Section { title: title.map(str::to_owned), indent, ..Section::default() });
    }

    /// Lists of maps inside one list share a section as long as their keys are the same.
    fn set_headers(&mut self, headers: Vec<String>) {
        let section = self.section();
        if !section.headers.is_empty() && section.headers != headers {
            let indent = section.indent;
            self.start_section(None, indent);
        }
        let section = self.section();
        section.fit(&headers);
        section.headers = headers;
    }

    fn add_row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        let section = self.section();
        section.fit(&cells);
        section.rows.push(cells);
    }

    fn section(&mut self) -> &mut Section {
        self.sections.last_mut().expect("a section is started before anything is put into it")
    }

    fn width(&self) -> usize {
        self.sections.iter().map(Section::width).max().unwrap_or(0)
    }
}

#[derive(Default)]
struct Section {
    title: Option<String>,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    indent: usize,
    /// The width of each column's widest text.
    text_widths: Vec<usize>,
}

impl Section {
    fn fit(&mut self, cells: &[String]) {
        if self.text_widths.len() < cells.len() {
            self.text_widths.resize(cells.len(), 0);
        }
        for (width, cell) in self.text_widths.iter_mut().zip(cells) {
            *width = (*width).max(columns(cell));
        }
    }

    /// Turns a single row under headers into a row for each header.
    fn set_upright(&mut self) {
        if self.rows.len() != 1 || self.headers.is_empty() {
            return;
        }
        let headers = std::mem::take(&mut self.headers);
        let cells = self.rows.remove(0);
        self.text_widths.clear();
        for (header, cell) in headers.into_iter().zip(cells) {
            let row = vec![header, cell];
            self.fit(&row);
            self.rows.push(row);
        }
    }

    fn width(&self) -> usize {
        let cells = self.text_widths.iter().map(|width| width + PADDING).sum::<usize>() + BORDERS;
        let title = self.title.as_ref().map_or(0, |title| columns(title) + BORDERS);
        cells.max(title) + 2 * self.indent
    }

    fn draw(&self, out: &mut impl Write, table_width: usize, color: bool) -> io::Result<()> {
        let width = table_width - 2 * self.indent;
        let widths = self.column_widths(width);
        let bar = if color { format!("{BAR_COLOR}|{RESET}") } else { "|".to_owned() };
        let bars = bar.repeat(self.indent);
        let rule = rule(&widths);
        if let Some(title) = self.title.as_ref().filter(|title| !title.is_empty()) {
            writeln!(out, "{bars}{}{bars}", centered(title, width, true))?;
            if self.headers.is_empty() && self.rows.is_empty() {
                writeln!(out, "{bars}{}{bars}", self::rule(&[width]))?;
            }
        }
        if widths.is_empty() {
            return Ok(());
        }
        writeln!(out, "{bars}{rule}{bars}")?;
        if !self.headers.is_empty() {
            writeln!(out, "{bars}{}{bars}", line(&self.headers, &widths, centered))?;
            writeln!(out, "{bars}{rule}{bars}")?;
        }
        for row in &self.rows {
            let cells = line(row, &widths, |text, width, first| left_aligned(text, width, first, color));
            writeln!(out, "{bars}{cells}{bars}")?;
        }
        if !self.rows.is_empty() {
            writeln!(out, "{bars}{rule}{bars}")?;
        }
        Ok(())
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

fn rule(widths: &[usize]) -> String {
    let mut rule = String::new();
    for (position, width) in widths.iter().enumerate() {
        let borders = if position == 0 { 2 } else { 1 };
        if position == 0 {
            rule.push('+');
        }
        rule.push_str(&"-".repeat(width.saturating_sub(borders)));
        rule.push('+');
    }
    rule
}

fn line(cells: &[String], widths: &[usize], place: impl Fn(&str, usize, bool) -> String) -> String {
    let cells = cells.iter().map(String::as_str).chain(std::iter::repeat(""));
    widths
        .iter()
        .zip(cells)
        .enumerate()
        .map(|(position, (width, cell))| place(cell, *width, position == 0))
        .collect()
}

fn centered(text: &str, width: usize, first: bool) -> String {
    let left_edge = if first { "|" } else { "" };
    let text_width = columns(text);
    let before = (width / 2).saturating_sub(text_width / 2 + 1);
    let after = width.saturating_sub(left_edge.len() + before + text_width + 1);
    format!("{left_edge}{}{text}{}|", " ".repeat(before), " ".repeat(after))
}

fn left_aligned(text: &str, width: usize, first: bool, color: bool) -> String {
    let left_edge = if first { "|" } else { "" };
    let blanks = width.saturating_sub(left_edge.len() + columns(text) + 1);
    // A column squeezed by rounding has no room for the padding.
    let before = if blanks < LEFT_PADDING { 0 } else { LEFT_PADDING };
    let after = blanks - before;
    let (start, end) = if color { (CELL_COLOR, RESET) } else { ("", "") };
    format!("{left_edge}{}{start}{text}{end}{}|", " ".repeat(before), " ".repeat(after))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn print(title: &str, width: usize, json: serde_json::Value) -> String {
        let style = Style { title: title.to_owned(), width, ..Style::default() };
        let mut out = Vec::new();
        write(&mut out, &json.into(), &style).unwrap();
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
        write(&mut out, &json!({"a": 1, "u": ["y"]}).into(), &style).unwrap();
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
