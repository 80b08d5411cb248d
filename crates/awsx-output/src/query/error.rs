//! What can be wrong with an expression, in the words of Python's `jmespath`, which AWS CLI passes on.

use super::ast::NESTING_LIMIT as EXPRESSION_LIMIT;
use crate::value::NESTING_LIMIT as DATA_LIMIT;

/// Why an expression cannot be parsed, or not be applied to a value.
///
/// Positions count characters, and the texts of the first four end with a caret under the place in the expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The expression is the empty text.
    #[error("Invalid JMESPath expression: cannot be empty.")]
    Empty,
    /// A character starts no token, or a token does not end.
    #[error("Bad jmespath expression: {message}:\n{expression}\n{}^", spaces(*.position))]
    Token {
        /// What is wrong.
        message: String,
        /// Where.
        position: usize,
        /// The whole expression.
        expression: String,
    },
    /// The expression ends too early.
    #[error("Invalid jmespath expression: Incomplete expression:\n\"{expression}\"\n{}^", spaces(.expression.chars().count() + 1))]
    Incomplete {
        /// The whole expression.
        expression: String,
    },
    /// A token stands where it cannot.
    #[error(
        "{message}: Parse error at column {position}, token \"{token}\" ({kind}), for expression:\n\"{expression}\"\n{}^",
        spaces(.position + 1)
    )]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where.
        position: usize,
        /// The token's value.
        token: String,
        /// The token's kind, in upper case.
        kind: String,
        /// The whole expression.
        expression: String,
    },
    /// The expression nests too deep to be walked safely.
    #[error("Invalid jmespath expression: nested more than {EXPRESSION_LIMIT} levels deep")]
    ExpressionTooDeep,
    /// The data nests too deep to be walked safely.
    #[error("the data is nested more than {DATA_LIMIT} levels deep")]
    DataTooDeep,
    /// There is no such function.
    #[error("Unknown function: {name}()")]
    UnknownFunction {
        /// The name.
        name: String,
    },
    /// A function has too few or too many arguments.
    #[error(
        "Expected {}{expected} argument{} for function {function}(), received {received}",
        if *.or_more { "at least " } else { "" },
        if *.expected == 1 { "" } else { "s" }
    )]
    Arity {
        /// The function.
        function: &'static str,
        /// How many arguments it takes.
        expected: usize,
        /// Whether it takes more as well.
        or_more: bool,
        /// How many there are.
        received: usize,
    },
    /// A function's argument is of a type it does not take.
    #[error(
        "In function {function}(), invalid type for value: {value}, expected one of: [{}], received: \"{received}\"",
        quoted(.expected)
    )]
    Type {
        /// The function.
        function: &'static str,
        /// The argument as Python prints it.
        value: String,
        /// What the function takes.
        expected: &'static [&'static str],
        /// The argument's type.
        received: &'static str,
    },
    /// Two values have no order, such as a number and a text.
    #[error("'{operator}' not supported between instances of '{left}' and '{right}'")]
    Unordered {
        /// The comparison.
        operator: &'static str,
        /// Python's name for the type on the left.
        left: &'static str,
        /// Python's name for the type on the right.
        right: &'static str,
    },
    /// `contains` looks in a text for something other than a text.
    #[error("'in <string>' requires string as left operand, not {received}")]
    NotInText {
        /// Python's name for the type looked for.
        received: &'static str,
    },
    /// A slice's step is zero.
    #[error("slice step cannot be zero")]
    ZeroStep,
    /// `ceil` or `floor` of what has no whole number near it.
    #[error("cannot convert float {} to integer", if *.nan { "NaN" } else { "infinity" })]
    NoWholeNumber {
        /// Whether it is NaN or infinite.
        nan: bool,
    },
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}

fn quoted(types: &[&str]) -> String {
    types.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}
