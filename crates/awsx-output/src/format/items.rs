//! What the formats of one line an item, csv and jsonl, take for the items of a result.

use crate::value::Value;

/// The elements of a list. Of a map, the elements of its only list, since a page of a listing is such a map: one list,
/// and words about the page beside it. Anything else is one item.
pub(super) fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(elements) => elements.iter().collect(),
        Value::Map(map) if map.is_empty() => Vec::new(),
        Value::Map(map) => {
            let mut lists = map.values().filter_map(Value::as_list);
            let beside = map.values().any(|member| member.as_map().is_some());
            match (lists.next(), lists.next()) {
                (Some(only), None) if !beside => only.iter().collect(),
                _ => vec![value],
            }
        }
        scalar => vec![scalar],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Value {
        vec!["a".into(), "b".into()].into()
    }

    #[test]
    fn a_list_and_a_page_with_one_list_give_their_elements() {
        assert_eq!(items(&names()).len(), 2);
        let page = Value::map([("Names", names()), ("NextToken", "t".into()), ("Prefix", Value::Null)]);
        assert_eq!(items(&page), items(&names()));
    }

    #[test]
    fn what_is_no_listing_is_one_item() {
        let two_lists = Value::map([("Names", names()), ("More", names())]);
        let structure = Value::map([("User", Value::map([("Tags", names())])), ("Tags", names())]);
        for one in [two_lists, structure, "a".into(), Value::Null] {
            assert_eq!(items(&one), [&one]);
        }
    }

    #[test]
    fn the_empty_result_has_no_items() {
        assert!(items(&Value::map::<&str, 0>([])).is_empty());
    }
}
