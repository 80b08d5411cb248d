//! A person at a terminal: what is on the screen, and keys.

use std::io::{Write, stdin};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use expectrl::process::Termios;
use expectrl::process::unix::WaitStatus;
use expectrl::session::{OsSession, Session};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::{PATIENCE, TestEnv};

const RELAY: &str = "support::terminal::relay";
const RELAYED: &str = "AWSX_TEST_RELAYED";

/// Not a test: this program once more, as the first on a new terminal. `expectrl` hands out terminals that do not show
/// what is typed, which is to be changed before awsx looks.
#[test]
#[ignore = "started by the tests at a terminal"]
#[expect(clippy::disallowed_methods, reason = "it is a program of its own")]
fn relay() {
    let Ok(words) = std::env::var(RELAYED) else { return };
    let mut modes = tcgetattr(stdin()).unwrap();
    modes.local_modes |= LocalModes::ECHO;
    tcsetattr(stdin(), OptionalActions::Now, &modes).unwrap();
    let mut awsx = Command::new(env!("CARGO_BIN_EXE_awsx"));
    panic!("{}", awsx.args(words.split_whitespace()).env_remove(RELAYED).exec());
}

/// A command that runs on a terminal of 80 columns.
pub(crate) struct Terminal {
    session: OsSession,
    /// Everything that was written to the screen, escape sequences and all.
    raw: Vec<u8>,
    /// How much of the plain text was waited for.
    passed: usize,
}

impl Terminal {
    pub(crate) fn start(env: &TestEnv, words: &str) -> Self {
        let mut relay = env.command_of(&std::env::current_exe().unwrap());
        relay.args(["--exact", RELAY, "--ignored", "--nocapture"]);
        relay.env("TERM", "xterm-256color").env(RELAYED, words);
        Self { session: Session::spawn(relay).unwrap(), raw: Vec::new(), passed: 0 }
    }

    /// Waits until `text` comes up on the screen, after what was waited for before.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        self.wait_for_some(text, |screen| screen.find(text).map(|start| (start + text.len(), ())));
    }

    /// Waits for what `find` looks for in the new text; it also says where that ends.
    #[track_caller]
    pub(crate) fn wait_for_some<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<(usize, T)>) -> T {
        let start = Instant::now();
        loop {
            let open = self.read_some();
            let screen = plain(&self.raw);
            if let Some((end, found)) = find(&screen[self.passed..]) {
                self.passed += end;
                return found;
            }
            assert!(open && start.elapsed() < PATIENCE, "waited in vain for `{what}`:\n{screen}");
        }
    }

    /// Waits until what is typed is no longer shown.
    #[track_caller]
    pub(crate) fn wait_for_hidden_input(&mut self) {
        self.wait_for_echo(false);
    }

    /// Waits until what is typed is shown again.
    #[track_caller]
    pub(crate) fn wait_for_shown_input(&mut self) {
        self.wait_for_echo(true);
    }

    #[track_caller]
    fn wait_for_echo(&mut self, shown: bool) {
        let start = Instant::now();
        while self.session.get_process_mut().is_echo().unwrap() != shown {
            self.read_some();
            assert!(start.elapsed() < PATIENCE, "input is shown: {}:\n{}", !shown, plain(&self.raw));
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.session.write_all(keys.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }

    /// Waits for the end; gives the exit code and everything that was written, escape sequences and all.
    #[track_caller]
    pub(crate) fn finish(mut self) -> (i32, String) {
        let start = Instant::now();
        while self.read_some() {
            assert!(start.elapsed() < PATIENCE, "no end after:\n{}", plain(&self.raw));
        }
        let code = match self.session.get_process().wait().unwrap() {
            WaitStatus::Exited(_, code) => code,
            other => panic!("ended by {other:?}:\n{}", plain(&self.raw)),
        };
        (code, String::from_utf8_lossy(&self.raw).into_owned())
    }

    /// Reads what is there; says whether more may come.
    fn read_some(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.session.try_read(&mut buffer) {
            Ok(0) => false,
            Ok(read) => {
                self.raw.extend_from_slice(&buffer[..read]);
                true
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                sleep(Duration::from_millis(5));
                true
            }
            // What Linux says when the program has gone.
            Err(_) => false,
        }
    }
}

/// The text without escape sequences.
fn plain(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => {
                // `ESC [ parameters letter`; of the other kinds only the next character is skipped.
                if rest.next() == Some('[') {
                    rest.find(char::is_ascii_alphabetic);
                }
            }
            '\r' => {}
            other => plain.push(other),
        }
    }
    plain
}
