//! The terminal's modes as they were before the first question: one that hides what is typed changes them, and
//! Ctrl-C ends it before it can put them back.

#[cfg(unix)]
mod unix {
    use std::io::stdin;
    use std::sync::OnceLock;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    static BEFORE: OnceLock<Option<Termios>> = OnceLock::new();

    pub(in super::super) fn keep() {
        BEFORE.get_or_init(|| tcgetattr(stdin()).ok());
    }

    pub(in super::super) fn restore() {
        if let Some(Some(before)) = BEFORE.get() {
            // A terminal that is gone needs nothing.
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
    }
}

#[cfg(unix)]
pub(super) use unix::{keep, restore};

/// Windows' console gets its modes back when the program ends.
#[cfg(not(unix))]
pub(super) fn keep() {}

#[cfg(not(unix))]
pub(super) fn restore() {}
