//! Output on a terminal goes through the pager, started with the first byte.

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use awsx_core::settings::{Settings, table};
use awsx_core::words;

use super::Ui;
use crate::error::{CommandError, CommandResult, Kind};

/// stdout, through a pager if one is wanted.
pub(crate) struct Paged {
    /// Program and arguments; none writes straight.
    command: Option<Vec<String>>,
    /// Whether `LESS` is to be set: `F` ends at once when all fits, `R` keeps colours, `X` keeps the screen.
    set_less: bool,
    /// Whether the person named the pager; the usual one may be missing.
    named: bool,
    child: Option<(Child, ChildStdin)>,
}

impl Paged {
    /// Straight to stdout.
    pub(crate) fn none() -> Self {
        Self { command: None, set_less: false, named: false, child: None }
    }

    /// The pager that settings name: `AWS_PAGER`, `cli_pager`, `PAGER`, then `less` (`more` on Windows).
    pub(crate) fn of_settings(settings: &Settings) -> CommandResult<Self> {
        let env = settings.env();
        let usual = if cfg!(windows) { "more" } else { "less" };
        let named = settings.text(&table::PAGER)?.or_else(|| env.var_filled("PAGER").map(str::to_owned));
        let pager = named.as_deref().unwrap_or(usual);
        let words = words::split(pager).ok_or_else(|| {
            CommandError::new(Kind::Pager, format!("the pager `{pager}` has an open quote"))
        })?;
        Ok(Self {
            command: (!words.is_empty()).then_some(words),
            set_less: env.var("LESS").is_none(),
            named: named.is_some(),
            child: None,
        })
    }

    fn pager(&mut self) -> io::Result<Option<&mut ChildStdin>> {
        if self.child.is_none()
            && let Some([program, arguments @ ..]) = self.command.as_deref()
        {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::piped());
            if self.set_less {
                command.env("LESS", "FRX");
            }
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) if self.named => return Err(io::Error::other(PagerError(error))),
                Err(_) => {
                    self.command = None;
                    return Ok(None);
                }
            };
            let stdin = child.stdin.take().expect("stdin is piped");
            self.child = Some((child, stdin));
        }
        Ok(self.child.as_mut().map(|(_, stdin)| stdin))
    }
}

impl Ui {
    /// Shows a long text, through the pager on a terminal. Settings that cannot be read are no reason to show nothing.
    pub(crate) fn page(self, settings: &Settings, without_pager: bool, text: &str) -> CommandResult {
        let wanted = self.stdout_is_terminal() && !without_pager;
        let pager = wanted.then(|| Paged::of_settings(settings).ok()).flatten();
        let mut out = pager.unwrap_or_else(Paged::none);
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }
}

impl Write for Paged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        match self.pager()? {
            Some(pager) => pager.write(bytes),
            None => io::stdout().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.child.as_mut() {
            Some((_, pager)) => pager.flush(),
            None => io::stdout().flush(),
        }
    }
}

impl Drop for Paged {
    /// Waits until the person has read.
    fn drop(&mut self) {
        if let Some((mut child, stdin)) = self.child.take() {
            drop(stdin);
            let _ = child.wait();
        }
    }
}

/// A pager that does not start, on its way through `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error(
    "Unable to redirect output to pager. Received the following error when opening pager:\n{0}\n\nLearn more about \
     configuring the output pager by running \"aws help config-vars\"."
)]
pub(crate) struct PagerError(io::Error);

impl PagerError {
    /// The pager's error inside an I/O error, if that is what it is.
    pub(crate) fn find(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}
