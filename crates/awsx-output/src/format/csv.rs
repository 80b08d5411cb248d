//! Comma-separated values as spreadsheets read them (RFC 4180). Ours, not AWS CLI's.
//!
//! Items that are maps make a header of all their keys, in the order in which they first appear. Items that are lists,
//! as `--query '[].[A, B]'` gives them, are rows without a header. What nests deeper stands in its cell as JSON.

use std::borrow::Cow;
use std::io::{self, Write};

use indexmap::IndexSet;

use super::items::items;
use super::json;
use crate::key::Key;
use crate::python::json_number;
use crate::value::Value;

pub(super) fn write(out: &mut impl Write, value: &Value) -> io::Result<()> {
    let items = items(value);
    let columns: IndexSet<&str> =
        items.iter().filter_map(|item| item.as_map()).flat_map(|map| map.keys().map(Key::as_str)).collect();
    // Lists may be of different lengths, and rows of maps and of other values may mix.
    let mut rows = csv::WriterBuilder::new().flexible(true).from_writer(out);
    if !columns.is_empty() {
        rows.write_record(&columns)?;
    }
    for item in items {
        match item {
            Value::Map(map) => {
                rows.write_record(
                    columns.iter().map(|column| map.get(column).map_or(Cow::Borrowed(""), cell).into_owned()),
                )?;
            }
            Value::List(elements) => {
                rows.write_record(elements.iter().map(|element| cell(element).into_owned()))?;
            }
            scalar => rows.write_record([cell(scalar).as_bytes()])?,
        }
    }
    rows.flush()
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
        write(&mut out, value).unwrap();
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
