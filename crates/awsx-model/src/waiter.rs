//! Waiters: what to ask until something is so.

use crate::Text;

/// Asks an operation until its answers say that something is so.
#[derive(Debug, Clone)]
pub struct Waiter {
    /// The name in the model, for instance `UserExists`.
    pub name: Text,
    /// The operation that is asked.
    pub operation: Text,
    /// Seconds between two requests.
    pub delay: u32,
    /// How many requests are made.
    pub max_attempts: u32,
    /// Tried in order; the first that fits decides.
    pub acceptors: Vec<Acceptor>,
}

/// What one kind of answer means.
#[derive(Debug, Clone)]
pub struct Acceptor {
    /// What it means.
    pub outcome: Outcome,
    /// What is looked at.
    pub matcher: Matcher,
    /// What is expected there.
    pub expected: Expected,
}

/// What an answer means for who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is so.
    Success,
    /// It will never be so.
    Failure,
    /// Not yet.
    Retry,
}

/// What an acceptor looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matcher {
    /// The result of a JMESPath expression.
    Path(Text),
    /// All elements of a JMESPath expression's non-empty result.
    PathAll(Text),
    /// At least one element of a JMESPath expression's result.
    PathAny(Text),
    /// The HTTP status.
    Status,
    /// The code of the error, or whether there is one.
    Error,
}

/// What an acceptor expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A text, or the code of an error.
    Text(Text),
    /// A number, or a status.
    Integer(i64),
    /// A truth, or whether there is an error at all.
    Boolean(bool),
}
