//! From text to lists, maps and texts.

use indexmap::IndexMap;

use super::{Load, ShorthandError};
use crate::Given;

/// Parses one shorthand.
pub(crate) fn parse(text: &str, load: Load) -> Result<IndexMap<String, Given>, ShorthandError> {
    Parser { input: text.chars().collect(), at: 0, depth: 0, from_files: false, load }.parameter()
}

type Parsed<T> = Result<T, ShorthandError>;

/// Far more than any input of AWS has, and far less than the stack holds.
const DEEPEST: usize = 200;

struct Parser<'a> {
    input: Vec<char>,
    at: usize,
    /// How many lists and maps are open.
    depth: usize,
    /// The key ended with `@`.
    from_files: bool,
    load: Load<'a>,
}

impl Parser<'_> {
    fn parameter(&mut self) -> Parsed<IndexMap<String, Given>> {
        let mut entries = IndexMap::new();
        let (key, value) = self.keyval()?;
        entries.insert(key, value);
        let mut last = self.at;
        while !self.at_end() {
            self.expect_amid_blanks(',')?;
            let (key, value) = self.keyval()?;
            if entries.contains_key(&key) {
                return Err(self.duplicate(&key, last + 1));
            }
            entries.insert(key, value);
            last = self.at;
        }
        Ok(entries)
    }

    fn keyval(&mut self) -> Parsed<(String, Given)> {
        let key = self.key_and_sign()?;
        let value = match self.peek() {
            None => Given::from(""),
            Some('[') => self.nested(Self::list)?,
            Some('{') => self.nested(Self::map)?,
            Some(_) => self.comma_separated()?,
        };
        Ok((key, value))
    }

    /// The key with its `=` or `@=`.
    fn key_and_sign(&mut self) -> Parsed<String> {
        let begin = self.at;
        while self.peek().is_some_and(is_key_character) {
            self.at += 1;
        }
        let key = self.input[begin..self.at].iter().collect();
        self.skip_blanks();
        // Not by an expectation: its error would copy the whole text for every key.
        self.from_files = self.peek() == Some('@');
        if self.from_files {
            self.expect_amid_blanks('@')?;
        }
        self.expect_amid_blanks('=')?;
        Ok(key)
    }

    /// One value, or several with commas between. Where a word turns out to be the next key, the list ended before it.
    fn comma_separated(&mut self) -> Parsed<Given> {
        let first = self.first_value()?;
        self.skip_blanks();
        if self.peek() != Some(',') {
            return Ok(first);
        }
        self.expect_amid_blanks(',')?;
        let mut values = vec![first];
        loop {
            match self.further_value() {
                Ok((value, ended)) => {
                    values.push(value);
                    if ended {
                        break;
                    }
                }
                Err(error) if self.at_end() => return Err(error),
                Err(error @ ShorthandError::Python(_)) => return Err(error),
                Err(ShorthandError::Syntax(_)) => {
                    while self.input[self.at] != ',' {
                        self.at -= 1;
                    }
                    break;
                }
            }
        }
        if values.len() == 1 { Ok(values.swap_remove(0)) } else { Ok(Given::List(values)) }
    }

    /// A value behind a comma, and whether it is the last.
    fn further_value(&mut self) -> Parsed<(Given, bool)> {
        let value = match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote)?,
            _ => match self.word(is_further_follower) {
                Some(word) => self.resolve(word)?,
                None => return Err(self.syntax("<second>", "<none>")),
            },
        };
        self.skip_blanks();
        if self.at_end() {
            return Ok((value, true));
        }
        self.expect_amid_blanks(',')?;
        Ok((value, false))
    }

    fn list(&mut self) -> Parsed<Given> {
        self.expect_amid_blanks('[')?;
        let mut values = Vec::new();
        while self.peek() != Some(']') {
            values.push(self.explicit_value()?);
            self.skip_blanks();
            if self.peek() != Some(']') {
                self.expect(',')?;
                self.skip_blanks();
            }
        }
        self.expect(']')?;
        Ok(Given::List(values))
    }

    fn map(&mut self) -> Parsed<Given> {
        self.expect_amid_blanks('{')?;
        let mut entries = IndexMap::new();
        while self.peek() != Some('}') {
            let key = self.key_and_sign()?;
            let value = self.explicit_value()?;
            self.skip_blanks();
            if self.peek() != Some('}') {
                self.expect(',')?;
                self.skip_blanks();
            }
            entries.insert(key, value);
        }
        self.expect('}')?;
        Ok(Given::Map(entries))
    }

    fn explicit_value(&mut self) -> Parsed<Given> {
        match self.peek() {
            Some('[') => self.nested(Self::list),
            Some('{') => self.nested(Self::map),
            _ => self.first_value(),
        }
    }

    fn nested(&mut self, parse: fn(&mut Self) -> Parsed<Given>) -> Parsed<Given> {
        if self.depth == DEEPEST {
            return Err(ShorthandError::Syntax(format!("the value nests deeper than {DEEPEST} levels")));
        }
        self.depth += 1;
        let value = parse(self);
        self.depth -= 1;
        value
    }

    fn first_value(&mut self) -> Parsed<Given> {
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => match self.word(is_first_follower) {
                Some(word) => self.resolve(word),
                None => Ok(Given::from("")),
            },
        }
    }

    fn quoted(&mut self, quote: char) -> Parsed<Given> {
        let Some(length) = quoted_length(&self.input[self.at..], quote) else {
            let expected = if quote == '\'' { "<singled quoted>" } else { "<double quoted>" };
            return Err(self.syntax(expected, "<none>"));
        };
        let inner: String = self.input[self.at + 1..self.at + length - 1].iter().collect();
        self.at += length;
        self.resolve(inner.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\"))
    }

    /// A bare word; `\,` is a comma in it.
    fn word(&mut self, follows: fn(char) -> bool) -> Option<String> {
        let begin = self.at;
        while let Some(character) = self.peek() {
            let escaped = character == '\\' && self.input.get(self.at + 1) == Some(&',');
            let fits = if self.at == begin { is_starter(character) } else { follows(character) };
            match (escaped, fits) {
                (true, _) => self.at += 2,
                (false, true) => self.at += 1,
                (false, false) => break,
            }
        }
        let word: String = self.input[begin..self.at].iter().collect();
        (self.at > begin).then(|| word.replace("\\,", ",").trim_end().to_owned())
    }

    fn resolve(&self, text: String) -> Parsed<Given> {
        if !self.from_files {
            return Ok(Given::Text(text));
        }
        let loaded = (self.load)(&text).map_err(ShorthandError::Syntax)?;
        Ok(loaded.unwrap_or(Given::Text(text)))
    }

    fn expect_amid_blanks(&mut self, character: char) -> Parsed<()> {
        self.skip_blanks();
        self.expect(character)?;
        self.skip_blanks();
        Ok(())
    }

    fn expect(&mut self, character: char) -> Parsed<()> {
        match self.peek() {
            Some(found) if found == character => {
                self.at += 1;
                Ok(())
            }
            Some(found) => Err(self.syntax(&character.to_string(), &found.to_string())),
            None => Err(self.syntax(&character.to_string(), "EOF")),
        }
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.input.get(self.at).copied()
    }

    fn at_end(&self) -> bool {
        self.at >= self.input.len()
    }

    fn syntax(&self, expected: &str, received: &str) -> ShorthandError {
        let shown = self.pointed_at(self.at);
        // The blank is AWS CLI's.
        ShorthandError::Syntax(format!("Expected: '{expected}', received: '{received}' for input:\n {shown}"))
    }

    fn duplicate(&self, key: &str, at: usize) -> ShorthandError {
        let shown = self.pointed_at(at);
        ShorthandError::Syntax(format!(
            "Second instance of key \"{key}\" encountered for input:\n{shown}\nThis is often because there is a \
             preceding \",\" instead of a space."
        ))
    }

    /// The input with a caret below the place.
    fn pointed_at(&self, at: usize) -> String {
        let at = at.min(self.input.len());
        let line_end =
            self.input[at..].iter().position(|c| *c == '\n').map_or(self.input.len(), |end| at + end);
        let column = self.input[..at].iter().rev().take_while(|c| **c != '\n').count();
        let text = |characters: &[char]| characters.iter().collect::<String>();
        format!("{}\n{}^{}", text(&self.input[..line_end]), " ".repeat(column), text(&self.input[line_end..]))
    }
}

