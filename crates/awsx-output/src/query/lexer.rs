//! Splits an expression into tokens.

use super::error::QueryError;
use super::literal::{JsonError, parse_json};
use crate::value::{Number, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    And,
    Colon,
    Comma,
    Current,
    Dot,
    End,
    Equal,
    Filter,
    Flatten,
    Greater,
    GreaterOrEqual,
    LeftBrace,
    LeftBracket,
    LeftParenthesis,
    Less,
    LessOrEqual,
    Literal,
    Name,
    Not,
    NotEqual,
    Number,
    Or,
    Pipe,
    QuotedName,
    Reference,
    RightBrace,
    RightBracket,
    RightParenthesis,
    Star,
}

impl TokenKind {
    /// The name Python's `jmespath` uses in its errors.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Colon => "colon",
            Self::Comma => "comma",
            Self::Current => "current",
            Self::Dot => "dot",
            Self::End => "eof",
            Self::Equal => "eq",
            Self::Filter => "filter",
            Self::Flatten => "flatten",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "gte",
            Self::LeftBrace => "lbrace",
            Self::LeftBracket => "lbracket",
            Self::LeftParenthesis => "lparen",
            Self::Less => "lt",
            Self::LessOrEqual => "lte",
            Self::Literal => "literal",
            Self::Name => "unquoted_identifier",
            Self::Not => "not",
            Self::NotEqual => "ne",
            Self::Number => "number",
            Self::Or => "or",
            Self::Pipe => "pipe",
            Self::QuotedName => "quoted_identifier",
            Self::Reference => "expref",
            Self::RightBrace => "rbrace",
            Self::RightBracket => "rbracket",
            Self::RightParenthesis => "rparen",
            Self::Star => "star",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// The literal, the number, or the text of any other token.
    pub(super) value: Value,
    pub(super) start: usize,
}

/// The tokens of an expression, the last of them [`TokenKind::End`].
pub(super) fn tokenize(expression: &str) -> Result<Vec<Token>, QueryError> {
    if expression.is_empty() {
        return Err(QueryError::Empty);
    }
    let mut lexer = Lexer { expression, characters: expression.chars().collect(), position: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.token()?;
        let ended = token.kind == TokenKind::End;
        tokens.push(token);
        if ended {
            return Ok(tokens);
        }
    }
}

struct Lexer<'e> {
    expression: &'e str,
    characters: Vec<char>,
    position: usize,
}

