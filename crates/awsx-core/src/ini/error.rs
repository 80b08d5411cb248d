//! Why a file could not be read, or an edit not made.

use std::fmt;

/// The first thing in a file that keeps it from being parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ParseError {
    /// Line of the problem, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a line. It names keys and sections, never values: they may be secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file starts with the bytes EF BB BF.
    #[error("the file starts with a byte order mark")]
    ByteOrderMark,
    /// Not UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// A line with content above the first header.
    #[error("text before the first section header")]
    BeforeFirstSection,
    /// Neither a header nor `key = value`.
    #[error("neither a section header nor `key = value`")]
    NoDelimiter,
    /// `= value`.
    #[error("a value without a key")]
    EmptyKey,
    /// A line of a nested block that has no `=`.
    #[error("a line without `=` in the nested block `{key}`")]
    NestedLineWithoutEquals {
        /// The key that opens the block.
        key: String,
    },
    /// The same header text twice.
    #[error("duplicate section `[{header}]`")]
    DuplicateSection {
        /// The text between the brackets.
        header: String,
    },
    /// The same key twice in one section.
    #[error("duplicate key `{key}` in section `[{header}]`")]
    DuplicateKey {
        /// The key, lower-cased.
        key: String,
        /// The text between the brackets.
        header: String,
    },
}

/// Why a change was refused. The document is then as it was.
///
/// The texts of the first three are the AWS CLI's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A line break in a section name.
    #[error("Invalid section name: newline characters and carriage returns are not allowed: {}", PythonRepr(.header))]
    LineBreakInSection {
        /// The header as it would have been written.
        header: String,
    },
    /// A line break in a key.
    #[error("Invalid key: newline characters and carriage returns are not allowed: {}", PythonRepr(.key))]
    LineBreakInKey {
        /// The key as given.
        key: String,
    },
    /// A line break in a value. The value is not shown: it may be secret.
    #[error("Invalid value for key {key}: newline characters and carriage returns are not allowed.")]
    LineBreakInValue {
        /// The key the value was meant for.
        key: String,
    },
    /// A section name no parser would read back as it was given.
    #[error("the section name `{header}` cannot be written to this file: it would not be read back as given")]
    UnreadableSection {
        /// The header as it would have been written.
        header: String,
    },
    /// A key no parser would read back as it was given.
    #[error("the key `{key}` cannot be written to this file: it would not be read back as given")]
    UnreadableKey {
        /// The key as given.
        key: String,
    },
}

/// Shows a string the way Python's `repr` does, which is how the AWS CLI quotes a refused name.
struct PythonRepr<'a>(&'a str);

impl fmt::Display for PythonRepr<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('\'') && !self.0.contains('"') { '"' } else { '\'' };
        write!(formatter, "{quote}")?;
        for character in self.0.chars() {
            match character {
                '\n' => write!(formatter, "\\n")?,
                '\r' => write!(formatter, "\\r")?,
                '\t' => write!(formatter, "\\t")?,
                '\\' => write!(formatter, "\\\\")?,
                '\0'..='\x1f' | '\x7f'..='\u{a0}' => write!(formatter, "\\x{:02x}", u32::from(character))?,
                _ if character == quote => write!(formatter, "\\{quote}")?,
                _ => write!(formatter, "{character}")?,
            }
        }
        write!(formatter, "{quote}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_quote_names_as_python_does() {
        let message = |key: &str| EditError::LineBreakInKey { key: key.to_owned() }.to_string();
        let prefix = "Invalid key: newline characters and carriage returns are not allowed: ";
        assert_eq!(message("a\nb"), format!(r"{prefix}'a\nb'"));
        assert_eq!(message("it's\r"), format!(r#"{prefix}"it's\r""#));
        assert_eq!(message("'\"\x01é"), format!(r#"{prefix}'\'"\x01é'"#));
    }

    #[test]
    fn refused_values_stay_out_of_the_message() {
        assert_eq!(
            EditError::LineBreakInValue { key: "aws_secret_access_key".to_owned() }.to_string(),
            "Invalid value for key aws_secret_access_key: newline characters and carriage returns are not allowed."
        );
    }
}
