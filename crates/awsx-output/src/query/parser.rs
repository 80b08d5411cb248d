//! A top-down operator precedence parser (Pratt) that accepts what Python's `jmespath` accepts, its liberties included:
//! commas may be missing between a function's arguments and between a map's entries.

use super::ast::{Comparison, NESTING_LIMIT, Node, NodeId, Tree};
use super::error::QueryError;
use super::lexer::{Token, TokenKind, tokenize};
use crate::python::python_str;
use crate::value::{Number, Value};

/// What binds weaker than this ends a projection.
const PROJECTION_STOP: u8 = 10;

pub(super) fn parse(expression: &str) -> Result<Tree, QueryError> {
    let tokens = tokenize(expression)?;
    let mut parser = Parser { expression, tokens, position: 0, nesting: 0, tree: Tree::new() };
    let root = parser.expression(0)?;
    if parser.kind() != TokenKind::End {
        let message = format!("Unexpected token: {}", python_str(&parser.token().value));
        return Err(parser.syntax_error(parser.token(), message));
    }
    parser.tree.set_root(root);
    Ok(parser.tree)
}

fn binding_power(kind: TokenKind) -> u8 {
    match kind {
        TokenKind::Pipe => 1,
        TokenKind::Or => 2,
        TokenKind::And => 3,
        TokenKind::Equal
        | TokenKind::NotEqual
        | TokenKind::Less
        | TokenKind::LessOrEqual
        | TokenKind::Greater
        | TokenKind::GreaterOrEqual => 5,
        TokenKind::Flatten => 9,
        TokenKind::Star => 20,
        TokenKind::Filter => 21,
        TokenKind::Dot => 40,
        TokenKind::Not => 45,
        TokenKind::LeftBrace => 50,
        TokenKind::LeftBracket => 55,
        TokenKind::LeftParenthesis => 60,
        _ => 0,
    }
}

struct Parser<'e> {
    expression: &'e str,
    tokens: Vec<Token>,
    position: usize,
    nesting: usize,
    tree: Tree,
}

