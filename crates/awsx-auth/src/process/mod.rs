//! `credential_process`: another program prints the credentials.
//!
//! The program is started by its arguments, without a shell. It may ask the person through the terminal, so standard
//! input is its own. What it prints is never shown: it holds secrets.

mod kept;
mod run;

use std::time::Duration;

use awsx_core::{Env, Secret, timestamp, words};
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;

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
    /// It printed something else.
    #[error("Expecting value: line {line} column {column} (char {offset})")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// Characters before the fault.
        offset: usize,
    },
    /// It printed another version of the format.
    #[error(
        "Error when retrieving credentials from custom-process: Unsupported version '{0}' for credential process \
         provider, supported versions: 1"
    )]
    Version(String),
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
    let words = words::split(command).filter(|words| !words.is_empty()).ok_or(RunError::Unreadable)?;
    let chain = match env.var_filled(PROFILE_CHAIN) {
        Some(chain) => format!("{chain},{profile}"),
        None => profile.to_owned(),
    };
    tracing::debug!(target: "awsx::process", program = words[0], "running the credential process");
    let variables = vec![(PROFILE_CHAIN, chain)];
    let finished = Program { words, variables, stderr: Stderr::Kept, limit }.run().await?;
    if finished.status == 0 {
        return read(finished.stdout.expose());
    }
    Err(ProcessError::Failed(String::from_utf8_lossy(&finished.stderr).trim_end().to_owned()))
}

fn read(printed: &[u8]) -> Result<Credentials, ProcessError> {
    let printed: Printed = serde_json::from_slice(printed).map_err(|error| fault(printed, &error))?;
    match printed.version {
        Some(version) if version == 1 => {}
        Some(Value::String(version)) => return Err(ProcessError::Version(version)),
        Some(version) => return Err(ProcessError::Version(version.to_string())),
        None => return Err(ProcessError::Version("<Version key not provided>".to_owned())),
    }
    Ok(Credentials {
        access_key_id: printed.access_key_id.ok_or(ProcessError::MissingKey("AccessKeyId"))?,
        secret_access_key: printed.secret_access_key.ok_or(ProcessError::MissingKey("SecretAccessKey"))?,
        session_token: printed.session_token,
        expiration: printed.expiration.as_deref().and_then(timestamp::parse),
        account_id: printed.account_id,
        method: Method::Process,
    })
}

fn fault(printed: &[u8], error: &serde_json::Error) -> ProcessError {
    // JSON of another shape has no place that would help.
    let (line, column) = match error.classify() {
        Category::Data => (1, 1),
        Category::Io | Category::Syntax | Category::Eof => (error.line().max(1), error.column().max(1)),
    };
    // Python points at the value's beginning, the parser at the character that was one too many.
    let column = if column > 1 && line == 1 { column - 1 } else { column };
    let before: usize = printed.split(|byte| *byte == b'\n').take(line - 1).map(|line| line.len() + 1).sum();
    ProcessError::NotJson { line, column, offset: before + column - 1 }
}

#[cfg(test)]
mod tests {
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
            ("/no/such".to_owned(), "[Errno 2] No such file or directory: '/no/such'".to_owned()),
            ("a 'b".to_owned(), "No closing quotation".to_owned()),
        ] {
            assert_eq!(fetched(&command).unwrap_err(), text, "{command}");
        }
    }
}
