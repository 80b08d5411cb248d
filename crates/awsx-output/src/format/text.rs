//! Tab-separated text: a map's scalars on one line in the order of their keys, then its lists and maps, each line
//! starting with the upper-cased key it stands under.
//!
//! AWS CLI fails midway in a list that mixes maps with other elements. Here all of it is printed: the scalars on
//! a line of their own as in a list of lists, then the other elements in order.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::map::Map;
use crate::python::{python_str, python_text};
use crate::value::Value;

pub(super) fn write(out: &mut impl Write, value: &Value) -> io::Result<()> {
    match value {
        Value::List(elements) => write_list(out, elements, None),
        Value::Map(map) => write_map(out, map, None, None),
        scalar => writeln!(out, "{}", python_str(scalar)),
    }
}

fn write_nested(out: &mut impl Write, value: &Value, label: Option<&str>) -> io::Result<()> {
    match value {
        Value::List(elements) => write_list(out, elements, label),
        Value::Map(map) => write_map(out, map, label, None),
        scalar => write_scalars(out, &[scalar], label),
    }
}

fn write_list(out: &mut impl Write, elements: &[Value], label: Option<&str>) -> io::Result<()> {
    let (scalars, containers): (Vec<_>, Vec<_>) = elements.iter().partition(|element| element.is_scalar());
    if !scalars.is_empty() {
        write_scalars(out, &scalars, label)?;
    }
    let columns = scalar_columns(&containers);
    for container in containers {
        match container {
            Value::Map(map) => write_map(out, map, label, Some(&columns))?,
            other => write_nested(out, other, label)?,
        }
    }
    Ok(())
}

fn write_scalars(out: &mut impl Write, scalars: &[&Value], label: Option<&str>) -> io::Result<()> {
    let texts = scalars.iter().map(|scalar| python_text(scalar));
    if let Some(label) = label {
        let label = label.to_uppercase();
        for text in texts {
            writeln!(out, "{label}\t{text}")?;
        }
        return Ok(());
    }
    writeln!(out, "{}", texts.collect::<Vec<_>>().join("\t"))
}

/// `columns` are the keys that all maps of a list share a line layout for; a map on its own has just its scalars.
fn write_map(
    out: &mut impl Write,
    map: &Map,
    label: Option<&str>,
    columns: Option<&[&str]>,
) -> io::Result<()> {
    let entries = map.sorted();
    let cells: Vec<_> = match columns {
        Some(columns) => {
            columns.iter().map(|key| map.get(key).map_or(Cow::Borrowed(""), python_text)).collect()
        }
        None => entries
            .iter()
            .filter(|(_, value)| value.is_scalar())
            .map(|(_, value)| python_text(value))
            .collect(),
    };
    if !cells.is_empty() {
        if let Some(label) = label {
            write!(out, "{}\t", label.to_uppercase())?;
        }
        writeln!(out, "{}", cells.join("\t"))?;
    }
    for (key, value) in entries {
        // A key that is a column holds a list or map only where other maps have a scalar: the cell shows it.
        let is_column = columns.is_some_and(|columns| columns.binary_search(&key).is_ok());
        if !value.is_scalar() && !is_column {
            write_nested(out, value, Some(key))?;
        }
    }
    Ok(())
}

fn scalar_columns<'a>(elements: &[&'a Value]) -> Vec<&'a str> {
    elements
        .iter()
        .filter_map(|element| element.as_map())
        .flat_map(Map::iter)
        .filter(|(_, value)| value.is_scalar())
        .map(|(key, _)| key.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn print(json: serde_json::Value) -> String {
        let mut out = Vec::new();
        write(&mut out, &json.into()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_map_is_a_line_in_the_order_of_its_keys() {
        let identity = json!({"UserId": "AKIA", "Account": "123456789012", "Arn": "arn:aws:sts::123456789012:user/moto"});
        assert_eq!(print(identity), "123456789012\tarn:aws:sts::123456789012:user/moto\tAKIA\n");
    }

    #[test]
    fn nested_lines_start_with_their_key() {
        let page = json!({
            "Users": [{"UserName": "u0", "Path": "/", "Tags": [{"Key": "k", "Value": "v"}]}, {"UserName": "u1"}],
            "TableNames": ["t1", "t2"],
            "SummaryMap": {"b": 2, "a": 1},
            "Marker": null,
        });
        let expected = "None\nSUMMARYMAP\t1\t2\nTABLENAMES\tt1\nTABLENAMES\tt2\n\
                        USERS\t/\tu0\nTAGS\tk\tv\nUSERS\t\tu1\n";
        assert_eq!(print(page), expected);
    }

    #[test]
    fn bare_lists_are_lines() {
        assert_eq!(print(json!([["u0", "arn0"], ["u1", "arn1"]])), "u0\tarn0\nu1\tarn1\n");
        assert_eq!(print(json!(["a", "b", ["c", ["d"]]])), "a\tb\nc\nd\n");
        assert_eq!(print(json!([["a1", 1.5, 60]])), "a1\t1.5\t60\n");
    }

    #[test]
    fn scalars_print_as_python_prints_them() {
        assert_eq!(print(json!(null)), "None\n");
        assert_eq!(print(json!(true)), "True\n");
        assert_eq!(print(json!(1.5e-7)), "1.5e-07\n");
        assert_eq!(print(json!("a\tb\nc")), "a\tb\nc\n");
        assert_eq!(print(json!([])), "");
        assert_eq!(print(json!({})), "");
    }

    #[test]
    fn lists_that_mix_maps_with_scalars_are_printed_whole() {
        let mixed = json!({"things": [1, {"a": "x"}, ["y"], {"b": null}, "z"]});
        assert_eq!(print(mixed), "THINGS\t1\nTHINGS\tz\nTHINGS\tx\t\nTHINGS\ty\nTHINGS\t\tNone\n");
    }

    #[test]
    fn a_column_shows_what_it_holds_even_where_that_is_no_scalar() {
        let uneven = json!([{"a": 1}, {"a": {"k": ["v"]}}]);
        assert_eq!(print(uneven), "1\n{'k': ['v']}\n");
    }
}
