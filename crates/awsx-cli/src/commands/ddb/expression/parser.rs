//! From tokens to DynamoDB's form of an expression, written while it is read: names and values get their numbers in the
//! order in which they stand.

use super::lexer::{Kind, Token};
use super::{Extracted, empty};
use crate::commands::ddb::item::Item;
use crate::error::{CommandError, CommandResult};

/// How deep an expression may nest: DynamoDB takes far less.
const DEPTH: usize = 300;

pub(super) struct Parser<'e> {
    expression: &'e str,
    tokens: Vec<Token>,
    /// Where the current token stands; behind all tokens where one was passed that should not be.
    at: usize,
    depth: usize,
    first: usize,
    found: Extracted,
}

/// What was read, and whether it is a path of names alone.
struct Read {
    text: String,
    is_path: bool,
}

impl<'e> Parser<'e> {
    pub(super) fn new(expression: &'e str, tokens: Vec<Token>, first: usize) -> Self {
        Self { expression, tokens, at: 0, depth: 0, first, found: Extracted::default() }
    }

    pub(super) fn parse(mut self) -> CommandResult<Extracted> {
        let text = self.expression()?;
        if !self.is(&[Kind::End]) {
            return Err(self.unexpected("eof"));
        }
        text.trim().clone_into(&mut self.found.expression);
        Ok(self.found)
    }

    /// A list of paths, or conditions joined by `and` and `or`.
    fn expression(&mut self) -> CommandResult<String> {
        if self.current().is_none_or(|token| token.kind == Kind::End) {
            return Err(empty());
        }
        let Read { mut text, is_path } = self.simple()?;
        if is_path && self.is(&[Kind::Comma]) {
            self.advance();
            return Ok(format!("{}, {}", text.trim(), self.sequence()?));
        }
        while let Some(conjunction) = self.current().map(|token| token.kind) {
            let word = match conjunction {
                Kind::And => "AND",
                Kind::Or => "OR",
                _ => break,
            };
            self.advance();
            text = format!("{text}{word} {}", self.simple()?.text);
        }
        Ok(text)
    }

