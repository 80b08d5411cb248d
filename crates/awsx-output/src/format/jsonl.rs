//! One line of JSON an item, as `jq`, log shippers and databases read it. Ours, not AWS CLI's.

use std::io::{self, Write};

use super::document::Document;
use super::items::{Items, items};
use super::json;
use crate::value::Value;

pub(super) fn write(out: &mut impl Write, value: &Value) -> io::Result<()> {
    let mut lines = String::new();
    let mut add = |item: &Value| {
        json::append_compact(&mut lines, item);
        lines.push('\n');
        Ok(())
    };
    match items(&Document::of(value)) {
        Items::Elements(elements) => elements.each(add)?,
        Items::One => add(value)?,
        Items::None => {}
    }
    out.write_all(lines.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_a_line_whatever_it_holds() {
        let page = Value::map([
            (
                "Users",
                vec![Value::map([("Name", "a\nb".into()), ("Tags", vec![].into())]), Value::Null].into(),
            ),
            ("NextToken", "t".into()),
        ]);
        let mut out = Vec::new();
        write(&mut out, &page).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"Name\":\"a\\nb\",\"Tags\":[]}\nnull\n");
    }
}
