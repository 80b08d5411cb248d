//! What the formats of one line an item, csv and jsonl, take for the items of a result.

use super::document::{Document, Elements, Part};

/// The items of a result.
pub(super) enum Items<'a> {
    Elements(Elements<'a>),
    /// The result itself.
    One,
    None,
}

/// The elements of a list. Of a map, the elements of its only list, since a page of a listing is such a map: one list,
/// and words about the page beside it. Anything else is one item.
pub(super) fn items<'a>(result: &Document<'a>) -> Items<'a> {
    match result {
        Document::Map(entries) if entries.parts.is_empty() => Items::None,
        Document::Map(entries) => {
            let mut lists = entries.parts.iter().filter_map(|(_, part)| part.elements());
            let is_map = |part: &Part<'_>| part.not_list().is_some_and(|value| value.as_map().is_some());
            let beside = entries.parts.iter().any(|(_, part)| is_map(part));
            match (lists.next(), lists.next()) {
                (Some(only), None) if !beside => Items::Elements(only),
                _ => Items::One,
            }
        }
        Document::Other(part) => part.elements().map_or(Items::One, Items::Elements),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn names() -> Value {
        vec!["a".into(), "b".into()].into()
    }

    fn elements(value: &Value) -> Option<Vec<Value>> {
        match items(&Document::of(value)) {
            Items::Elements(elements) => {
                let mut found = Vec::new();
                let shown = elements.each(|element| {
                    found.push(element.clone());
                    Ok(())
                });
                shown.unwrap();
                Some(found)
            }
            Items::One | Items::None => None,
        }
    }

    #[test]
    fn a_list_and_a_page_with_one_list_give_their_elements() {
        assert_eq!(elements(&names()).map(|found| found.len()), Some(2));
        let page = Value::map([("Names", names()), ("NextToken", "t".into()), ("Prefix", Value::Null)]);
        assert_eq!(elements(&page), elements(&names()));
    }

    #[test]
    fn what_is_no_listing_is_one_item() {
        let two_lists = Value::map([("Names", names()), ("More", names())]);
        let structure = Value::map([("User", Value::map([("Tags", names())])), ("Tags", names())]);
        for one in [two_lists, structure, "a".into(), Value::Null] {
            assert!(matches!(items(&Document::of(&one)), Items::One), "{one:?}");
        }
    }

    #[test]
    fn the_empty_result_has_no_items() {
        assert!(matches!(items(&Document::of(&Value::map::<&str, 0>([]))), Items::None));
    }
}
