//! Splitting and quoting words as Python's `shlex` does: what a section header names, and the programs that settings
//! name with their arguments.
//!
//! Rust's `shlex` crate follows the shell further than Python does: it starts a comment at `#` and knows more escapes
//! inside double quotes, so `[profile #1]` would lose its name and `tool #1` its argument.

/// Splits into words, or gives nothing when a quote or an escape is left open.
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        quoted => word.push(quoted),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' if matches!(characters.peek()?, '"' | '\\') => word.extend(characters.next()),
                        quoted => word.push(quoted),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next()?),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Some(words)
}

/// Wraps a word in single quotes; a single quote inside becomes `'"'"'`.
pub fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r#"'"'"'"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_split_as_python_splits_them() {
        for (text, words) in [
            ("profile dev", &["profile", "dev"][..]),
            ("profile\t dev ", &["profile", "dev"]),
            (r#"profile "q r""#, &["profile", "q r"]),
            ("profile 's t'", &["profile", "s t"]),
            ("profile ''", &["profile", ""]),
            ("profile #1", &["profile", "#1"]),
            (r"profile a\ b", &["profile", "a b"]),
            (r#"profile "a\$\"\\b""#, &["profile", r#"a\$"\b"#]),
            (r"profile 'a\b'", &["profile", r"a\b"]),
            ("profile a'b'c", &["profile", "abc"]),
        ] {
            assert_eq!(split(text).expect(text), words, "{text}");
        }
    }

    #[test]
    fn open_quotes_and_escapes_are_no_words() {
        for text in ["profile it's", "profile \"x", "profile x\\", "profile \"x\\"] {
            assert_eq!(split(text), None, "{text}");
        }
    }

    #[test]
    fn quoted_words_split_back() {
        for word in ["a b", "it's here", "", r#"back\slash "double""#] {
            assert_eq!(split(&quote(word)), Some(vec![word.to_owned()]));
        }
    }
}
