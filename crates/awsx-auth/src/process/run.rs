//! Runs a program of the user's choice: by its arguments, without a shell, for so long and no longer.
//!
//! The program may ask the person through the terminal, so standard input is its own.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use awsx_core::Secret;

use crate::error::text_of;

/// A program to run.
#[derive(Debug)]
pub(crate) struct Program {
    /// Its name and arguments; there is a name at least.
    pub(crate) words: Vec<String>,
    /// Variables to set besides the inherited ones.
    pub(crate) variables: Vec<(&'static str, String)>,
    /// What becomes of what it says on standard error.
    pub(crate) stderr: Stderr,
    /// How long it may take; none for as long as it likes.
    pub(crate) limit: Option<Duration>,
}

/// What becomes of a program's standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stderr {
    /// The person sees it.
    Shown,
    /// It is kept for an error's text.
    Kept,
}

/// What a program that ended has left.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Its exit code, -1 where a signal ended it.
    pub(crate) status: i32,
    /// What it printed.
    pub(crate) stdout: Secret<Vec<u8>>,
    /// What it said, if that was kept.
    pub(crate) stderr: Vec<u8>,
}

/// A program that did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The command has an open quote. The text is Python's.
    #[error("No closing quotation")]
    Unreadable,
    /// The command has no word (our own text).
    #[error("the command to run is empty")]
    Empty,
    /// The program cannot be started. The text is Python's.
    #[error("[Errno {}] {}: '{program}'", .source.raw_os_error().unwrap_or_default(), text_of(source))]
    NotStarted {
        /// Its name.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It took too long (our own text).
    #[error("the program `{program}` did not end within {seconds} s")]
    TimedOut {
        /// Its name.
        program: String,
        /// The limit.
        seconds: u64,
    },
}

impl Program {
    /// Runs the program on a thread of its own and waits for its end.
    pub(crate) async fn run(self) -> Result<Finished, RunError> {
        let run = tokio::task::spawn_blocking(move || self.run_here());
        run.await.expect("running a program does not panic")
    }

    fn run_here(self) -> Result<Finished, RunError> {
        let (program, arguments) = self.words.split_first().expect("there is a word at least");
        let failed = |source| RunError::NotStarted { program: program.clone(), source };
        let stderr = match self.stderr {
            Stderr::Shown => Stdio::inherit(),
            Stderr::Kept => Stdio::piped(),
        };
        let mut child = Command::new(program)
            .args(arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::inherit())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(failed)?;
        let stdout = read_aside(child.stdout.take());
        let stderr = read_aside(child.stderr.take());
        let deadline = self.limit.map(|limit| Instant::now() + limit);
        if let Some(ended) = finish(&mut child, &stdout, &stderr, deadline) {
            return ended.map_err(failed);
        }
        // One that has ended meanwhile cannot be killed.
        let _ = child.kill();
        let _ = child.wait();
        Err(RunError::TimedOut {
            program: program.clone(),
            seconds: self.limit.unwrap_or_default().as_secs(),
        })
    }
}

/// None when the deadline passes first.
fn finish(
    child: &mut Child,
    stdout: &Receiver<Vec<u8>>,
    stderr: &Receiver<Vec<u8>>,
    deadline: Option<Instant>,
) -> Option<io::Result<Finished>> {
    let stdout = Secret::new(receive(stdout, deadline)?);
    let stderr = receive(stderr, deadline)?;
    // A program that has closed its output mostly has ended, or is about to.
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                return Some(Ok(Finished { status: status.code().unwrap_or(-1), stdout, stderr }));
            }
            Ok(None) if deadline.is_some_and(|deadline| deadline <= Instant::now()) => return None,
            Ok(None) => thread::sleep(pause),
            Err(error) => return Some(Err(error)),
        }
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Reads a pipe to its end on another thread, so that neither pipe fills up while the other is read.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before a failure counts, as far as it goes.
            let _ = pipe.read_to_end(&mut bytes);
        }
        // Nobody listens any more after the deadline.
        let _ = sender.send(bytes);
    });
    receiver
}

fn receive(pipe: &Receiver<Vec<u8>>, deadline: Option<Instant>) -> Option<Vec<u8>> {
    let Some(deadline) = deadline else { return Some(pipe.recv().unwrap_or_default()) };
    match pipe.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(bytes) => Some(bytes),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(Vec::new()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str, limit: Option<Duration>) -> Result<Finished, RunError> {
        let words = ["sh", "-c", script].map(str::to_owned).to_vec();
        Program { words, variables: vec![("MARK", "m".to_owned())], stderr: Stderr::Kept, limit }.run_here()
    }

    #[test]
    fn output_status_and_complaints_come_apart() {
        let finished = run("printf out$MARK; echo why >&2; exit 3", Some(Duration::from_mins(1))).unwrap();
        assert_eq!(finished.stdout.expose(), b"outm");
        assert_eq!((finished.status, finished.stderr.as_slice()), (3, b"why\n".as_slice()));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended_even_if_it_closed_its_output() {
        for script in ["exec sleep 60", "exec sleep 60 >&- 2>&-"] {
            let error = run(script, Some(Duration::from_millis(100))).unwrap_err();
            assert!(matches!(error, RunError::TimedOut { .. }), "{script}: {error}");
        }
    }

    #[test]
    fn full_pipes_do_not_block() {
        let script = "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789 >&2; \
                      i=$((i+1)); done; echo done";
        assert_eq!(run(script, None).unwrap().stdout.expose(), b"done\n");
    }
}
