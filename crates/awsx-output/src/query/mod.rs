//! JMESPath as AWS CLI's `--query` has it: the language of the specification, Python's numbers and error texts, keys
//! in order, and text in backticks that is no JSON taken as a string.
//!
//! Text becomes tokens (`lexer`), tokens a tree (`parser`, `ast`), and the tree is walked over a value (`eval`,
//! `functions`). Whatever is selected stays borrowed from the input until the end, so a query over a large result
//! copies only what it returns.

mod ast;
mod error;
mod eval;
mod functions;
mod item;
mod lexer;
mod literal;
mod parser;

pub use error::QueryError;

use crate::value::{NESTING_LIMIT, Value};
use ast::Tree;

/// A parsed JMESPath expression.
#[derive(Clone, Debug)]
pub struct Query {
    tree: Tree,
}

impl Query {
    /// Parses an expression; the error's text is what AWS CLI prints after `Bad value for --query …: `.
    pub fn parse(expression: &str) -> Result<Self, QueryError> {
        Ok(Self { tree: parser::parse(expression)? })
    }

    /// Selects from `input` what the expression describes.
    pub fn search(&self, input: &Value) -> Result<Value, QueryError> {
        if input.nests_deeper_than(NESTING_LIMIT) {
            return Err(QueryError::DataTooDeep);
        }
        eval::search(&self.tree, input)
    }
}
