//! What AWS's model lets a client tell of a wrong request before STS is asked: what is too short, or too small.

/// What is wrong with a request. The text is AWS CLI's.
#[derive(Debug, thiserror::Error)]
#[error("Parameter validation failed:\n{}", .0.join("\n"))]
pub struct InvalidParameters(Vec<String>);

/// Gathers what is wrong, in the order the parameters are checked.
#[derive(Default)]
pub(super) struct Check(Vec<String>);

impl Check {
    /// A text of at least so many characters.
    pub(super) fn length(mut self, parameter: &str, value: Option<&str>, least: usize) -> Self {
        let length = value.map(|value| value.chars().count());
        if let Some(length) = length.filter(|length| *length < least) {
            self.0.push(format!(
                "Invalid length for parameter {parameter}, value: {length}, valid min length: {least}"
            ));
        }
        self
    }

    /// A number of at least this.
    pub(super) fn value(mut self, parameter: &str, value: Option<i32>, least: i32) -> Self {
        if let Some(value) = value.filter(|value| *value < least) {
            self.0.push(format!(
                "Invalid value for parameter {parameter}, value: {value}, valid min value: {least}"
            ));
        }
        self
    }

    pub(super) fn passed(self) -> Result<(), InvalidParameters> {
        if self.0.is_empty() { Ok(()) } else { Err(InvalidParameters(self.0)) }
    }
}
