//! `mfa_process`: a program that prints the current code, such as `ykman oath accounts code --single aws`.

use awsx_core::{Secret, words};

use super::MfaCodeError;
use crate::process::{Program, RunError, Stderr};

/// Runs the command, without a shell. It may ask the person through the terminal (for a touch, a PIN), and has as
/// long as that takes.
pub(super) async fn read_code(command: &str) -> Result<Secret<String>, MfaCodeError> {
    let words = words::split(command).filter(|words| !words.is_empty()).ok_or(RunError::Unreadable)?;
    let name = words[0].clone();
    tracing::debug!(target: "awsx::mfa", program = name, "asking a program for the MFA code");
    let finished = Program { words, variables: Vec::new(), stderr: Stderr::Shown, limit: None }.run().await?;
    if finished.status != 0 {
        return Err(MfaCodeError::ProgramFailed { program: name, status: finished.status });
    }
    let printed = str::from_utf8(finished.stdout.expose()).unwrap_or_default().trim();
    if printed.len() == 6 && printed.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Secret::from(printed))
    } else {
        Err(MfaCodeError::NoCode { program: name })
    }
}
