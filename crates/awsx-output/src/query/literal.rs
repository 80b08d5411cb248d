//! JSON as Python's `json.loads` reads it, for literals and quoted names: NaN and the infinities are numbers, whole
//! numbers stay whole, and a repeated key keeps its first place and its last value.

use crate::map::Map;
use crate::value::{NESTING_LIMIT, Number, Value};

/// Why a text is not JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum JsonError {
    /// An error inside a string, as Python words it up to the first colon.
    String(&'static str),
    /// Any other error.
    Syntax,
    /// Lists and maps nest too deep.
    TooDeep,
}

pub(super) fn parse_json(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { text, position: 0, depth: 0 };
    reader.skip_blanks();
    let value = reader.value()?;
    reader.skip_blanks();
    if reader.position == text.len() { Ok(value) } else { Err(JsonError::Syntax) }
}

struct Reader<'t> {
    text: &'t str,
    position: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn value(&mut self) -> Result<Value, JsonError> {
        for (word, value) in [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", f64::NAN.into()),
            ("Infinity", f64::INFINITY.into()),
            ("-Infinity", f64::NEG_INFINITY.into()),
        ] {
            if self.skip(word) {
                return Ok(value);
            }
        }
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'[') => self.nested(Self::list),
            Some(b'{') => self.nested(Self::map),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(JsonError::Syntax),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, JsonError>) -> Result<Value, JsonError> {
        if self.depth == NESTING_LIMIT {
            return Err(JsonError::TooDeep);
        }
        self.depth += 1;
        self.position += 1;
        self.skip_blanks();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, JsonError> {
        let mut elements = Vec::new();
        if self.skip("]") {
            return Ok(elements.into());
        }
        loop {
            elements.push(self.value()?);
            self.skip_blanks();
            if self.skip("]") {
                return Ok(elements.into());
            }
            self.expect(",")?;
        }
    }

    fn map(&mut self) -> Result<Value, JsonError> {
        let mut map = Map::new();
        if self.skip("}") {
            return Ok(map.into());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(JsonError::Syntax);
            }
            let key = self.string()?;
            self.skip_blanks();
            self.expect(":")?;
            let value = self.value()?;
            map.insert(key, value);
            self.skip_blanks();
            if self.skip("}") {
                return Ok(map.into());
            }
            self.expect(",")?;
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let rest = self.rest();
        let negative = usize::from(rest.starts_with('-'));
        let mut end = negative + digits(&rest[negative..]);
        if end == negative {
            return Err(JsonError::Syntax);
        }
        // A leading zero is a number of its own; what follows it is then one token too many.
        if rest[negative..].starts_with('0') {
            end = negative + 1;
        }
        let whole = end;
        if rest[end..].starts_with('.') && digits(&rest[end + 1..]) > 0 {
            end += 1 + digits(&rest[end + 1..]);
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            let exponent = digits(&rest[end + 1 + sign..]);
            if exponent > 0 {
                end += 1 + sign + exponent;
            }
        }
        self.position += end;
        let number = &rest[..end];
        if end == whole
            && let Ok(number) = number.parse()
        {
            return Ok(Value::Number(Number::Int(number)));
        }
        Ok(Value::Number(Number::Float(number.parse().expect("checked to be a number"))))
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.position += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let run = rest
                .find(|character: char| character < ' ' || character == '"' || character == '\\')
                .ok_or(JsonError::String("Unterminated string starting at"))?;
            out.push_str(&rest[..run]);
            self.position += run + 1;
            match rest.as_bytes()[run] {
                b'"' => return Ok(out),
                b'\\' => out.push(self.escape()?),
                _ => return Err(JsonError::String("Invalid control character at")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let escape = self.peek().ok_or(JsonError::String("Unterminated string starting at"))?;
        self.position += 1;
        Ok(match escape {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape()?,
            _ => return Err(JsonError::String("Invalid \\escape")),
        })
    }

    /// Half a surrogate pair has no character here, so it is replaced.
    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let first = self.code_unit().ok_or(JsonError::String("Invalid \\uXXXX escape"))?;
        let after_first = self.position;
        if (0xd800..0xdc00).contains(&first) && self.skip("\\u") {
            if let Some(second) = self.code_unit()
                && let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
            {
                return Ok(pair);
            }
            self.position = after_first;
        }
        Ok(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Option<u16> {
        let digits =
            self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.position += 4;
        u16::from_str_radix(digits, 16).ok()
    }

    fn expect(&mut self, token: &str) -> Result<(), JsonError> {
        if !self.skip(token) {
            return Err(JsonError::Syntax);
        }
        self.skip_blanks();
        Ok(())
    }

    fn skip(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.position += token.len();
        }
        found
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::compact_json;

    #[test]
    fn what_python_takes_is_taken() {
        let cases = [
            (
                " [1, -0, 2.50, 1e3,\n\"a\\u00e9\\ud83d\\ude00\"] ",
                r#"[1,0,2.5,1000.0,"a\u00e9\ud83d\ude00"]"#,
            ),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("[NaN, Infinity, -Infinity]", "[NaN,Infinity,-Infinity]"),
            (r#"{"b": 1, "a": {}, "b": []}"#, r#"{"b":[],"a":{}}"#),
            (r#""\ud800x""#, r#""\ufffdx""#),
        ];
        for (text, expected) in cases {
            assert_eq!(compact_json(&parse_json(text).unwrap()), expected);
        }
    }

    #[test]
    fn what_python_refuses_is_refused() {
        for text in [
            "",
            "01",
            "1.",
            ".5",
            "-",
            "+1",
            "1e",
            "[1,]",
            "{a:1}",
            "{\"a\"}",
            "nul",
            "true false",
            "\u{a0}1",
        ] {
            assert_eq!(parse_json(text), Err(JsonError::Syntax), "{text}");
        }
        assert_eq!(parse_json("\"\n\""), Err(JsonError::String("Invalid control character at")));
        assert_eq!(parse_json(r#""\x""#), Err(JsonError::String("Invalid \\escape")));
        assert_eq!(parse_json(r#""\u12g4""#), Err(JsonError::String("Invalid \\uXXXX escape")));
    }

    #[test]
    fn nesting_is_limited() {
        assert_eq!(parse_json(&"[".repeat(100_000)), Err(JsonError::TooDeep));
    }
}
