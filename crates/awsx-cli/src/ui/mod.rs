//! The person's end: streams, questions, the browser.
//!
//! stdout is data. Everything said beside it goes to stderr, except the texts that AWS CLI itself puts on stdout.

mod browser;
mod interrupt;
mod modes;
mod pager;
mod prompt;
mod qr;
mod sign_in;
mod signals;

use std::fmt;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use awsx_core::Env;

use crate::error::{CommandError, CommandResult};

pub(crate) use browser::{Browser, open as open_browser};
pub(crate) use interrupt::{Interrupts, ask_beside};
pub(crate) use pager::{Paged, PagerError};
pub(crate) use prompt::Question;
pub(crate) use qr::render as render_qr;
pub(crate) use sign_in::{BrowserPage, SignInUi, SignInUiOptions};
pub(crate) use signals::InterruptFlag;
#[cfg(unix)]
pub(crate) use signals::ignored as ignored_signals;

/// Whether a child process is the one that interrupts are meant for.
static CHILD_DECIDES: AtomicBool = AtomicBool::new(false);

/// Which of the streams are terminals, and what may be done with them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    stdin_is_terminal: bool,
    stdout_is_terminal: bool,
    colors: bool,
}

#[expect(clippy::unused_self, reason = "who speaks to the person holds the `Ui`")]
impl Ui {
    pub(crate) fn of_process(env: &Env) -> Self {
        Self {
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            colors: env.var_filled("NO_COLOR").is_none() && env.var("TERM") != Some("dumb"),
        }
    }

    pub(crate) fn stdin_is_terminal(self) -> bool {
        self.stdin_is_terminal
    }

    /// Whether a person can be asked at a terminal.
    pub(crate) fn is_interactive(self) -> bool {
        self.stdin_is_terminal && self.stdout_is_terminal
    }

    /// Whether a person can be asked for a secret: also where standard input is a pipe, as long as they see the question.
    pub(crate) fn has_terminal(self) -> bool {
        self.stdin_is_terminal || (io::stderr().is_terminal() && modes::controlling_terminal_is_there())
    }

    pub(crate) fn stdout_is_terminal(self) -> bool {
        self.stdout_is_terminal
    }

    pub(crate) fn colors_stdout(self) -> bool {
        self.colors && self.stdout_is_terminal
    }

    /// Columns of the terminal, 80 where there is none.
    pub(crate) fn width(self) -> usize {
        if self.stdout_is_terminal { usize::from(console::Term::stdout().size().1) } else { 80 }
    }

    /// Writes data, or a text that AWS CLI puts on stdout.
    pub(crate) fn out(self, text: fmt::Arguments<'_>) -> CommandResult {
        let mut stdout = io::stdout().lock();
        stdout.write_fmt(text)?;
        Ok(stdout.flush()?)
    }

    /// Writes beside the data. A stderr that is gone is no reason to stop.
    pub(crate) fn err(self, text: fmt::Arguments<'_>) {
        let _ = io::stderr().lock().write_fmt(text);
    }

    /// Reads one line of a piped answer, without its line end; none at the end of input.
    fn read_line(self) -> CommandResult<Option<String>> {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        match read {
            Ok(0) => Ok(None),
            Ok(_) => {
                let text =
                    line.strip_suffix('\n').map_or(&*line, |text| text.strip_suffix('\r').unwrap_or(text));
                Ok(Some(text.to_owned()))
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(CommandError::general("the answer on standard input is not UTF-8 text"))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// From now on Ctrl-C and its like are a child's to act on; this process ends when the child does.
    pub(crate) fn leave_interrupts_to_child(self) {
        CHILD_DECIDES.store(true, Ordering::Relaxed);
    }

    /// Gives the cursor and the modes back that a question had changed, on a line of its own.
    pub(crate) fn leave_prompt(self) {
        modes::restore();
        if self.stdin_is_terminal {
            let _ = console::Term::stderr().show_cursor();
        }
        let _ = self.out(format_args!("\n"));
    }

    /// Gives the modes back that reading keys had changed.
    pub(crate) fn restore_terminal(self) {
        if self.stdin_is_terminal {
            modes::restore();
        }
    }

    /// Ctrl-C ends the program with 130 and a terminal that is as it was, whatever a prompt had done to it; unless
    /// there is work that has to be ended first.
    pub(crate) fn restore_terminal_on_interrupt(self) {
        if self.stdin_is_terminal {
            modes::keep();
        }
        signals::on_request_to_end(move || {
            if interrupt::deliver() {
                return;
            }
            if CHILD_DECIDES.load(Ordering::Relaxed) {
                return;
            }
            if let Some(end_work) = take_end_of_work() {
                return end_work();
            }
            self.leave_prompt();
            #[expect(clippy::disallowed_methods, reason = "main may be blocked in a prompt")]
            std::process::exit(130);
        });
    }

    /// Has the next Ctrl-C end some work instead of the program; the one after that ends the program all the same.
    pub(crate) fn end_work_on_interrupt(self, end_work: impl FnOnce() + Send + 'static) {
        *END_OF_WORK.lock().expect("no holder panics") = Some(Box::new(end_work));
        self.restore_terminal_on_interrupt();
    }

    /// Ctrl-C ends the program again.
    pub(crate) fn work_is_over(self) {
        drop(take_end_of_work());
    }
}

/// What ends the work under way.
static END_OF_WORK: Mutex<Option<Box<dyn FnOnce() + Send>>> = Mutex::new(None);

fn take_end_of_work() -> Option<Box<dyn FnOnce() + Send>> {
    END_OF_WORK.lock().expect("no holder panics").take()
}
