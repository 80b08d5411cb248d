//! Ctrl-C while there is something to undo: the command gets to know of it and ends by itself.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::Ui;
use crate::error::{CommandError, CommandResult};

/// Who is told of the next interrupt instead of the program ending at once.
static WAITING: Mutex<Option<oneshot::Sender<()>>> = Mutex::new(None);

/// While it lives, the first Ctrl-C (or request to end) reaches [`Interrupts::or`]; a second one ends the program.
pub(crate) struct Interrupts(oneshot::Receiver<()>);

impl Interrupts {
    pub(crate) fn catch(ui: Ui) -> Self {
        ui.restore_terminal_on_interrupt();
        let (tell, told) = oneshot::channel();
        *waiting() = Some(tell);
        Self(told)
    }

    /// Does the work unless it is interrupted. What the work has started must be undone by the caller, who keeps this until
    /// then: a question ends by the key Ctrl-C before the signal of it arrives.
    pub(crate) async fn or<T>(&mut self, work: impl Future<Output = CommandResult<T>>) -> CommandResult<T> {
        tokio::select! {
            _ = &mut self.0 => Err(CommandError::interrupted()),
            result = work => result,
        }
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        *waiting() = None;
    }
}

/// Tells whoever waits for an interrupt; says whether somebody does.
pub(super) fn deliver() -> bool {
    let tell = waiting().take();
    tell.is_some_and(|tell| tell.send(()).is_ok())
}

fn waiting() -> MutexGuard<'static, Option<oneshot::Sender<()>>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks on a thread of its own, so that what is awaited beside the answer can end the question.
pub(crate) async fn ask_beside<T: Send + 'static>(
    ask: impl FnOnce() -> CommandResult<T> + Send + 'static,
) -> CommandResult<T> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody waits for the answer to a question that was interrupted.
        let _ = tell.send(ask());
    });
    told.await.expect("a question ends with an answer or an error")
}