impl Lexer<'_> {
    fn token(&mut self) -> Result<Token, QueryError> {
        while self.peek().is_some_and(|character| matches!(character, ' ' | '\t' | '\n' | '\r')) {
            self.position += 1;
        }
        let start = self.position;
        let Some(character) = self.peek() else {
            return Ok(Token { kind: TokenKind::End, value: "".into(), start });
        };
        match character {
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = self.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
                Ok(Token { kind: TokenKind::Name, value: name.into(), start })
            }
            '0'..='9' | '-' => self.number(),
            '\'' => {
                let text = self.delimited('\'')?.replace("\\'", "'");
                Ok(Token { kind: TokenKind::Literal, value: text.into(), start })
            }
            '`' => self.literal(),
            '"' => self.quoted_name(),
            _ => self.symbol(character),
        }
    }

    fn symbol(&mut self, first: char) -> Result<Token, QueryError> {
        let start = self.position;
        let second = self.characters.get(start + 1).copied();
        let (kind, length) = match (first, second) {
            ('[', Some(']')) => (TokenKind::Flatten, 2),
            ('[', Some('?')) => (TokenKind::Filter, 2),
            ('|', Some('|')) => (TokenKind::Or, 2),
            ('&', Some('&')) => (TokenKind::And, 2),
            ('<', Some('=')) => (TokenKind::LessOrEqual, 2),
            ('>', Some('=')) => (TokenKind::GreaterOrEqual, 2),
            ('!', Some('=')) => (TokenKind::NotEqual, 2),
            ('=', Some('=')) => (TokenKind::Equal, 2),
            ('[', _) => (TokenKind::LeftBracket, 1),
            ('|', _) => (TokenKind::Pipe, 1),
            ('&', _) => (TokenKind::Reference, 1),
            ('<', _) => (TokenKind::Less, 1),
            ('>', _) => (TokenKind::Greater, 1),
            ('!', _) => (TokenKind::Not, 1),
            ('.', _) => (TokenKind::Dot, 1),
            ('*', _) => (TokenKind::Star, 1),
            (']', _) => (TokenKind::RightBracket, 1),
            (',', _) => (TokenKind::Comma, 1),
            (':', _) => (TokenKind::Colon, 1),
            ('@', _) => (TokenKind::Current, 1),
            ('(', _) => (TokenKind::LeftParenthesis, 1),
            (')', _) => (TokenKind::RightParenthesis, 1),
            ('{', _) => (TokenKind::LeftBrace, 1),
            ('}', _) => (TokenKind::RightBrace, 1),
            ('=', _) => return Err(self.error(start, "Unknown token '='")),
            (other, _) => return Err(self.error(start, format!("Unknown token {other}"))),
        };
        self.position += length;
        let text: String = self.characters[start..self.position].iter().collect();
        Ok(Token { kind, value: text.into(), start })
    }

    fn number(&mut self) -> Result<Token, QueryError> {
        let start = self.position;
        let negative = self.peek() == Some('-');
        if negative {
            self.position += 1;
        }
        let digits = self.take_while(|character| character.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.error(start, "Unknown token '-'"));
        }
        // Only positions and slices take numbers, and none reaches that far.
        let magnitude: i128 = digits.parse().unwrap_or(i128::MAX);
        let number = Number::Int(if negative { -magnitude } else { magnitude });
        Ok(Token { kind: TokenKind::Number, value: number.into(), start })
    }

    fn literal(&mut self) -> Result<Token, QueryError> {
        let start = self.position;
        let text = self.delimited('`')?.replace("\\`", "`");
        let parsed = match parse_json(&text) {
            Err(JsonError::TooDeep) => return Err(QueryError::ExpressionTooDeep),
            Err(_) => parse_json(&format!("\"{}\"", text.trim_start())),
            parsed => parsed,
        };
        let value = parsed.map_err(|_| self.error(start, format!("Bad token {text}")))?;
        Ok(Token { kind: TokenKind::Literal, value, start })
    }

    fn quoted_name(&mut self) -> Result<Token, QueryError> {
        let start = self.position;
        let quoted = format!("\"{}\"", self.delimited('"')?);
        let value = parse_json(&quoted).map_err(|error| match error {
            JsonError::String(message) => self.error(start, message),
            JsonError::Syntax | JsonError::TooDeep => self.error(start, "Extra data"),
        })?;
        Ok(Token { kind: TokenKind::QuotedName, value, start })
    }

    /// Takes what stands between two delimiters, escapes unchanged.
    fn delimited(&mut self, delimiter: char) -> Result<String, QueryError> {
        let start = self.position;
        let mut text = String::new();
        self.position += 1;
        loop {
            let mut character = self.next();
            if character == Some(delimiter) {
                return Ok(text);
            }
            if character == Some('\\') {
                text.push('\\');
                character = self.next();
            }
            match character {
                Some(character) => text.push(character),
                None => return Err(self.error(start, format!("Unclosed {delimiter} delimiter"))),
            }
        }
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> String {
        let taken: String =
            self.characters[self.position..].iter().take_while(|&&next| accept(next)).collect();
        // What is taken is ASCII, so bytes are characters.
        self.position += taken.len();
        taken
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek();
        self.position += 1;
        character
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.position).copied()
    }

    fn error(&self, position: usize, message: impl Into<String>) -> QueryError {
        QueryError::Token { message: message.into(), position, expression: self.expression.to_owned() }
    }
}
