//! A running `awsx-sandbox` for the length of a command.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::failure::{Attempting, Failure, Outcome};

/// Stops when dropped.
pub(crate) struct Sandbox {
    child: Child,
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
        let mut sandbox = Self { child, environment: Vec::new() };
        // It listens before it speaks, and the first line that exports nothing ends the variables.
        for line in said.lines() {
            let line = line.attempting("could not read what the sandbox says")?;
            let Some((name, value)) = line.strip_prefix("export ").and_then(|line| line.split_once('='))
            else {
                break;
            };
            sandbox.environment.push((name.to_owned(), value.to_owned()));
        }
        if sandbox.environment.is_empty() {
            return Err(Failure::new("the sandbox ended without a word"));
        }
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Nothing is lost with it, and it may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
