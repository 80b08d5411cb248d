//! `credential_process`: another program prints the credentials.
//!
//! The program is started by its arguments, without a shell. It may ask the person through the terminal, so standard
//! input is its own. What it prints is never shown: it holds secrets.

mod kept;
mod run;

use std::time::Duration;

use awsx_core::{Env, Secret, words};
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use time::OffsetDateTime;

use crate::credentials::{EndError, end_of_keys};
use crate::{Credentials, Method};

pub(crate) use kept::fetch_kept;
pub use run::RunError;
pub(crate) use run::{Program, Stderr};

/// The profiles that led here, while one awsx runs another as its `credential_process`; the guard of
/// `configure export-credentials` reads it.
pub const PROFILE_CHAIN: &str = "_AWS_CLI_PROFILE_CHAIN";

/// What goes wrong with the program. The texts are AWS CLI's.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It did not run to its end.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It ended with an error.
    #[error("Error when retrieving credentials from custom-process: {0}")]
    Failed(String),
    /// It printed something else. The text is Python's.
    #[error("{fault}: line {line} column {column} (char {offset})")]
    NotJson {
        /// What is wrong there.
        fault: &'static str,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// Characters before the fault.
        offset: usize,
    },
    /// It printed JSON of another shape (our own text).
    #[error("Error when retrieving credentials from custom-process: what it printed is no object of texts")]
    Shape,
    /// It printed another version of the format.
    #[error(
        "Error when retrieving credentials from custom-process: Unsupported version '{0}' for credential process \
         provider, supported versions: 1"
    )]
    Version(String),
    /// What it says of the keys' end.
    #[error(transparent)]
    End(#[from] EndError),
    /// It left a key out.
    #[error("Error when retrieving credentials from custom-process: Missing required key in response: '{0}'")]
    MissingKey(&'static str),
}

/// What the program prints.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: Option<Value>,
    access_key_id: Option<String>,
    secret_access_key: Option<Secret<String>>,
    session_token: Option<Secret<String>>,
    expiration: Option<String>,
    account_id: Option<String>,
}

/// Runs the command of a profile and reads its credentials.
async fn fetch(
    env: &Env,
    profile: &str,
    command: &str,
    limit: Option<Duration>,
) -> Result<Credentials, ProcessError> {
    let words = words::split(command).ok_or(RunError::Unreadable)?;
    if words.is_empty() {
        return Err(RunError::Empty.into());
    }
    let chain = match env.var_filled(PROFILE_CHAIN) {
        Some(chain) => format!("{chain},{profile}"),
        None => profile.to_owned(),
    };
    tracing::debug!(target: "awsx::process", program = words[0], "running the credential process");
    let variables = vec![(PROFILE_CHAIN, chain)];
    let finished = Program { words, variables, stderr: Stderr::Kept, limit }.run().await?;
    if finished.status == 0 {
        return read(finished.stdout.expose(), env.now());
    }
    Err(ProcessError::Failed(String::from_utf8_lossy(&finished.stderr).trim_end().to_owned()))
}

fn read(printed: &[u8], now: OffsetDateTime) -> Result<Credentials, ProcessError> {
    let printed: Printed = serde_json::from_slice(printed).map_err(|error| fault(printed, &error))?;
    match printed.version {
        // As Python compares them: 1.0 is 1.
        Some(version) if version.as_f64() == Some(1.0) => {}
        Some(Value::String(version)) => return Err(ProcessError::Version(version)),
        Some(version) => return Err(ProcessError::Version(version.to_string())),
        None => return Err(ProcessError::Version("<Version key not provided>".to_owned())),
    }
    Ok(Credentials {
        access_key_id: printed.access_key_id.ok_or(ProcessError::MissingKey("AccessKeyId"))?,
        secret_access_key: printed.secret_access_key.ok_or(ProcessError::MissingKey("SecretAccessKey"))?,
        session_token: printed.session_token,
        expiration: printed.expiration.as_deref().map(|end| end_of_keys(end, now)).transpose()?,
        account_id: printed.account_id,
        method: Method::Process,
    })
}

