//! Tokens of an expression. Where they begin and end counts only in mistakes, where it is told as AWS CLI tells it.

use super::empty;
use crate::commands::ddb::item::{Item, Number, decode_base64};
use crate::error::{CommandError, CommandResult};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Dot,
    Comma,
    Colon,
    OpenParenthesis,
    CloseParenthesis,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Between,
    In,
    Or,
    Not,
    Literal,
    /// A name in single quotes.
    Quoted,
    Name,
    End,
}

impl Kind {
    /// As mistakes call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dot => "dot",
            Self::Comma => "comma",
            Self::Colon => "colon",
            Self::OpenParenthesis => "lparen",
            Self::CloseParenthesis => "rparen",
            Self::OpenBrace => "lbrace",
            Self::CloseBrace => "rbrace",
            Self::OpenBracket => "lbracket",
            Self::CloseBracket => "rbracket",
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Less => "lt",
            Self::LessOrEqual => "lte",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "gte",
            Self::And => "and",
            Self::Between => "between",
            Self::In => "in",
            Self::Or => "or",
            Self::Not => "not",
            Self::Literal => "literal",
            Self::Quoted => "identifier",
            Self::Name => "unquoted_identifier",
            Self::End => "eof",
        }
    }

    /// What DynamoDB writes for a comparison.
    pub(super) fn comparison(self) -> Option<&'static str> {
        match self {
            Self::Equal => Some("="),
            Self::NotEqual => Some("<>"),
            Self::Less => Some("<"),
            Self::LessOrEqual => Some("<="),
            Self::Greater => Some(">"),
            Self::GreaterOrEqual => Some(">="),
            _ => None,
        }
    }
}

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// A literal's value; the text of all others.
    pub(super) value: Item,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The tokens, the end last.
pub(super) fn tokens(expression: &str) -> CommandResult<Vec<Token>> {
    let characters: Vec<char> = expression.chars().collect();
    let Some(first) = characters.first().copied() else { return Err(empty()) };
    let mut lexer = Lexer { expression, characters, at: 0, current: Some(first) };
    let mut tokens = Vec::new();
    while let Some(current) = lexer.current {
        tokens.extend(lexer.token(current)?);
    }
    let end = lexer.characters.len();
    tokens.push(Token { kind: Kind::End, value: text(""), start: end, end });
    Ok(tokens)
}

struct Lexer<'e> {
    expression: &'e str,
    characters: Vec<char>,
    /// Where `current` stands; at the last character once there is none left.
    at: usize,
    current: Option<char>,
}

