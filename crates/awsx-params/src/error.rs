//! What can be wrong with parameters, in AWS CLI's words.

/// What is wrong with parameters. The kind decides on the exit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// The words cannot be parsed: AWS CLI shows its usage below.
    #[error("{0}")]
    Words(String),
    /// Options that the operation does not have.
    #[error("Unknown options: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// A value that cannot be what its parameter asks for.
    #[error("{0}")]
    Value(String),
    /// What AWS CLI leaves to Python, whose error it shows as it is, with the code of a general failure.
    #[error("{0}")]
    Python(String),
}

impl ParamsError {
    /// A value that its parameter cannot take, named as AWS CLI names it.
    pub(crate) fn parameter(name: &str, message: impl std::fmt::Display) -> Self {
        Self::Value(format!("Error parsing parameter '{name}': {message}"))
    }
}
