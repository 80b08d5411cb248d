//! One process from start to end, watched while it runs.

use std::fmt;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use super::{PATIENCE, TestEnv};

/// What came of a command; shown whole in snapshots.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    shown: String,
}

impl Run {
    /// What it wrote to stdout, when it went well and said nothing else.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert!(self.code == 0 && self.stderr.is_empty(), "{self}");
        self.stdout
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// A command that has been started. It is killed if the test ends first.
pub(crate) struct Running<'env> {
    env: &'env TestEnv,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Stream,
    stderr: Stream,
    /// Whether printing secrets is what the command is for.
    reveals: bool,
}

impl<'env> Running<'env> {
    pub(super) fn start(env: &'env TestEnv, mut command: Command) -> Self {
        env.learn_secrets();
        let words: Vec<_> = command.get_args().filter_map(|word| word.to_str()).collect();
        let reveals =
            ["export-credentials", "get-role-credentials", "get", "env"].iter().any(|it| words.contains(it));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = Stream::of(child.stdout.take().unwrap());
        let stderr = Stream::of(child.stderr.take().unwrap());
        Self { env, stdin: child.stdin.take(), child, stdout, stderr, reveals }
    }

    /// Types into its standard input.
    pub(crate) fn type_in(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("standard input is piped");
        // One that has failed already reads no more.
        let _ = stdin.write_all(text.as_bytes());
    }

    /// Waits until stdout holds what `find` looks for.
    #[track_caller]
    pub(crate) fn wait_for_stdout<T>(&self, find: impl Fn(&str) -> Option<T>) -> T {
        self.stdout.wait_for(find)
    }

    /// Waits until stderr holds `text`.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&self, text: &str) {
        self.stderr.wait_for(|seen| seen.contains(text).then_some(()));
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Printing secrets is what it is for.
    pub(crate) fn revealing(mut self) -> Self {
        self.reveals = true;
        self
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        self.signal(rustix::process::Signal::INT);
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).unwrap();
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Closes standard input, waits for the end and looks for secrets in what was printed.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Run {
        drop(self.stdin.take());
        let stdout = self.stdout.wait_for_end();
        let stderr = self.stderr.wait_for_end();
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        self.env.learn_secrets();
        self.env.assert_no_secret_in("stderr", &stderr);
        if !self.reveals {
            self.env.assert_no_secret_in("stdout", &stdout);
        }
        let part = |name: &str, text: &str| match self.env.normalise(text) {
            text if text.is_empty() => text,
            text if text.ends_with('\n') => format!("----- {name} -----\n{text}"),
            text => format!("----- {name} -----\n{text}\n"),
        };
        let shown = format!("exit: {code}\n{}{}", part("stdout", &stdout), part("stderr", &stderr));
        Run { code, stdout, stderr, shown }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // One that has ended cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came through a pipe so far.
struct Stream(Arc<(Mutex<Seen>, Condvar)>);

#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    ended: bool,
}

impl Stream {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let shared = Arc::new((Mutex::new(Seen::default()), Condvar::new()));
        let (seen, changed) = (shared.clone(), shared.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = pipe.read(&mut buffer).unwrap_or(0);
                let mut seen = seen.0.lock().unwrap();
                seen.bytes.extend_from_slice(&buffer[..read]);
                seen.ended = read == 0;
                changed.1.notify_all();
                if seen.ended {
                    return;
                }
            }
        });
        Self(shared)
    }

    #[track_caller]
    fn wait_for<T>(&self, find: impl Fn(&str) -> Option<T>) -> T {
        let (seen, changed) = &*self.0;
        let start = Instant::now();
        let mut seen = seen.lock().unwrap();
        loop {
            let text = String::from_utf8_lossy(&seen.bytes);
            if let Some(found) = find(&text) {
                return found;
            }
            let left = PATIENCE.saturating_sub(start.elapsed());
            assert!(!seen.ended && !left.is_zero(), "waited in vain, ended: {}, for:\n{text}", seen.ended);
            seen = changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    #[track_caller]
    fn wait_for_end(&self) -> String {
        let (seen, changed) = &*self.0;
        let seen = changed.wait_timeout_while(seen.lock().unwrap(), PATIENCE, |seen| !seen.ended).unwrap().0;
        let text = String::from_utf8_lossy(&seen.bytes).into_owned();
        assert!(seen.ended, "no end after:\n{text}");
        text
    }
}
