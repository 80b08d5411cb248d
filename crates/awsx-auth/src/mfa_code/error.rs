//! Why there is no MFA code. The texts are our own.

use crate::process::RunError;

/// A code that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum MfaCodeError {
    /// Nothing gives a code and nobody can be asked.
    #[error("an MFA code is needed for {serial}, and there is no terminal to ask at")]
    NobodyToAsk {
        /// The device.
        serial: String,
    },
    /// AWS has seen this code before.
    #[error("the MFA code for {serial} was used before, and AWS takes each code once")]
    Used {
        /// The device.
        serial: String,
    },
    /// The program did not run to its end.
    #[error(transparent)]
    Program(#[from] RunError),
    /// The program ended with an error; it has said why itself.
    #[error("the program `{program}` for MFA codes ended with status {status}")]
    ProgramFailed {
        /// Its name.
        program: String,
        /// Its exit code, -1 where a signal ended it.
        status: i32,
    },
    /// What the program printed is not shown: it may be a secret of another kind.
    #[error("the program `{program}` for MFA codes printed something that is no code")]
    NoCode {
        /// Its name.
        program: String,
    },
}
