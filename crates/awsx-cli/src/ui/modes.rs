//! The terminal's modes as they were before the first question: one that hides what is typed changes them, and
//! Ctrl-C ends it before it can put them back.

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{IsTerminal, stdin};
    use std::os::fd::{AsFd, OwnedFd};
    use std::sync::OnceLock;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    static BEFORE: OnceLock<Option<(OwnedFd, Termios)>> = OnceLock::new();

    pub(in super::super) fn keep() {
        BEFORE.get_or_init(|| {
            let terminal = terminal()?;
            let modes = tcgetattr(&terminal).ok()?;
            Some((terminal, modes))
        });
    }

    pub(in super::super) fn restore() {
        if let Some(Some((terminal, before))) = BEFORE.get() {
            // A terminal that is gone needs nothing.
            let _ = tcsetattr(terminal, OptionalActions::Now, before);
        }
    }

    /// Whether this process has a terminal of its own, whatever its streams are.
    pub(in super::super) fn controlling_terminal_is_there() -> bool {
        File::open(CONTROLLING).is_ok()
    }

    /// Where questions are asked: standard input, else the controlling terminal.
    fn terminal() -> Option<OwnedFd> {
        if stdin().is_terminal() {
            return stdin().as_fd().try_clone_to_owned().ok();
        }
        File::open(CONTROLLING).ok().map(Into::into)
    }

    const CONTROLLING: &str = "/dev/tty";
}

#[cfg(unix)]
pub(super) use unix::{controlling_terminal_is_there, keep, restore};

/// Windows' console gets its modes back when the program ends.
#[cfg(not(unix))]
pub(super) fn keep() {}

#[cfg(not(unix))]
pub(super) fn restore() {}

#[cfg(not(unix))]
pub(super) fn controlling_terminal_is_there() -> bool {
    false
}
