//! A running `awsx-sandbox` for the length of a command.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::failure::{Attempting, Failure, Outcome};

/// Stops when dropped.
pub(crate) struct Sandbox {
    child: Child,
    /// Open as long as it runs: it says more than is read here, and would end on a closed pipe
    said: BufReader<ChildStdout>,
    /// The variables that turn a client to it
    pub(crate) environment: Vec<(String, String)>,
}

impl Sandbox {
    /// Starts it on a free port. What it keeps on disk is kept in `scratch`.
    pub(crate) fn start(program: &Path, scratch: &Path) -> Outcome<Self> {
        let mut child = Command::new(program)
            .args(["--port", "0"])
            .env("TMPDIR", scratch)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .attempting(format_args!("could not start `{}`", program.display()))?;
        let said = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut sandbox = Self { child, said, environment: Vec::new() };
        sandbox.environment = read_environment(&mut sandbox.said)?;
        if sandbox.environment.is_empty() {
            return Err(Failure::new("the sandbox ended without a word"));
        }
        Ok(sandbox)
    }
}

/// It listens before it speaks, and the first line that exports nothing ends the variables.
fn read_environment(said: &mut impl BufRead) -> Outcome<Vec<(String, String)>> {
    let mut environment = Vec::new();
    for line in said.lines() {
        let line = line.attempting("could not read what the sandbox says")?;
        let Some((name, value)) = line.strip_prefix("export ").and_then(|line| line.split_once('=')) else {
            break;
        };
        environment.push((name.to_owned(), value.to_owned()));
    }
    Ok(environment)
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Nothing is lost with it, and it may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