/// How many characters a quoted text takes, both quotes included.
fn quoted_length(input: &[char], quote: char) -> Option<usize> {
    let mut at = 1;
    let mut end_at_escaped_quote = None;
    while let Some(character) = input.get(at) {
        match character {
            '\\' if input.get(at + 1) == Some(&quote) => {
                end_at_escaped_quote = Some(at + 2);
                at += 2;
            }
            found if *found == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    // A backslash before the last quote is taken for itself if the text would have no end otherwise.
    end_at_escaped_quote
}

fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#' | '/' | ':')
}

/// What a bare word begins with.
fn is_starter(c: char) -> bool {
    matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='<' | '>'..='Z' | '\\'..='z' | '|'..='\u{ffff}')
}

/// What a bare word goes on with, where it is the first value behind the key: `=` too, but no closing bracket.
fn is_first_follower(c: char) -> bool {
    c.is_whitespace() || matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='\\' | '^'..='|' | '~'..='\u{ffff}')
}

/// The same behind a comma: no `=`, since that makes it a key.
fn is_further_follower(c: char) -> bool {
    c.is_whitespace() || matches!(c, '!' | '#'..='&' | '('..='+' | '-'..='<' | '>'..='\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Given {
        Given::Map(parse(text, &|_| Ok(None)).unwrap())
    }

    fn mistake(text: &str) -> String {
        match parse(text, &|_| Ok(None)).unwrap_err() {
            ShorthandError::Syntax(message) => message,
            ShorthandError::Python(error) => error.to_string(),
        }
    }

    fn map<const N: usize>(entries: [(&str, Given); N]) -> Given {
        entries.into()
    }

    fn list<const N: usize>(elements: [&str; N]) -> Given {
        Given::List(elements.into_iter().map(Given::from).collect())
    }

    #[test]
    fn keys_take_one_value_several_or_none() {
        assert_eq!(parsed("foo=bar"), map([("foo", "bar".into())]));
        assert_eq!(parsed("foo=bar,baz"), map([("foo", list(["bar", "baz"]))]));
        assert_eq!(parsed("foo=a,b,bar=c,d"), map([("foo", list(["a", "b"])), ("bar", list(["c", "d"]))]));
        assert_eq!(parsed("foo=,bar="), map([("foo", "".into()), ("bar", "".into())]));
    }

    #[test]
    fn blanks_stand_around_signs_and_end_no_word() {
        assert_eq!(parsed("a = b , c = d e "), map([("a", "b".into()), ("c", "d e".into())]));
        assert_eq!(parsed("a=[ x , y ]"), map([("a", list(["x", "y"]))]));
    }

    #[test]
    fn brackets_and_braces_nest() {
        assert_eq!(
            parsed("A={b=[c,{d=e}],f=g},H=[[i],[]]"),
            map([
                ("A", map([("b", vec!["c".into(), map([("d", "e".into())])].into()), ("f", "g".into()),])),
                ("H", vec![list(["i"]), list([])].into()),
            ])
        );
    }

    #[test]
    fn depth_has_a_limit() {
        let nested = |depth: usize| format!("a={}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(DEEPEST), &|_| Ok(None)).is_ok());
        assert_eq!(mistake(&nested(DEEPEST + 1)), "the value nests deeper than 200 levels");
        assert_eq!(mistake(&"a={".repeat(20_000)), "the value nests deeper than 200 levels");
    }

    #[test]
    fn quotes_keep_everything_and_commas_can_be_escaped() {
        assert_eq!(parsed("a='b,c=d',e=\"f\\\"g\""), map([("a", "b,c=d".into()), ("e", "f\"g".into())]));
        assert_eq!(parsed("a='it\\'s',b=c\\,d"), map([("a", "it's".into()), ("b", "c,d".into())]));
        assert_eq!(parsed("a='b\\\\c'"), map([("a", "b\\c".into())]));
        assert_eq!(parsed("a=b=c"), map([("a", "b=c".into())]));
        assert_eq!(parsed("a=b,'c d',e"), map([("a", list(["b", "c d", "e"]))]));
    }

    #[test]
    fn keys_with_an_at_sign_load_files() {
        let load = |text: &str| -> Result<Option<Given>, String> {
            match text {
                "file://x" => Ok(Some("content".into())),
                "file://nope" => Err("no such".to_owned()),
                _ => Ok(None),
            }
        };
        let parsed = Given::Map(parse("a@=file://x,b=file://x,c@=d", &load).unwrap());
        assert_eq!(parsed, map([("a", "content".into()), ("b", "file://x".into()), ("c", "d".into())]));
        assert_eq!(parse("a@=file://nope", &load), Err(ShorthandError::Syntax("no such".to_owned())));
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_eq!(mistake("foo"), "Expected: '=', received: 'EOF' for input:\n foo\n   ^");
        assert_eq!(mistake(""), "Expected: '=', received: 'EOF' for input:\n \n^");
        assert_eq!(mistake("a=b,"), "Expected: '<second>', received: '<none>' for input:\n a=b,\n    ^");
        assert_eq!(mistake("a=b,,c"), "Expected: '=', received: 'EOF' for input:\n a=b,,c\n      ^");
        assert_eq!(mistake("a=[b"), "Expected: ',', received: 'EOF' for input:\n a=[b\n    ^");
        assert_eq!(
            mistake("a=\"b"),
            "Expected: '<double quoted>', received: '<none>' for input:\n a=\"b\n  ^"
        );
        assert_eq!(mistake("a=b}"), "Expected: ',', received: '}' for input:\n a=b}\n   ^");
        assert_eq!(mistake("a b=c\nd=e"), "Expected: '=', received: 'b' for input:\n a b=c\n  ^\nd=e");
        assert_eq!(
            mistake("Key=a,Key=b"),
            "Second instance of key \"Key\" encountered for input:\nKey=a,Key=b\n      ^\nThis is often because \
             there is a preceding \",\" instead of a space."
        );
    }
}
