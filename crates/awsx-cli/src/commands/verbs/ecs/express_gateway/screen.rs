//! The tree on a terminal, redrawn while things change.

use std::time::{Duration, Instant};

use console::{Key, Term};
use tokio::sync::mpsc;

use super::PAUSE;
use super::paint::{Paint, RESET};
use super::view::{Trouble, View};
use crate::context::Context;
use crate::error::{CommandResult, Kind};
use crate::ui::Interrupts;

const SPINNER: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME: Duration = Duration::from_millis(100);
/// The other screen, the cursor hidden; and back.
const ENTER: &str = "\x1b[?1049h\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";

/// Shows the tree until `q` or Ctrl-C is pressed or the time is over, and leaves it on the terminal.
pub(super) async fn show(
    context: &Context,
    mut view: View<'_>,
    paint: Paint,
    limit: Duration,
    mut interrupts: Interrupts,
) -> Result<(), Trouble> {
    context.ui.out(format_args!("{ENTER}"))?;
    let mut ended = Ok(Ended::ByUser);
    let shown = interrupts
        .or(async {
            ended = draw(context, &mut view, paint, limit).await;
            CommandResult::Ok(())
        })
        .await;
    context.ui.restore_terminal();
    context.ui.out(format_args!("{LEAVE}"))?;
    if let Err(error) = shown
        && error.kind != Kind::Interrupted
    {
        return Err(error.into());
    }
    let how = match ended? {
        Ended::ByUser => "Monitoring Complete!",
        Ended::InTime => "Monitoring timed out!",
    };
    let text = content(&view, ' ', paint).join("\n");
    Ok(context.ui.out(format_args!("{text}\n{how}\n{RESET}"))?)
}

enum Ended {
    ByUser,
    InTime,
}

async fn draw(
    context: &Context,
    view: &mut View<'_>,
    paint: Paint,
    limit: Duration,
) -> Result<Ended, Trouble> {
    let started = Instant::now();
    let mut keys = keys(context);
    let mut screen = Screen { top: 0, frame: 0 };
    loop {
        if started.elapsed() > limit {
            return Ok(Ended::InTime);
        }
        // The view cannot be drawn while it is asked for; what was there is drawn on.
        let last = content(view, SPINNER_MARK, paint);
        {
            let asking = view.refresh();
            tokio::pin!(asking);
            loop {
                tokio::select! {
                    asked = &mut asking => {
                        asked?;
                        break;
                    }
                    key = keys.told.recv() => if screen.takes(&last, key.as_ref()) { return Ok(Ended::ByUser) },
                    () = tokio::time::sleep(FRAME) => {}
                }
                screen.draw(context, &last)?;
            }
        }
        let lines = content(view, SPINNER_MARK, paint);
        let asked = Instant::now();
        while asked.elapsed() < PAUSE {
            screen.draw(context, &lines)?;
            tokio::select! {
                key = keys.told.recv() => if screen.takes(&lines, key.as_ref()) { return Ok(Ended::ByUser) },
                () = tokio::time::sleep(FRAME) => {}
            }
        }
    }
}

/// Stands in the lines where the spinner turns.
const SPINNER_MARK: char = '\u{e000}';

fn content(view: &View<'_>, spinner: char, paint: Paint) -> Vec<String> {
    let mut lines = match (&view.tree, view.info) {
        (None, None) => vec!["Waiting for initial data".to_owned()],
        (tree, _) => tree.as_ref().map(|tree| tree.tree(spinner, paint)).unwrap_or_default(),
    };
    lines.extend(view.info.map(str::to_owned));
    lines
}

/// What of the lines is seen.
struct Screen {
    /// The first of them.
    top: usize,
    frame: usize,
}

impl Screen {
    /// Acts on a key. True if it ends the watch.
    fn takes(&mut self, lines: &[String], key: Option<&Key>) -> bool {
        match key {
            Some(Key::Char('q')) => return true,
            Some(Key::ArrowUp) => self.top = self.top.saturating_sub(1),
            Some(Key::ArrowDown) => self.top += 1,
            _ => {}
        }
        let (rows, columns) = size();
        let all: usize = lines.iter().map(|line| wrap(line, columns).len()).sum();
        self.top = self.top.min(all.saturating_sub(rows));
        false
    }

    fn draw(&mut self, context: &Context, lines: &[String]) -> CommandResult {
        let (rows, columns) = size();
        let spinner = SPINNER[self.frame % SPINNER.len()];
        self.frame += 1;
        let turned = |line: &String| line.replace(SPINNER_MARK, &spinner.to_string());
        let wrapped: Vec<String> = lines.iter().flat_map(|line| wrap(&turned(line), columns)).collect();
        self.top = self.top.min(wrapped.len().saturating_sub(rows));
        let mut text = String::from("\x1b[H");
        for row in 0..rows {
            text += wrapped.get(self.top + row).map(String::as_str).unwrap_or_default();
            text += "\x1b[K\r\n";
        }
        context.ui.out(format_args!(
            "{text}Getting updates... {spinner} | up/down to scroll, q to quit{RESET}\x1b[K"
        ))
    }
}

/// Rows for lines, above the one that tells what keys do; and columns.
fn size() -> (usize, usize) {
    let (rows, columns) = Term::stdout().size();
    (usize::from(rows).saturating_sub(1).max(1), usize::from(columns).max(1))
}

/// A line in pieces that fit. Colours go on in the next piece.
fn wrap(line: &str, columns: usize) -> Vec<String> {
    let (mut pieces, mut piece, mut width, mut color) = (Vec::new(), String::new(), 0, String::new());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\x1b' {
            let code: String = std::iter::once('\x1b')
                .chain(characters.by_ref().take_while(|c| *c != 'm'))
                .chain(['m'])
                .collect();
            piece += &code;
            color = if code == RESET { String::new() } else { code };
            continue;
        }
        if width == columns {
            piece += RESET;
            pieces.push(std::mem::replace(&mut piece, color.clone()));
            width = 0;
        }
        piece.push(character);
        width += 1;
    }
    pieces.push(piece);
    pieces
}

/// Keys as they are pressed.
struct Keys {
    told: mpsc::UnboundedReceiver<Key>,
    /// A channel that nobody can write to would be asked again and again.
    _open: mpsc::UnboundedSender<Key>,
}

/// The thread that reads them ends with the process.
fn keys(context: &Context) -> Keys {
    let (tell, told) = mpsc::unbounded_channel();
    if context.ui.stdin_is_terminal() {
        let tell = tell.clone();
        std::thread::spawn(move || {
            let term = Term::stdout();
            while let Ok(key) = term.read_key() {
                if tell.send(key).is_err() {
                    return;
                }
            }
        });
    }
    Keys { told, _open: tell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_and_keep_their_colour() {
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("abc", 3), ["abc"]);
        assert_eq!(wrap("abcd", 3), ["abc\x1b[0m", "d"]);
        assert_eq!(wrap("a\x1b[31mbcd\x1b[0m", 3), ["a\x1b[31mbc\x1b[0m", "\x1b[31md\x1b[0m"]);
    }
}
