//! Comma-separated values as spreadsheets read them (RFC 4180). Ours, not AWS CLI's.
//!
//! Items that are maps make a header of all their keys, in the order in which they first appear. Items that are lists,
//! as `--query '[].[A, B]'` gives them, are rows without a header. What nests deeper stands in its cell as JSON.

use std::borrow::Cow;
use std::io::{self, Write};

use indexmap::IndexSet;

use super::document::{Document, Elements};
use super::items::{Items, items};
use super::json;
use crate::key::Key;
use crate::python::json_number;
use crate::value::Value;

pub(super) fn write(out: &mut impl Write, result: &Document<'_>) -> io::Result<()> {
    // Lists may be of different lengths, and rows of maps and of other values may mix.
    let mut rows = csv::WriterBuilder::new().flexible(true).from_writer(out);
    match items(result) {
        Items::Elements(elements) => {
            let columns = columns(elements);
            if !columns.is_empty() {
                rows.write_record(&columns)?;
            }
            elements.each(|item| write_row(&mut rows, &columns, item))?;
        }
        Items::One => {
            let item = result.to_value()?;
            let columns: IndexSet<&str> =
                item.as_map().into_iter().flat_map(|map| map.keys().map(Key::as_str)).collect();
            if !columns.is_empty() {
                rows.write_record(&columns)?;
            }
            write_row(&mut rows, &columns, &item)?;
        }
        Items::None => {}
    }
    rows.flush()
}

/// All keys of the maps, in the order in which they first appear.
fn columns(elements: Elements<'_>) -> IndexSet<&str> {
    match elements {
        Elements::Values(values) => {
            let maps = values.iter().filter_map(Value::as_map);
            maps.flat_map(|map| map.keys().map(Key::as_str)).collect()
        }
        Elements::Shelf(packed) => packed.columns().keys().map(Key::as_str).collect(),
    }
}

fn write_row(rows: &mut csv::Writer<impl Write>, columns: &IndexSet<&str>, item: &Value) -> io::Result<()> {
    match item {
        Value::Map(map) => {
            for column in columns {
                rows.write_field(map.get(column).map_or(Cow::Borrowed(""), cell).as_bytes())?;
            }
            rows.write_record(None::<&[u8]>)?;
        }
        Value::List(elements) => {
            for element in elements {
                rows.write_field(cell(element).as_bytes())?;
            }
            rows.write_record(None::<&[u8]>)?;
        }
        scalar => rows.write_record([cell(scalar).as_bytes()])?,
    }
    Ok(())
}

fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Owned(json_number(*number)),
        Value::String(text) => Cow::Borrowed(text),
        nested => {
            let mut json = String::new();
            json::append_compact(&mut json, nested);
            Cow::Owned(json)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(value: &Value) -> String {
        let mut out = Vec::new();
        write(&mut out, &Document::of(value)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn maps_make_a_header_of_all_their_keys() {
        let users = vec![
            Value::map([("Name", "a, \"b\"".into()), ("Id", 1.into())]),
            Value::map([("Id", 2.into()), ("Tags", vec![true.into()].into())]),
        ];
        assert_eq!(
            print(&Value::map([("Users", users.into())])),
            "Name,Id,Tags\n\"a, \"\"b\"\"\",1,\n,2,[true]\n"
        );
    }

    #[test]
    fn lists_are_rows_and_scalars_cells_without_a_header() {
        let rows =
            vec![Value::List(vec!["a".into(), Value::Null, 1.5.into()]), Value::List(vec!["b\nc".into()])];
        assert_eq!(print(&rows.into()), "a,,1.5\n\"b\nc\"\n");
        assert_eq!(print(&vec!["a".into(), true.into()].into()), "a\ntrue\n");
        assert_eq!(print(&Value::map::<&str, 0>([])), "");
    }
}
