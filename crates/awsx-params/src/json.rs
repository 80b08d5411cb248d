//! JSON as Python's `json.loads` reads it, with its error texts.
//!
//! They name a position in characters, which no JSON crate counts, and `NaN` and `Infinity` are numbers.

use indexmap::IndexMap;

use crate::{Given, ParamsError};

/// How deep lists and objects may nest: far beyond any model, and shallow enough for every stack.
const NESTING_LIMIT: usize = 256;

/// Reads a JSON document that stands for itself, so that Python's error is all there is to say.
pub fn parse_json(text: &str) -> Result<Given, ParamsError> {
    parse(text).map_err(|error| ParamsError::Python(error.to_string()))
}

/// Reads a JSON document.
pub(crate) fn parse(text: &str) -> Result<Given, JsonError> {
    let mut reader = Reader { characters: text.chars().collect(), at: 0 };
    if reader.peek() == Some('\u{feff}') {
        return Err(reader.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
    }
    reader.skip_blanks();
    let value = reader.value(0)?;
    reader.skip_blanks();
    if reader.at < reader.characters.len() {
        return Err(reader.error("Extra data", reader.at));
    }
    Ok(value)
}

/// Where JSON is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: line {line} column {column} (char {at})")]
pub(crate) struct JsonError {
    problem: &'static str,
    line: usize,
    column: usize,
    at: usize,
}

struct Reader {
    characters: Vec<char>,
    at: usize,
}

impl Reader {
    fn value(&mut self, depth: usize) -> Result<Given, JsonError> {
        if depth > NESTING_LIMIT {
            return Err(self.error("maximum recursion depth exceeded", self.at));
        }
        match self.peek() {
            Some('"') => self.string().map(Given::Text),
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('-' | '0'..='9') => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Given, JsonError> {
        self.at += 1;
        let mut entries = IndexMap::new();
        self.skip_blanks();
        if self.take('}') {
            return Ok(Given::Map(entries));
        }
        loop {
            if self.peek() != Some('"') {
                return Err(self.error("Expecting property name enclosed in double quotes", self.at));
            }
            let key = self.string()?;
            self.skip_blanks();
            if !self.take(':') {
                return Err(self.error("Expecting ':' delimiter", self.at));
            }
            self.skip_blanks();
            let value = self.value(depth + 1)?;
            entries.insert(key, value);
            self.skip_blanks();
            if self.take('}') {
                return Ok(Given::Map(entries));
            }
            if !self.take(',') {
                return Err(self.error("Expecting ',' delimiter", self.at));
            }
            self.skip_blanks();
        }
    }

    fn array(&mut self, depth: usize) -> Result<Given, JsonError> {
        self.at += 1;
        let mut elements = Vec::new();
        self.skip_blanks();
        if self.take(']') {
            return Ok(Given::List(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.skip_blanks();
            if self.take(']') {
                return Ok(Given::List(elements));
            }
            if !self.take(',') {
                return Err(self.error("Expecting ',' delimiter", self.at));
            }
            self.skip_blanks();
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let begin = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let character = self.peek().ok_or_else(|| self.unterminated(begin))?;
            self.at += 1;
            match character {
                '"' => return Ok(text),
                '\\' => {
                    let escaped = self.peek().ok_or_else(|| self.unterminated(begin))?;
                    self.at += 1;
                    text.push(self.escape(escaped)?);
                }
                '\0'..='\x1f' => return Err(self.error("Invalid control character at", self.at - 1)),
                _ => text.push(character),
            }
        }
    }

    fn escape(&mut self, escaped: char) -> Result<char, JsonError> {
        Ok(match escaped {
            '"' | '\\' | '/' => escaped,
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(),
            _ => return Err(self.error("Invalid \\escape", self.at - 2)),
        })
    }

    /// Two escapes may make one character. Half of one is something Python keeps and no text can hold.
    fn code_point(&mut self) -> Result<char, JsonError> {
        let high = self.hexadecimal()?;
        if (0xd800..0xdc00).contains(&high) && self.characters[self.at..].starts_with(&['\\', 'u']) {
            let resume = self.at;
            self.at += 2;
            let low = self.hexadecimal()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = resume;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hexadecimal(&mut self) -> Result<u32, JsonError> {
        let digits = self.characters.get(self.at..self.at + 4);
        let code = digits.and_then(|digits| {
            digits.iter().try_fold(0, |code, digit| Some(code * 16 + digit.to_digit(16)?))
        });
        let code = code.ok_or_else(|| self.error("Invalid \\uXXXX escape", self.at - 1))?;
        self.at += 4;
        Ok(code)
    }

    fn number(&mut self) -> Result<Given, JsonError> {
        let begin = self.at;
        let negative = self.take('-');
        if !matches!(self.peek(), Some('0'..='9')) {
            self.at = begin;
            return if negative { self.word() } else { Err(self.error("Expecting value", begin)) };
        }
        if !self.take('0') {
            self.digits();
        }
        let mut whole = true;
        if self.peek() == Some('.') && self.digit_at(self.at + 1) {
            whole = false;
            self.at += 1;
            self.digits();
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.characters.get(self.at + 1), Some('+' | '-')));
            if self.digit_at(self.at + 1 + sign) {
                whole = false;
                self.at += 1 + sign;
                self.digits();
            }
        }
        let text: String = self.characters[begin..self.at].iter().collect();
        if whole && let Ok(number) = text.parse() {
            return Ok(Given::Integer(number));
        }
        Ok(Given::Float(text.parse().expect("digits with a fraction or exponent are a number")))
    }

    fn word(&mut self) -> Result<Given, JsonError> {
        let words = [
            ("null", Given::None),
            ("true", Given::Boolean(true)),
            ("false", Given::Boolean(false)),
            ("NaN", Given::Float(f64::NAN)),
            ("Infinity", Given::Float(f64::INFINITY)),
            ("-Infinity", Given::Float(f64::NEG_INFINITY)),
        ];
        for (word, value) in words {
            let length = word.chars().count();
            let here = self.characters.get(self.at..self.at + length);
            if here.is_some_and(|here| here.iter().copied().eq(word.chars())) {
                self.at += length;
                return Ok(value);
            }
        }
        Err(self.error("Expecting value", self.at))
    }

    fn digits(&mut self) {
        while self.digit_at(self.at) {
            self.at += 1;
        }
    }

    fn digit_at(&self, at: usize) -> bool {
        self.characters.get(at).is_some_and(char::is_ascii_digit)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, character: char) -> bool {
        let found = self.peek() == Some(character);
        self.at += usize::from(found);
        found
    }

    fn unterminated(&self, begin: usize) -> JsonError {
        self.error("Unterminated string starting at", begin)
    }

    /// Counts lines up to the place, so it is made for nothing but a mistake.
    fn error(&self, problem: &'static str, at: usize) -> JsonError {
        let before = &self.characters[..at.min(self.characters.len())];
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
        JsonError { problem, line, column, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_kind_and_order() {
        let given = parse(r#" {"b": [1, -2.5, 1e2, true, null], "a": "x\u00fc\ud83d\ude00\/\n"} "#).unwrap();
        let Given::Map(entries) = given else { panic!("an object") };
        assert_eq!(entries.keys().collect::<Vec<_>>(), ["b", "a"]);
        let list = vec![1.into(), Given::Float(-2.5), Given::Float(100.0), true.into(), Given::None];
        assert_eq!(entries["b"], Given::List(list));
        assert_eq!(entries["a"], Given::from("xü😀/\n"));
    }

    /// Each as Python 3.11 says it.
    #[test]
    fn mistakes_are_told_in_python_s_words() {
        for (text, error) in [
            ("", "Expecting value: line 1 column 1 (char 0)"),
            ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            ("{a}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            ("{\"a\":1,}", "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"),
            ("{\"a\"}", "Expecting ':' delimiter: line 1 column 5 (char 4)"),
            ("{\"a\":}", "Expecting value: line 1 column 6 (char 5)"),
            ("{\"a\":1 \"b\"}", "Expecting ',' delimiter: line 1 column 8 (char 7)"),
            ("[1,", "Expecting value: line 1 column 4 (char 3)"),
            ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
            ("{}\n x", "Extra data: line 2 column 2 (char 4)"),
            ("\"ab", "Unterminated string starting at: line 1 column 1 (char 0)"),
            ("\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"),
            ("\"ü\\x\"", "Invalid \\escape: line 1 column 3 (char 2)"),
            ("\"\\u12\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
            ("01", "Extra data: line 1 column 2 (char 1)"),
            ("-", "Expecting value: line 1 column 1 (char 0)"),
            ("[", "Expecting value: line 1 column 2 (char 1)"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), error, "{text}");
        }
    }

    #[test]
    fn nesting_without_end_is_refused() {
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
