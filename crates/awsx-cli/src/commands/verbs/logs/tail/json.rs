//! JSON over several lines, as Python indents it. Numbers stay as they are written, however many digits they have.

use std::fmt::Write;

use serde::de::IgnoredAny;

const INDENT: &str = "    ";

/// The text indented; none where it is no JSON.
pub(in super::super) fn indented(text: &str) -> Option<String> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut out = Out::default();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                while let Some(inside) = characters.next() {
                    out.push(inside);
                    match inside {
                        '"' => break,
                        '\\' => out.push(characters.next()?),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(character);
                    out.push(end);
                } else {
                    out.open(character);
                }
            }
            '}' | ']' => out.close(character),
            ',' => {
                out.push(',');
                out.start_line();
            }
            ':' => {
                out.push(':');
                out.push(' ');
            }
            blank if blank.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    Some(out.text)
}

#[derive(Default)]
struct Out {
    text: String,
    depth: usize,
}

impl Out {
    /// In ASCII, as Python writes JSON.
    fn push(&mut self, character: char) {
        if character.is_ascii() {
            self.text.push(character);
            return;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            write!(self.text, "\\u{unit:04x}").expect("memory takes what is written");
        }
    }

    fn open(&mut self, bracket: char) {
        self.push(bracket);
        self.depth += 1;
        self.start_line();
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        self.start_line();
        self.push(bracket);
    }

    fn start_line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&INDENT.repeat(self.depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_nothing_of_it_changes() {
        let text =
            r#"{"a":[ ],"b" : {"c":[1,-2.50,123456789012345678901234567890]},"d":"x, {\"é\"}","e":{ }}"#;
        assert_eq!(
            indented(text).unwrap(),
            "{\n    \"a\": [],\n    \"b\": {\n        \"c\": [\n            1,\n            -2.50,\n            \
             123456789012345678901234567890\n        ]\n    },\n    \"d\": \"x, {\\\"\\u00e9\\\"}\",\n    \"e\": {}\n}"
        );
        assert_eq!(indented("12").unwrap(), "12");
        assert_eq!(indented("START RequestId: 1"), None);
        assert_eq!(indented("{\"a\": 1} tail"), None);
    }
}