impl Parser<'_> {
    fn expression(&mut self, power: u8) -> Result<NodeId, QueryError> {
        if self.nesting == NESTING_LIMIT {
            return Err(QueryError::ExpressionTooDeep);
        }
        self.nesting += 1;
        let mut left = self.prefix()?;
        while power < binding_power(self.kind()) {
            left = self.infix(left)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// Parses what starts with the current token.
    fn prefix(&mut self) -> Result<NodeId, QueryError> {
        let token = self.token().clone();
        self.position += 1;
        match token.kind {
            TokenKind::Literal => self.tree.add(Node::Literal(token.value)),
            TokenKind::Name => self.tree.add(Node::Field(text(&token))),
            TokenKind::QuotedName => {
                if self.kind() == TokenKind::LeftParenthesis {
                    let message = "Quoted identifier not allowed for function names.";
                    return Err(self.syntax_error(&Token { start: 0, ..self.token().clone() }, message));
                }
                self.tree.add(Node::Field(text(&token)))
            }
            TokenKind::Current => self.tree.add(Node::Current),
            TokenKind::Star => {
                let base = self.tree.add(Node::Current)?;
                let each = if self.kind() == TokenKind::RightBracket {
                    self.tree.add(Node::Current)?
                } else {
                    self.projected(TokenKind::Star)?
                };
                self.tree.add(Node::ValueProjection { base, each })
            }
            TokenKind::Filter => {
                let base = self.tree.add(Node::Current)?;
                self.filter(base)
            }
            TokenKind::Flatten => {
                let base = self.tree.add(Node::Current)?;
                self.flatten(base)
            }
            TokenKind::LeftBrace => self.multi_select_map(),
            TokenKind::LeftBracket => self.bracket(),
            TokenKind::LeftParenthesis => {
                let inner = self.expression(0)?;
                self.expect(TokenKind::RightParenthesis)?;
                Ok(inner)
            }
            TokenKind::Not => {
                let operand = self.expression(binding_power(TokenKind::Not))?;
                self.tree.add(Node::Not(operand))
            }
            TokenKind::Reference => {
                let operand = self.expression(0)?;
                self.tree.add(Node::Reference(operand))
            }
            TokenKind::End => Err(self.incomplete()),
            _ => Err(self.syntax_error(&token, "invalid token")),
        }
    }

    /// Parses what continues `left` from the current token on.
    fn infix(&mut self, left: NodeId) -> Result<NodeId, QueryError> {
        let kind = self.kind();
        self.position += 1;
        match kind {
            TokenKind::Dot if self.kind() == TokenKind::Star => {
                self.position += 1;
                let each = self.projected(TokenKind::Dot)?;
                self.tree.add(Node::ValueProjection { base: left, each })
            }
            TokenKind::Dot => {
                let right = self.after_dot(binding_power(TokenKind::Dot))?;
                self.tree.chain(left, right, subexpression_links, Node::Subexpression)
            }
            TokenKind::Pipe => {
                let right = self.expression(binding_power(kind))?;
                self.tree.chain(left, right, pipe_links, Node::Pipe)
            }
            TokenKind::Or => {
                let right = self.expression(binding_power(kind))?;
                self.tree.chain(left, right, or_operands, Node::Or)
            }
            TokenKind::And => {
                let right = self.expression(binding_power(kind))?;
                self.tree.chain(left, right, and_operands, Node::And)
            }
            TokenKind::Equal => self.comparison(left, kind, Comparison::Equal),
            TokenKind::NotEqual => self.comparison(left, kind, Comparison::NotEqual),
            TokenKind::Less => self.comparison(left, kind, Comparison::Less),
            TokenKind::LessOrEqual => self.comparison(left, kind, Comparison::LessOrEqual),
            TokenKind::Greater => self.comparison(left, kind, Comparison::Greater),
            TokenKind::GreaterOrEqual => self.comparison(left, kind, Comparison::GreaterOrEqual),
            TokenKind::Flatten => self.flatten(left),
            TokenKind::Filter => self.filter(left),
            TokenKind::LeftBracket => self.bracket_after(left),
            TokenKind::LeftParenthesis => self.call(left),
            _ => {
                self.position -= 1;
                Err(self.syntax_error(self.token(), "invalid token"))
            }
        }
    }

    fn comparison(
        &mut self,
        left: NodeId,
        kind: TokenKind,
        comparison: Comparison,
    ) -> Result<NodeId, QueryError> {
        let right = self.expression(binding_power(kind))?;
        self.tree.add(Node::Compare(comparison, left, right))
    }

    fn flatten(&mut self, base: NodeId) -> Result<NodeId, QueryError> {
        let base = self.tree.add(Node::Flatten(base))?;
        let each = self.projected(TokenKind::Flatten)?;
        self.tree.add(Node::Projection { base, each })
    }

    fn filter(&mut self, base: NodeId) -> Result<NodeId, QueryError> {
        let condition = self.expression(0)?;
        self.expect(TokenKind::RightBracket)?;
        let each = if self.kind() == TokenKind::Flatten {
            self.tree.add(Node::Current)?
        } else {
            self.projected(TokenKind::Filter)?
        };
        self.tree.add(Node::FilterProjection { base, condition, each })
    }

    fn call(&mut self, left: NodeId) -> Result<NodeId, QueryError> {
        let Node::Field(name) = self.tree.node(left) else {
            // The token before the parenthesis, which has been passed.
            let token = &self.tokens[self.position - 2];
            return Err(
                self.syntax_error(token, format!("Invalid function name '{}'", python_str(&token.value)))
            );
        };
        let name = name.clone();
        let mut arguments = Vec::new();
        while self.kind() != TokenKind::RightParenthesis {
            arguments.push(self.expression(0)?);
            if self.kind() == TokenKind::Comma {
                self.position += 1;
            }
        }
        self.position += 1;
        self.tree.add(Node::Function { name, arguments })
    }

    /// Parses what follows a bracket that starts an expression.
    fn bracket(&mut self) -> Result<NodeId, QueryError> {
        match self.kind() {
            TokenKind::Number | TokenKind::Colon => {
                let base = self.tree.add(Node::Current)?;
                let index = self.index_or_slice()?;
                self.project_if_slice(base, index)
            }
            TokenKind::Star if self.tokens[self.position + 1].kind == TokenKind::RightBracket => {
                self.position += 2;
                let base = self.tree.add(Node::Current)?;
                let each = self.projected(TokenKind::Star)?;
                self.tree.add(Node::Projection { base, each })
            }
            _ => self.multi_select_list(),
        }
    }

    /// Parses what follows a bracket that continues `left`.
    fn bracket_after(&mut self, left: NodeId) -> Result<NodeId, QueryError> {
        if matches!(self.kind(), TokenKind::Number | TokenKind::Colon) {
            let index = self.index_or_slice()?;
            // Python's parser takes a slice after an index as one more step on the same value: it does not project.
            if matches!(self.tree.node(left), Node::IndexExpression(_)) {
                return self.tree.chain(left, index, index_links, Node::IndexExpression);
            }
            return self.project_if_slice(left, index);
        }
        self.expect(TokenKind::Star)?;
        self.expect(TokenKind::RightBracket)?;
        let each = self.projected(TokenKind::Star)?;
        self.tree.add(Node::Projection { base: left, each })
    }

    fn project_if_slice(&mut self, base: NodeId, index: NodeId) -> Result<NodeId, QueryError> {
        let slices = matches!(self.tree.node(index), Node::Slice { .. });
        let indexed = self.tree.add(Node::IndexExpression(vec![base, index]))?;
        if !slices {
            return Ok(indexed);
        }
        let each = self.projected(TokenKind::Star)?;
        self.tree.add(Node::Projection { base: indexed, each })
    }

    fn index_or_slice(&mut self) -> Result<NodeId, QueryError> {
        let next = self.tokens[self.position + 1].kind;
        if self.kind() == TokenKind::Colon || next == TokenKind::Colon {
            return self.slice();
        }
        let index = number(self.token());
        self.position += 1;
        self.expect(TokenKind::RightBracket)?;
        self.tree.add(Node::Index(index))
    }

    fn slice(&mut self) -> Result<NodeId, QueryError> {
        let mut parts = [None; 3];
        let mut part = 0;
        loop {
            match self.kind() {
                TokenKind::RightBracket => break,
                TokenKind::Colon if part < 2 => part += 1,
                TokenKind::Number => parts[part] = Some(number(self.token())),
                _ => return Err(self.syntax_error(self.token(), "syntax error")),
            }
            self.position += 1;
        }
        self.position += 1;
        let [start, end, step] = parts;
        self.tree.add(Node::Slice { start, end, step })
    }

    fn multi_select_list(&mut self) -> Result<NodeId, QueryError> {
        let mut elements = Vec::new();
        loop {
            elements.push(self.expression(0)?);
            if self.kind() == TokenKind::RightBracket {
                break;
            }
            self.expect(TokenKind::Comma)?;
        }
        self.position += 1;
        self.tree.add(Node::MultiSelectList(elements))
    }

    fn multi_select_map(&mut self) -> Result<NodeId, QueryError> {
        let mut entries = Vec::new();
        loop {
            let key = self.token().clone();
            if !matches!(key.kind, TokenKind::QuotedName | TokenKind::Name) {
                return Err(self.unexpected("['quoted_identifier', 'unquoted_identifier']"));
            }
            self.position += 1;
            self.expect(TokenKind::Colon)?;
            entries.push((text(&key), self.expression(0)?));
            match self.kind() {
                TokenKind::Comma => self.position += 1,
                TokenKind::RightBrace => break,
                _ => {}
            }
        }
        self.position += 1;
        self.tree.add(Node::MultiSelectMap(entries))
    }

    /// Parses what is applied to each element of the projection that `of` made.
    fn projected(&mut self, of: TokenKind) -> Result<NodeId, QueryError> {
        match self.kind() {
            kind if binding_power(kind) < PROJECTION_STOP => self.tree.add(Node::Current),
            TokenKind::LeftBracket | TokenKind::Filter => self.expression(binding_power(of)),
            TokenKind::Dot => {
                self.position += 1;
                self.after_dot(binding_power(of))
            }
            _ => Err(self.syntax_error(self.token(), "syntax error")),
        }
    }

    fn after_dot(&mut self, power: u8) -> Result<NodeId, QueryError> {
        match self.kind() {
            TokenKind::QuotedName | TokenKind::Name | TokenKind::Star => self.expression(power),
            TokenKind::LeftBracket => {
                self.position += 1;
                self.multi_select_list()
            }
            TokenKind::LeftBrace => {
                self.position += 1;
                self.multi_select_map()
            }
            kind => {
                let expected = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']";
                Err(self.syntax_error(self.token(), format!("Expecting: {expected}, got: {}", kind.name())))
            }
        }
    }

    fn expect(&mut self, kind: TokenKind) -> Result<(), QueryError> {
        if self.kind() != kind {
            return Err(self.unexpected(kind.name()));
        }
        self.position += 1;
        Ok(())
    }

    fn kind(&self) -> TokenKind {
        self.token().kind
    }

    fn token(&self) -> &Token {
        &self.tokens[self.position]
    }

    fn unexpected(&self, expected: &str) -> QueryError {
        match self.kind() {
            TokenKind::End => self.incomplete(),
            kind => self.syntax_error(self.token(), format!("Expecting: {expected}, got: {}", kind.name())),
        }
    }

    fn incomplete(&self) -> QueryError {
        QueryError::Incomplete { expression: self.expression.to_owned() }
    }

    fn syntax_error(&self, token: &Token, message: impl Into<String>) -> QueryError {
        QueryError::Syntax {
            message: message.into(),
            position: token.start,
            token: python_str(&token.value),
            kind: token.kind.name().to_uppercase(),
            expression: self.expression.to_owned(),
        }
    }
}

fn text(token: &Token) -> String {
    token.value.as_str().expect("a name's value is its text").to_owned()
}

fn number(token: &Token) -> i64 {
    match token.value {
        Value::Number(Number::Int(number)) => {
            i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
        }
        _ => unreachable!("a number's value is a whole number"),
    }
}

fn subexpression_links(node: &mut Node) -> Option<&mut Vec<NodeId>> {
    if let Node::Subexpression(links) = node { Some(links) } else { None }
}

fn index_links(node: &mut Node) -> Option<&mut Vec<NodeId>> {
    if let Node::IndexExpression(links) = node { Some(links) } else { None }
}

fn pipe_links(node: &mut Node) -> Option<&mut Vec<NodeId>> {
    if let Node::Pipe(links) = node { Some(links) } else { None }
}

fn or_operands(node: &mut Node) -> Option<&mut Vec<NodeId>> {
    if let Node::Or(operands) = node { Some(operands) } else { None }
}

fn and_operands(node: &mut Node) -> Option<&mut Vec<NodeId>> {
    if let Node::And(operands) = node { Some(operands) } else { None }
}