    fn simple(&mut self) -> CommandResult<Read> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(CommandError::usage(format!("the expression nests deeper than {DEPTH} levels")));
        }
        let read = if self.is(&[Kind::OpenParenthesis]) {
            self.advance();
            let inner = self.expression()?;
            self.expect(&[Kind::CloseParenthesis])?;
            Read { text: format!("( {inner}) "), is_path: false }
        } else if self.is(&[Kind::Not]) {
            self.advance();
            Read { text: format!("NOT {}", self.simple()?.text), is_path: false }
        } else {
            self.condition()?
        };
        self.depth -= 1;
        Ok(read)
    }

    fn condition(&mut self) -> CommandResult<Read> {
        let next = self.tokens.get(self.at + 1);
        if next.is_some_and(|next| next.kind == Kind::OpenParenthesis) {
            return Ok(Read { text: self.function()?, is_path: false });
        }
        if !self.is(&[Kind::Literal, Kind::Quoted, Kind::Name, Kind::OpenBracket, Kind::OpenBrace]) {
            return Err(self.unknown());
        }
        let is_path = self.is(&[Kind::Quoted, Kind::Name]);
        let left = self.operand()?;
        let Some(kind) = self.current().map(|token| token.kind) else {
            return Ok(Read { text: left, is_path });
        };
        let text = match kind {
            Kind::In => {
                self.advance();
                self.expect(&[Kind::OpenParenthesis])?;
                let elements = self.sequence()?;
                self.expect(&[Kind::CloseParenthesis])?;
                format!("{left}IN ({elements}) ")
            }
            Kind::Between => {
                self.advance();
                let least = self.operand()?;
                self.expect(&[Kind::And])?;
                format!("{left}BETWEEN {least}AND {}", self.operand()?)
            }
            kind => match kind.comparison() {
                Some(comparison) => {
                    self.advance();
                    format!("{left}{comparison} {}", self.operand()?)
                }
                None => return Ok(Read { text: left, is_path }),
            },
        };
        Ok(Read { text, is_path: false })
    }

    fn function(&mut self) -> CommandResult<String> {
        let name = self.current().map(|token| token.value.python_text()).unwrap_or_default();
        self.expect(&[Kind::Quoted, Kind::Name])?;
        self.expect(&[Kind::OpenParenthesis])?;
        let arguments = self.sequence()?;
        self.expect(&[Kind::CloseParenthesis])?;
        Ok(format!("{name}({arguments}) "))
    }

    /// Operands with commas between them.
    fn sequence(&mut self) -> CommandResult<String> {
        let mut elements = Vec::new();
        loop {
            elements.push(self.operand()?.trim().to_owned());
            if !self.is(&[Kind::Comma]) {
                return Ok(elements.join(", "));
            }
            self.advance();
        }
    }

    fn operand(&mut self) -> CommandResult<String> {
        if self.is(&[Kind::Literal, Kind::OpenBracket, Kind::OpenBrace]) {
            let value = self.literal()?;
            let placeholder = format!(":n{}", self.number());
            self.found.values.push((placeholder.clone(), value));
            return Ok(format!("{placeholder} "));
        }
        if self.is(&[Kind::Quoted, Kind::Name]) {
            return self.path();
        }
        Err(self.unexpected("['literal', 'lbracket', 'lbrace', 'identifier', 'unquoted_identiifer']"))
    }

    fn path(&mut self) -> CommandResult<String> {
        let mut path = self.name()?;
        while self.is(&[Kind::Dot]) {
            self.advance();
            path = format!("{}.{}", path.trim(), self.name()?);
        }
        Ok(path)
    }

    /// A step of a path. Whatever stands behind a dot is one, as in AWS CLI.
    fn name(&mut self) -> CommandResult<String> {
        let placeholder = format!("#n{}", self.number());
        let value = self.current().map_or(Item::Null, |token| token.value.clone());
        self.advance();
        match value {
            Item::Text(name) => self.found.names.push((placeholder.clone(), name)),
            other => {
                return Err(CommandError::usage(format!(
                    "Parameter validation failed:\nInvalid type for parameter ExpressionAttributeNames.{placeholder}, \
                     value: {}, type: {}, valid types: <class 'str'>",
                    other.python_text(),
                    other.python_type()
                )));
            }
        }
        if !self.is(&[Kind::OpenBracket]) {
            return Ok(format!("{placeholder} "));
        }
        self.advance();
        let index = match self.literal()? {
            Item::Number(number) if number.is_whole() => number,
            _ => return Err(self.invalid("List indices must be whole numbers.")),
        };
        self.expect(&[Kind::CloseBracket])?;
        Ok(format!("{placeholder}[{index}] "))
    }

    fn literal(&mut self) -> CommandResult<Item> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(CommandError::usage(format!("the expression nests deeper than {DEPTH} levels")));
        }
        let kind = self.current().map(|token| token.kind);
        let value = match kind {
            Some(Kind::Literal) => {
                let value = self.value();
                self.advance();
                value
            }
            Some(Kind::OpenBracket) => {
                self.advance();
                let elements = if self.is(&[Kind::CloseBracket]) { Vec::new() } else { self.literals()? };
                self.expect(&[Kind::CloseBracket])?;
                Item::List(elements)
            }
            Some(Kind::OpenBrace) => {
                self.advance();
                let before_colon = self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Colon);
                let value =
                    if before_colon || self.is(&[Kind::CloseBrace]) { self.map()? } else { self.set()? };
                self.expect(&[Kind::CloseBrace])?;
                value
            }
            _ => return Err(self.unexpected("['literal', 'lbracket', 'lbrace']")),
        };
        self.depth -= 1;
        Ok(value)
    }

    fn literals(&mut self) -> CommandResult<Vec<Item>> {
        let mut elements = Vec::new();
        loop {
            elements.push(self.literal()?);
            if !self.is(&[Kind::Comma]) {
                return Ok(elements);
            }
            self.advance();
        }
    }

    fn map(&mut self) -> CommandResult<Item> {
        let mut entries: Vec<(Item, Item)> = Vec::new();
        if self.is(&[Kind::CloseBrace]) {
            return Ok(Item::Map(entries));
        }
        loop {
            let key = self.value();
            if !matches!(key, Item::Text(_)) {
                return Err(
                    self.invalid(&format!("Keys must be of type `str`, found `{}`", key.python_type()))
                );
            }
            self.expect(&[Kind::Literal])?;
            self.expect(&[Kind::Colon])?;
            let value = self.literal()?;
            match entries.iter_mut().find(|(there, _)| *there == key) {
                Some((_, there)) => *there = value,
                None => entries.push((key, value)),
            }
            if !self.is(&[Kind::Comma]) {
                return Ok(Item::Map(entries));
            }
            self.advance();
        }
    }

    fn set(&mut self) -> CommandResult<Item> {
        let first_type = self.value().python_type();
        let mut elements = Vec::new();
        loop {
            if !self.is(&[Kind::Literal]) {
                return Err(self.unexpected("literal"));
            }
            let element = self.value();
            if !matches!(element, Item::Text(_) | Item::Bytes(_) | Item::Number(_)) {
                return Err(self.invalid(
                    "Sets may only contain numbers, strings, or bytes, but literal of type `<class 'str'>` was found",
                ));
            }
            if element.python_type() != first_type {
                return Err(self.invalid(&format!(
                    "Set values must all be of the same type. First type was `{first_type}`, but found value of type \
                     `<class 'str'>`"
                )));
            }
            if !elements.contains(&element) {
                elements.push(element);
            }
            self.advance();
            if !self.is(&[Kind::Comma]) {
                return Ok(Item::Set(elements));
            }
            self.advance();
        }
    }

    fn number(&self) -> usize {
        self.first + self.found.names.len() + self.found.values.len()
    }

    fn current(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn value(&self) -> Item {
        self.current().map_or(Item::Null, |token| token.value.clone())
    }

    fn is(&self, kinds: &[Kind]) -> bool {
        self.current().is_some_and(|token| kinds.contains(&token.kind))
    }

    fn advance(&mut self) {
        self.at += 1;
    }

    fn expect(&mut self, kinds: &[Kind]) -> CommandResult {
        if self.is(kinds) {
            self.advance();
            return Ok(());
        }
        let names: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.name())).collect();
        Err(match kinds {
            [only] => self.unexpected(only.name()),
            _ => self.unexpected(&format!("[{}]", names.join(", "))),
        })
    }

    fn unexpected(&self, expected: &str) -> CommandError {
        let (value, kind) = match self.current() {
            Some(token) => (token.value.python_text(), token.kind.name()),
            None => ("None".to_owned(), "None"),
        };
        CommandError::usage(format!(
            "Unexpected token `{value}` of type `{kind}`. Expected type: {expected}\n{}\n{}",
            self.expression,
            self.underline()
        ))
    }

    fn invalid(&self, why: &str) -> CommandError {
        let (expression, underline) = (self.expression, self.underline());
        CommandError::usage(format!("Invalid token value: {why}\n{expression}\n{underline}\n"))
    }

    fn unknown(&self) -> CommandError {
        let value = self.value().python_text();
        let (expression, underline) = (self.expression, self.underline());
        CommandError::usage(format!(
            "Unknown expression type starting at token `{value}`\n{expression}\n{underline}"
        ))
    }

    /// A line that points at the current token.
    fn underline(&self) -> String {
        let end = self.expression.chars().count();
        let (start, end) = self.current().map_or((end, end), |token| (token.start, token.end));
        " ".repeat(start) + &"^".repeat(end.saturating_sub(start).max(1))
    }
}
