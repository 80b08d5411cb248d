//! What is on the screen: events that come from below, terms in colours, a line for typing, and what is known of the session.
//!
//! The keys are AWS CLI's.

use std::collections::VecDeque;

use console::{Key, measure_text_width};

use super::super::tail::indented;

/// How many events are kept.
const KEPT: usize = 1000;
/// How far a fast scroll goes.
const FAST: usize = 20;
/// How many terms there may be.
const MOST_TERMS: usize = 5;
/// The rows below the events.
const FOOT: usize = 5;

/// Cyan, magenta, blue, light yellow, light green.
const COLORS: [&str; MOST_TERMS] = ["\x1b[36m", "\x1b[35m", "\x1b[34m", "\x1b[93m", "\x1b[92m"];
/// What is coloured without being asked for.
const SEVERITIES: [(&str, &str); 3] = [("error", "\x1b[31m"), ("info", "\x1b[32m"), ("warn", "\x1b[33m")];
const GREEN: &str = "\x1b[32m";
const RESET: &str = "\x1b[0m";

/// The size of the terminal in characters.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// What comes of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    Stay,
    Leave,
}

#[derive(Default)]
pub(super) struct Screen {
    events: VecDeque<String>,
    /// Not as JSON.
    is_plain: bool,
    terms: Vec<Term>,
    typing: Typing,
    /// How many rows the last one shown is above the last one there is.
    above: usize,
    /// How many rows there were when the screen was drawn.
    rows: usize,
    /// How many rows of events it had.
    window: usize,
    this_second: usize,
    last_second: usize,
    sampled: bool,
}

struct Term {
    /// In small letters.
    text: String,
    color: &'static str,
}

/// What keys mean.
#[derive(Default, PartialEq, Eq)]
enum Typing {
    /// Each is a command.
    #[default]
    Nothing,
    /// They are letters of a term.
    Term(String),
    /// They choose the term that is to go.
    Which,
}

