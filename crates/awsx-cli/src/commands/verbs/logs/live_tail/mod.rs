//! `logs start-live-tail --mode interactive`: the events on a screen of its own, with keys.
//!
//! The operation is the model's; here is only what the person sees. `screen` knows what is on it and what keys mean, and
//! neither terminal nor network.

mod screen;

use std::time::{Duration, Instant};

use awsx_api::Events;
use awsx_output::Value;
use console::{Key, Term};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use self::screen::{Pressed, Screen, Size};
use crate::cli::Color;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::ui::{Interrupts, Ui};

/// How often the screen is drawn while nobody presses a key.
const PACE: Duration = Duration::from_millis(250);

/// Says where the mode cannot be, before anything is asked.
pub(crate) fn refuse_without_terminal(context: &Context) -> CommandResult {
    let is_off = matches!(context.globals.color, Some(Color::Off));
    if is_off || !context.ui.is_interactive() {
        return Err(CommandError::usage(
            "Color is not allowed by your output. Use print-only mode or enable color.",
        ));
    }
    Ok(())
}

/// Shows the events until the person leaves or there are no more.
pub(crate) async fn show(context: &Context, events: Events) -> CommandResult {
    let mut interrupts = Interrupts::catch(context.ui);
    let (tell, told) = unbounded_channel();
    let window = Window::open(context.ui);
    let ended = interrupts
        .or(async {
            tokio::select! {
                ended = read(events, tell) => ended,
                ended = draw(told, keys()) => ended,
            }
        })
        .await;
    drop(window);
    match ended {
        // It is one of the ways to leave.
        Err(error) if error.kind == Kind::Interrupted => Ok(()),
        ended => ended,
    }
}

/// What the service tells at once.
struct Update {
    messages: Vec<String>,
    sampled: bool,
}

async fn read(mut events: Events, tell: UnboundedSender<Update>) -> CommandResult {
    while let Some(event) = events.next().await? {
        let Some(update) = event.get("sessionUpdate") else { continue };
        let metadata = update.get("sessionMetadata");
        let sampled = metadata.and_then(|metadata| metadata.get("sampled")) == Some(&Value::Bool(true));
        let results = update.get("sessionResults").and_then(Value::as_list).unwrap_or_default();
        let message = |event: &Value| event.get("message").and_then(Value::as_str).map(str::to_owned);
        let messages = results.iter().filter_map(message).collect();
        // Nobody looks any more.
        if tell.send(Update { messages, sampled }).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

async fn draw(mut updates: UnboundedReceiver<Update>, mut keys: UnboundedReceiver<Key>) -> CommandResult {
    let terminal = Term::stdout();
    let start = Instant::now();
    let mut screen = Screen::default();
    let mut pace = tokio::time::interval(PACE);
    let mut second = 0;
    loop {
        tokio::select! {
            Some(update) = updates.recv() => {
                screen.take(update.messages, update.sampled);
                continue;
            }
            key = keys.recv() => match key.map(|key| screen.press(key)) {
                Some(Pressed::Stay) => {}
                Some(Pressed::Leave) | None => return Ok(()),
            },
            _ = pace.tick() => {
                if start.elapsed().as_secs() != second {
                    second = start.elapsed().as_secs();
                    screen.end_second();
                }
            }
        }
        let (rows, columns) = terminal.size();
        let size = Size { rows: rows.into(), columns: columns.into() };
        let lines = screen.lines(size, start.elapsed().as_secs());
        terminal.write_str(&format!("\x1b[H{}\x1b[K\x1b[J", lines.join("\x1b[K\r\n")))?;
    }
}

/// What is pressed, from a thread of its own: reading cannot be given up.
fn keys() -> UnboundedReceiver<Key> {
    let (tell, told) = unbounded_channel();
    std::thread::spawn(move || {
        let terminal = Term::stdout();
        while let Ok(key) = terminal.read_key_raw() {
            if tell.send(key).is_err() {
                break;
            }
        }
    });
    told
}

/// The terminal's other screen, while it lives.
struct Window(Ui);

impl Window {
    fn open(ui: Ui) -> Self {
        // A terminal that does not take this shows the lines all the same.
        let _ = ui.out(format_args!("\x1b[?1049h\x1b[?25l"));
        Self(ui)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.0.out(format_args!("\x1b[?25h\x1b[?1049l"));
        self.0.restore_terminal();
    }
}
