//! Templates of paths, as models have them.

use awsx_http::percent::{encode, encode_path};

/// Fills the `{labels}` of a template; `{label+}` keeps slashes. A label without a value stands for nothing.
pub(super) fn fill(template: &str, value_of: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((label, after)) = after.split_once('}') else { break };
        match label.strip_suffix('+') {
            Some(greedy) => filled.push_str(&encode_path(&value_of(greedy).unwrap_or_default())),
            None => filled.push_str(&encode(&value_of(label).unwrap_or_default())),
        }
        rest = after;
    }
    filled + rest
}

/// Splits a path with a fixed query, as models have them (`/?acl`, `/path?a=1`).
pub(super) fn split_query(template: &str) -> (&str, Vec<(String, Option<String>)>) {
    let Some((path, query)) = template.split_once('?') else { return (template, Vec::new()) };
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| match pair.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (pair.to_owned(), None),
    });
    (path, pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_encoded_and_greedy_ones_keep_their_slashes() {
        let value = |label: &str| Some(format!("{label}/ü ~"));
        assert_eq!(fill("/a/{b}/{c+}/d", value), "/a/b%2F%C3%BC%20~/c/%C3%BC%20~/d");
    }

    #[test]
    fn a_fixed_query_may_have_names_without_values() {
        assert_eq!(
            split_query("/x?acl&id=1"),
            ("/x", vec![("acl".to_owned(), None), ("id".to_owned(), Some("1".to_owned()))])
        );
    }
}