/// A character and its colour.
type Cell = (char, Option<&'static str>);

impl Screen {
    /// Takes new events in.
    pub(super) fn take(&mut self, messages: Vec<String>, sampled: bool) {
        self.this_second += messages.len();
        self.sampled = sampled;
        self.events.extend(messages);
        // While somebody reads older ones, none of those may go.
        let surplus = self.events.len().saturating_sub(if self.above > 0 { KEPT * 10 } else { KEPT });
        self.events.drain(..surplus);
    }

    /// Starts to count the events of the next second.
    pub(super) fn end_second(&mut self) {
        self.last_second = std::mem::take(&mut self.this_second);
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        if key == Key::CtrlC {
            return Pressed::Leave;
        }
        match (&mut self.typing, key) {
            (Typing::Nothing, Key::Escape) => return Pressed::Leave,
            (_, Key::Escape) => self.typing = Typing::Nothing,
            (_, Key::ArrowUp) => self.scroll_up(1),
            (_, Key::ArrowDown) => self.above = self.above.saturating_sub(1),
            (_, Key::Char('\u{15}')) => self.scroll_up(FAST),
            (_, Key::Char('\u{4}')) => self.above = self.above.saturating_sub(FAST),
            (Typing::Nothing, Key::Char('h')) if self.terms.len() < MOST_TERMS => {
                self.typing = Typing::Term(String::new());
            }
            (Typing::Nothing, Key::Char('c')) if !self.terms.is_empty() => self.typing = Typing::Which,
            (Typing::Nothing, Key::Char('t')) => self.is_plain = !self.is_plain,
            (Typing::Nothing, Key::Char('q')) => self.above = 0,
            (Typing::Term(term), Key::Char(letter)) if !letter.is_control() => term.push(letter),
            (Typing::Term(term), Key::Backspace) => {
                term.pop();
            }
            (Typing::Term(term), Key::Enter) => {
                let term = term.trim().to_lowercase();
                self.add(term);
                self.typing = Typing::Nothing;
            }
            (Typing::Which, Key::Enter) => {
                self.terms.clear();
                self.typing = Typing::Nothing;
            }
            (Typing::Which, Key::Char(digit)) => {
                let which = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
                if let Some(which) = which.filter(|which| *which < self.terms.len()) {
                    self.terms.remove(which);
                    self.typing = Typing::Nothing;
                }
            }
            _ => {}
        }
        Pressed::Stay
    }

    fn scroll_up(&mut self, rows: usize) {
        self.above = (self.above + rows).min(self.rows.saturating_sub(self.window));
    }

    fn add(&mut self, text: String) {
        if text.is_empty() || self.terms.iter().any(|term| term.text == text) {
            return;
        }
        let is_free = |color: &&&'static str| !self.terms.iter().any(|term| term.color == **color);
        if let Some(color) = COLORS.iter().find(is_free).copied() {
            self.terms.push(Term { text, color });
        }
    }

    /// The screen from top to bottom, `seconds` after the session began.
    pub(super) fn lines(&mut self, size: Size, seconds: u64) -> Vec<String> {
        let columns = size.columns.max(20);
        let colored: Vec<Vec<Cell>> = self.events.iter().flat_map(|event| self.colored(event)).collect();
        let counts = self.terms.iter().map(|term| self.count(&term.text)).collect::<Vec<_>>();
        let rows: Vec<&[Cell]> = colored.iter().flat_map(|line| wrapped(line, columns)).collect();
        if self.above > 0 {
            // What is read stays where it is.
            self.above = (self.above + rows.len()).saturating_sub(self.rows);
        }
        self.rows = rows.len();
        self.window = size.rows.saturating_sub(FOOT).max(1);
        let end = rows.len() - self.above.min(rows.len());
        let shown = &rows[end.saturating_sub(self.window)..end];
        let mut lines: Vec<String> = shown.iter().map(|row| painted(row)).collect();
        lines.resize(self.window, String::new());
        let typed = if let Typing::Term(term) = &self.typing { term.as_str() } else { "" };
        lines.push("-".repeat(columns));
        lines.push(cut(&format!(">{typed}"), columns));
        lines.push(right(&self.session(&counts, seconds), columns));
        lines.push(cut(&self.instructions(), columns));
        lines.push(right(self.way_out(), columns));
        lines
    }

    /// The lines of an event, with its terms in their colours.
    fn colored(&self, event: &str) -> Vec<Vec<Cell>> {
        let json = if self.is_plain { None } else { indented(event) };
        let text = json.as_deref().unwrap_or(event);
        text.lines().map(|line| self.colored_line(line)).collect()
    }

    fn colored_line(&self, line: &str) -> Vec<Cell> {
        let line = line.replace('\t', "    ");
        // A log is strangers' text: none of it may command the terminal.
        let mut cells: Vec<Cell> = line
            .chars()
            .map(|character| (if character.is_control() { '\u{fffd}' } else { character }, None))
            .collect();
        let small: Vec<char> = cells.iter().map(|(character, _)| small(*character)).collect();
        let terms = self.terms.iter().map(|term| (term.text.as_str(), term.color));
        for (term, color) in SEVERITIES.into_iter().chain(terms) {
            let term: Vec<char> = term.chars().collect();
            for at in places(&small, &term) {
                cells[at..at + term.len()].iter_mut().for_each(|cell| cell.1 = Some(color));
            }
        }
        cells
    }

    fn count(&self, term: &str) -> usize {
        let term: Vec<char> = term.chars().collect();
        let in_event = |event: &String| {
            let text: Vec<char> = event.chars().map(small).collect();
            places(&text, &term).len()
        };
        self.events.iter().map(in_event).sum()
    }

    fn session(&self, counts: &[usize], seconds: u64) -> String {
        let term = |(term, count): (&Term, &usize)| {
            let text = match term.text.char_indices().nth(15) {
                Some(_) => term.text.chars().take(10).collect::<String>() + "...",
                None => term.text.clone(),
            };
            format!("{}{text}{RESET}: {count}", term.color)
        };
        let terms: Vec<String> = self.terms.iter().zip(counts).map(term).collect();
        format!(
            "Highlighted Terms: {{{}}}, {} events/sec, Sampled: {} | {:02}:{:02}:{:02}",
            terms.join(", "),
            self.last_second,
            if self.sampled { "Yes" } else { "No" },
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    }

    fn instructions(&self) -> String {
        match &self.typing {
            Typing::Term(_) => "Type Term and press ENTER".to_owned(),
            Typing::Which => {
                let terms = self.terms.iter().enumerate();
                let terms = terms.map(|(at, term)| format!("{}: {}    ", at + 1, term.text));
                terms.chain(["ENTER: All".to_owned()]).collect()
            }
            Typing::Nothing => {
                let green = |text: &str, is_on: bool| {
                    if is_on { format!("{GREEN}{text}{RESET}") } else { text.to_owned() }
                };
                let latest = if self.above > 0 { "    q: Scroll to latest" } else { "" };
                format!(
                    "h: Highlight Terms (MAX 5)    c: Clear Highlighted Terms    t: Toggle Formatting ({}/{})    \
                     up/down: Scroll    ctrl+u/ctrl+d: Fast Scroll{latest}",
                    green("JSON", !self.is_plain),
                    green("Plain text", self.is_plain)
                )
            }
        }
    }

    fn way_out(&self) -> &'static str {
        match self.typing {
            Typing::Nothing => "Esc: Exit",
            Typing::Term(_) => "Esc: Exit Highlight",
            Typing::Which => "Esc: Exit Clear",
        }
    }
}

/// In small letters, as long as it was.
fn small(character: char) -> char {
    let mut letters = character.to_lowercase();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter,
        _ => character,
    }
}

/// Where a term stands in a text.
fn places(text: &[char], term: &[char]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 0;
    while at + term.len() <= text.len() {
        if text[at..].starts_with(term) {
            places.push(at);
            at += term.len();
        } else {
            at += 1;
        }
    }
    places
}

