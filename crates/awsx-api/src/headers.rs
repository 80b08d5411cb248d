//! Headers as pairs, in the order they are written. Names are compared without regard to case.

/// The value of the header with this name.
pub(crate) fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// Sets a header, in place of one with the same name.
pub(crate) fn set(headers: &mut Vec<(String, String)>, name: &str, value: String) {
    match headers.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
        Some(found) => found.1 = value,
        None => headers.push((name.to_owned(), value)),
    }
}
