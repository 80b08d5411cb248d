//! Something that is passed over, or is not quite as it should be.

use super::Place;

/// A warning in AWS CLI's words, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The whole line.
    pub text: String,
    /// The file or object.
    pub about: Place,
}