impl Lexer<'_> {
    fn token(&mut self, current: char) -> CommandResult<Option<Token>> {
        if let Some(kind) = simple(current) {
            let start = self.at;
            self.next();
            return Ok(Some(Token { kind, value: text(current), start, end: start + 1 }));
        }
        Ok(Some(match current {
            ' ' | '\t' | '\n' | '\r' => {
                self.next();
                return Ok(None);
            }
            '_' | 'a'..='z' | 'A'..='Z' => self.word(current)?,
            '\'' => self.quoted_name()?,
            '"' => {
                let (lexeme, start, end) = self.quoted('"')?;
                Token { kind: Kind::Literal, value: Item::Text(lexeme), start, end }
            }
            '0'..='9' | '-' => self.number()?,
            '<' | '>' => self.comparison(current),
            other => return Err(self.mistake(&format!("Unrecognized character {other}"), self.at)),
        }))
    }

    fn next(&mut self) -> Option<char> {
        self.current = self.characters.get(self.at + 1).copied();
        if self.current.is_some() {
            self.at += 1;
        }
        self.current
    }

    fn word(&mut self, first: char) -> CommandResult<Token> {
        let in_word = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
        let start = self.at;
        let mut word = String::from(first);
        if matches!(first, 'b' | 'B') {
            match self.next() {
                Some('"') => return self.bytes(),
                Some(next) if in_word(&next) => word.push(next),
                _ => return Ok(Token { kind: Kind::Name, value: Item::Text(word), start, end: start + 1 }),
            }
        }
        while let Some(next) = self.next().filter(in_word) {
            word.push(next);
        }
        let end = start + word.len();
        let literal = |value| Token { kind: Kind::Literal, value, start, end };
        let kind = match word.to_ascii_lowercase().as_str() {
            "true" => return Ok(literal(Item::Truth(true))),
            "false" => return Ok(literal(Item::Truth(false))),
            "null" => return Ok(literal(Item::Null)),
            "and" => Kind::And,
            "between" => Kind::Between,
            "in" => Kind::In,
            "or" => Kind::Or,
            "not" => Kind::Not,
            _ => Kind::Name,
        };
        Ok(Token { kind, value: Item::Text(word), start, end })
    }

    fn quoted_name(&mut self) -> CommandResult<Token> {
        let (lexeme, start, end) = self.quoted('\'')?;
        Ok(Token { kind: Kind::Quoted, value: Item::Text(lexeme), start, end })
    }

    /// What stands in quotes, where these begin, and how long it is: AWS CLI takes that for the end.
    fn quoted(&mut self, quote: char) -> CommandResult<(String, usize, usize)> {
        let start = self.at;
        let mut lexeme = String::new();
        self.next();
        while self.current != Some(quote) {
            if self.current == Some('\\') {
                lexeme.push('\\');
                self.next();
            }
            match self.current {
                Some(character) => lexeme.push(character),
                None => return Err(self.mistake(&format!("Unclosed {quote} delimiter"), start)),
            }
            self.next();
        }
        self.next();
        Ok((lexeme.replace(&format!("\\{quote}"), &quote.to_string()), start, self.at - start))
    }

    /// `b"aGk="`, from its quote on.
    fn bytes(&mut self) -> CommandResult<Token> {
        let start = self.at - 1;
        let (lexeme, _, end) = self.quoted('"')?;
        let is_letter = |first: char| first.is_ascii_alphanumeric() || matches!(first, '+' | '/' | '=');
        if !lexeme.is_empty() && !lexeme.starts_with(is_letter) {
            return Err(self.mistake(&format!("Invalid base64 string b\"{lexeme}\""), start));
        }
        match decode_base64(&lexeme) {
            Ok(bytes) => Ok(Token { kind: Kind::Literal, value: Item::Bytes(bytes), start, end }),
            Err(why) => Err(self.mistake(&format!("Invalid base64 string b\"{lexeme}\": {why}"), start)),
        }
    }

    fn number(&mut self) -> CommandResult<Token> {
        let start = self.at;
        let mut number = self.digits()?;
        if self.current == Some('.') {
            number.push('.');
            if !self.next().is_some_and(|next| next.is_ascii_digit()) {
                return Err(self.mistake(&format!("Invalid fractional character {}", self.shown()), self.at));
            }
            number += &self.digits()?;
        }
        if let Some(letter @ ('e' | 'E')) = self.current {
            number.push(letter);
            if !self.next().is_some_and(|next| next.is_ascii_digit() || matches!(next, '-' | '+')) {
                return Err(self.mistake(&format!("Invalid exponential character {}", self.shown()), self.at));
            }
            number += &self.digits()?;
        }
        let end = start + number.len();
        let value = Item::Number(number.parse::<Number>()?);
        Ok(Token { kind: Kind::Literal, value, start, end })
    }

    /// A sign or digit, and the digits behind it.
    fn digits(&mut self) -> CommandResult<String> {
        let mut digits = String::from_iter(self.current);
        while let Some(next) = self.next().filter(char::is_ascii_digit) {
            digits.push(next);
        }
        if digits == "-" {
            return Err(self.mistake("Unknown token -", self.at));
        }
        Ok(digits)
    }

    fn comparison(&mut self, first: char) -> Token {
        let (kind, shown) = match (first, self.next()) {
            ('<', Some('>')) => (Kind::NotEqual, "<>"),
            ('<', Some('=')) => (Kind::LessOrEqual, "<="),
            ('<', _) => (Kind::Less, "<"),
            (_, Some('=')) => (Kind::GreaterOrEqual, ">="),
            _ => (Kind::Greater, ">"),
        };
        if shown.len() > 1 {
            self.next();
        }
        Token { kind, value: text(shown), start: self.at - shown.len(), end: self.at }
    }

    fn shown(&self) -> String {
        self.current.map_or_else(|| "None".to_owned(), String::from)
    }

    fn mistake(&self, message: &str, at: usize) -> CommandError {
        CommandError::usage(format!("{message}\n{}\n{}^", self.expression, " ".repeat(at)))
    }
}

fn simple(character: char) -> Option<Kind> {
    Some(match character {
        '.' => Kind::Dot,
        ',' => Kind::Comma,
        ':' => Kind::Colon,
        '(' => Kind::OpenParenthesis,
        ')' => Kind::CloseParenthesis,
        '{' => Kind::OpenBrace,
        '}' => Kind::CloseBrace,
        '[' => Kind::OpenBracket,
        ']' => Kind::CloseBracket,
        '=' => Kind::Equal,
        _ => return None,
    })
}

fn text(text: impl Into<String>) -> Item {
    Item::Text(text.into())
}