/// A line in rows that fit.
fn wrapped(line: &[Cell], columns: usize) -> Vec<&[Cell]> {
    let mut rows = Vec::new();
    let mut start = 0;
    let mut width = 0;
    for (at, (character, _)) in line.iter().enumerate() {
        let more = if character.is_ascii() { 1 } else { measure_text_width(&character.to_string()) };
        if width + more > columns {
            rows.push(&line[start..at]);
            start = at;
            width = 0;
        }
        width += more;
    }
    rows.push(&line[start..]);
    rows
}

fn painted(row: &[Cell]) -> String {
    let mut text = String::new();
    let mut color = None;
    for (character, wanted) in row {
        if *wanted != color {
            text.push_str(if color.is_some() { RESET } else { "" });
            text.push_str(wanted.unwrap_or_default());
            color = *wanted;
        }
        text.push(*character);
    }
    text + if color.is_some() { RESET } else { "" }
}

fn cut(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns, "...").into_owned()
}

fn right(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    " ".repeat(columns.saturating_sub(measure_text_width(&text))) + &text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { rows: 9, columns: 40 };

    fn plain(screen: &mut Screen) -> Vec<String> {
        let lines = screen.lines(SIZE, 3723);
        lines.iter().map(|line| console::strip_ansi_codes(line).trim().to_owned()).collect()
    }

    fn press(screen: &mut Screen, keys: &str) {
        for key in keys.chars() {
            assert_eq!(screen.press(Key::Char(key)), Pressed::Stay);
        }
    }

    #[test]
    fn events_come_from_below_and_the_session_is_told() {
        let mut screen = Screen::default();
        screen.take(vec!["one".into(), "{\"a\": 1}".into()], true);
        screen.end_second();
        assert_eq!(
            plain(&mut screen),
            [
                "one",
                "{",
                "\"a\": 1",
                "}",
                "----------------------------------------",
                ">",
                "Highlighted Terms: {}, 2 events/sec, ...",
                "h: Highlight Terms (MAX 5)    c: Clea...",
                "Esc: Exit"
            ]
        );
        press(&mut screen, "t");
        assert_eq!(plain(&mut screen)[..3], ["one", "{\"a\": 1}", ""]);
        assert!(
            screen.lines(Size { rows: 9, columns: 200 }, 3723)[6]
                .ends_with("2 events/sec, Sampled: Yes | 01:02:03")
        );
    }

    #[test]
    fn terms_are_typed_coloured_counted_and_cleared() {
        let mut screen = Screen::default();
        screen.take(vec!["an Apple, an ERROR".into()], false);
        press(&mut screen, "hAPPLE");
        assert_eq!(plain(&mut screen)[5], ">APPLE");
        screen.press(Key::Enter);
        let lines = screen.lines(Size { rows: 9, columns: 200 }, 0);
        assert_eq!(lines[0], "an \x1b[36mApple\x1b[0m, an \x1b[31mERROR\x1b[0m");
        assert!(lines[6].contains("Highlighted Terms: {\x1b[36mapple\x1b[0m: 1}"), "{}", lines[6]);
        press(&mut screen, "c");
        assert_eq!(plain(&mut screen)[7], "1: apple    ENTER: All");
        press(&mut screen, "1");
        assert!(screen.terms.is_empty());
    }

    #[test]
    fn scrolling_holds_what_is_read() {
        let mut screen = Screen::default();
        screen.take((0..10).map(|number| format!("line {number}")).collect(), false);
        plain(&mut screen);
        screen.press(Key::ArrowUp);
        assert_eq!(plain(&mut screen)[..4], ["line 5", "line 6", "line 7", "line 8"]);
        screen.take(vec!["new".into()], false);
        assert_eq!(plain(&mut screen)[..4], ["line 5", "line 6", "line 7", "line 8"]);
        press(&mut screen, "\u{15}");
        assert_eq!(plain(&mut screen)[0], "line 0");
        press(&mut screen, "q");
        assert_eq!(plain(&mut screen)[3], "new");
    }

    #[test]
    fn logs_do_not_command_the_terminal_and_long_lines_go_on() {
        let mut screen = Screen::default();
        screen.take(vec![format!("\x1b[2J{}", "x".repeat(40))], false);
        let lines = screen.lines(SIZE, 0);
        assert_eq!(lines[0], format!("\u{fffd}[2J{}", "x".repeat(36)));
        assert_eq!(lines[1], "xxxx");
    }

    #[test]
    fn escape_leaves_what_is_typed_first() {
        let mut screen = Screen::default();
        press(&mut screen, "h");
        assert_eq!(screen.press(Key::Escape), Pressed::Stay);
        assert_eq!(screen.press(Key::Escape), Pressed::Leave);
        assert_eq!(screen.press(Key::CtrlC), Pressed::Leave);
    }
}
