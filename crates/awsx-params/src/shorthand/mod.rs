//! AWS CLI's shorthand: `Key=a,Value=b`, `Names=x,y`, `Nested={Inner=1,List=[a,b]}`, `Body@=file://b.txt`.
//!
//! ```text
//! parameter = keyval *("," keyval)
//! keyval    = key ["@"] "=" values
//! key       = 1*(ALPHA / DIGIT / "-" / "_" / "." / "#" / "/" / ":")
//! values    = value *("," value) / "[" values "]" / "{" keyval *("," keyval) "}" / ""
//! value     = bare word with "\," / 'quoted' / "quoted"
//! ```
//!
//! [`parse`] knows the grammar alone; [`fit`] then gives numbers and truths the types that the model asks for.

mod fit;
mod parse;

pub(crate) use fit::fit;
pub(crate) use parse::parse;

use crate::{Given, ParamsError};

/// What is wrong with a shorthand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ShorthandError {
    /// Told with the name of the parameter.
    Syntax(String),
    /// Told as Python tells it.
    Python(ParamsError),
}

/// Loads what a text refers to, for `key@=file://…`.
pub(crate) type Load<'a> = &'a dyn Fn(&str) -> Result<Option<Given>, String>;
