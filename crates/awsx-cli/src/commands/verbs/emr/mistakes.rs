//! What AWS CLI says of options that contradict or lack each other.

use crate::error::CommandError;

/// Two options of which only one can be meant.
pub(super) fn exclusive(one: &str, other: &str) -> CommandError {
    CommandError::usage(format!("You cannot specify both {one} and {other} options together."))
}

/// A switch and its opposite.
pub(super) fn contradicting(on: &str, off: &str) -> CommandError {
    CommandError::usage(format!("cannot use both {on} and {off} options together."))
}

/// A part without which a structure means nothing.
pub(super) fn missing_parameter(structure: &str, missing: &str) -> CommandError {
    CommandError::usage(format!("The following required parameters are missing for {structure}: {missing}."))
}