fn fault(printed: &[u8], error: &serde_json::Error) -> ProcessError {
    if error.classify() == Category::Data {
        return ProcessError::Shape;
    }
    let (line, column) = (error.line().max(1), error.column().max(1));
    let text = error.to_string();
    // The parser points behind what it could not read, or at the character that is too much; Python always at it.
    let (fault, column) = match text.as_str() {
        text if text.starts_with("trailing characters") => ("Extra data", column),
        text if text.starts_with("key must be a string") => {
            ("Expecting property name enclosed in double quotes", column)
        }
        _ if column > 1 && line == 1 => ("Expecting value", column - 1),
        _ => ("Expecting value", column),
    };
    let before: usize = printed.split(|byte| *byte == b'\n').take(line - 1).map(|line| line.len() + 1).sum();
    ProcessError::NotJson { fault, line, column, offset: before + column - 1 }
}

#[cfg(test)]
mod tests {
    use awsx_core::timestamp;

    use super::*;

    fn fetched(command: &str) -> Result<Credentials, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let env = Env::of([("HOME", "/nowhere")]);
        runtime
            .block_on(fetch(&env, "p", command, Some(Duration::from_mins(1))))
            .map_err(|error| error.to_string())
    }

    fn printing(json: &str) -> String {
        format!("printf %s '{json}'")
    }

    #[test]
    fn what_is_printed_becomes_credentials() {
        let json = r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T",
            "Expiration": "2030-01-01T00:00:00Z"}"#;
        let credentials = fetched(&printing(json)).unwrap();
        assert_eq!(credentials.access_key_id, "A");
        assert_eq!(credentials.session_token, Some(Secret::from("T")));
        assert_eq!(credentials.expiration, timestamp::parse("2030-01-01T00:00:00Z"));
    }

    #[test]
    fn no_shell_reads_the_command() {
        assert_eq!(
            fetched("printf %s '$(id)' > /dev/null").unwrap_err(),
            "Expecting value: line 1 column 1 (char 0)"
        );
    }

    #[test]
    fn faults_are_told_in_aws_cli_s_words() {
        let prefix = "Error when retrieving credentials from custom-process: ";
        for (command, text) in [
            ("sh -c 'echo broken >&2; exit 3'".to_owned(), format!("{prefix}broken")),
            (
                printing(r#"{"Version": 2}"#),
                format!(
                    "{prefix}Unsupported version '2' for credential process provider, supported versions: 1"
                ),
            ),
            (
                printing(r#"{"Version": 1}"#),
                format!("{prefix}Missing required key in response: 'AccessKeyId'"),
            ),
            ("echo nonsense".to_owned(), "Expecting value: line 1 column 1 (char 0)".to_owned()),
            (
                "echo {version}".to_owned(),
                "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)".to_owned(),
            ),
            (printing("{}\n{}"), "Extra data: line 2 column 1 (char 3)".to_owned()),
            (printing("[]"), format!("{prefix}what it printed is no object of texts")),
            (
                printing(
                    r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "Expiration": "soon"}"#,
                ),
                "Unknown string format: soon".to_owned(),
            ),
            (
                printing(
                    r#"{"Version": 1.0, "AccessKeyId": "A", "SecretAccessKey": "S", "Expiration": "2001-01-01"}"#,
                ),
                "Credentials were refreshed, but the refreshed credentials are still expired.".to_owned(),
            ),
            (String::new(), "the command to run is empty".to_owned()),
            ("/no/such".to_owned(), "[Errno 2] No such file or directory: '/no/such'".to_owned()),
            ("a 'b".to_owned(), "No closing quotation".to_owned()),
        ] {
            assert_eq!(fetched(&command).unwrap_err(), text, "{command}");
        }
    }
}
