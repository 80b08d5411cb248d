//! Which operation lists what may stand as the value of a parameter: `ListUsers` for `--user-name`.
//!
//! No model says so. It is read off the names, and where names mislead, off a short list of exceptions:
//!
//! ```text
//! words       names as words: what a thing is called, and by what it is known (name, id, ARN, URL)
//! source      operations that list things, and by which of their members each thing is known
//! choose      the source that fits a parameter best
//! exceptions  what the rule gets wrong
//! ```

mod choose;
mod exceptions;
mod source;
mod words;

#[cfg(test)]
mod tests;

use awsx_model::{Member, Operation, Service};

pub use choose::listing_of;

/// An operation that lists the values of a parameter.
#[derive(Clone, Debug)]
pub struct Listing<'m> {
    /// Whose operation it is.
    pub service: &'m Service,
    /// The operation.
    pub operation: &'m Operation,
    /// Where in its output the values are, as a JMESPath expression.
    pub values: String,
    /// Whether the parameter takes the last part of a value (`prod` of `arn:aws:ecs:…:cluster/prod`) as well.
    pub shortened: bool,
    /// The members of its input that take what the command line gives the parameter of the same name.
    pub given: Vec<&'m Member>,
    /// Members of its input that are lists, and what they hold always.
    pub fixed: Vec<(&'m Member, &'static str)>,
}
