//! What people see of transfers: AWS CLI's lines and its progress.

use std::io::{BufWriter, Stdout, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use awsx_s3::plan::Task;
use awsx_s3::transfer::{Event, Tally};

use super::bar::Bar;
use super::order::InOrder;
use super::results::{self, ResultLine, Status};
use super::size::human;
use crate::ui::Ui;

/// How often progress is looked at.
const TICK: Duration = Duration::from_millis(100);

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    /// Nothing.
    Nothing,
    /// What goes wrong.
    Errors,
    /// That, and what is done.
    Lines,
    /// That, and how far it has come: every so often, each on a line of its own or over the one before.
    Progress { every: Duration, multiline: bool },
}

/// In which form results are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// AWS CLI's lines.
    Lines,
    /// One object of JSON for each result; what concerns no single task is told of both ends of the command.
    Json { operation: &'static str, source: String, destination: Option<String> },
}

/// What came of it all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) failed: u64,
    pub(super) warned: u64,
    pub(super) interrupted: bool,
}

impl Outcome {
    /// AWS CLI's code.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self { interrupted: true, .. } => 130,
            Self { failed: 1.., .. } => 1,
            Self { warned: 1.., .. } => 2,
            _ => 0,
        }
    }
}

/// Shows events as they come.
pub(super) struct Printer {
    ui: Ui,
    show: Show,
    form: Form,
    folder: PathBuf,
    moves: bool,
    tally: Arc<Tally>,
    out: BufWriter<Stdout>,
    bar: Option<Bar>,
    outcome: Outcome,
    /// Tasks told of.
    told: u64,
    began: Instant,
    last_progress: Option<Instant>,
    /// What the progress on the screen shows, and how long it is.
    shown_bytes: Option<u64>,
    progress_length: usize,
    /// Nothing more is shown once the end is told.
    is_over: bool,
}

impl Printer {
    pub(super) fn new(
        ui: Ui,
        (show, form): (Show, Form),
        folder: PathBuf,
        moves: bool,
        tally: Arc<Tally>,
    ) -> Self {
        let is_plain = matches!(show, Show::Progress { multiline: false, .. });
        let bar = (is_plain && ui.stdout_is_terminal()).then(Bar::new);
        Self {
            ui,
            show,
            form,
            folder,
            moves,
            tally,
            out: BufWriter::with_capacity(32 * 1024, std::io::stdout()),
            bar,
            outcome: Outcome::default(),
            told: 0,
            began: Instant::now(),
            last_progress: None,
            shown_bytes: None,
            progress_length: 0,
            is_over: false,
        }
    }

    /// Shows events until there are no more.
    pub(super) fn run(mut self, events: &Receiver<Event>) -> Outcome {
        let mut order = InOrder::new();
        loop {
            match self.next(events, &order) {
                Ok(
                    event @ (Event::Done(number, ..) | Event::Failed(number, ..) | Event::Passed(number, _)),
                ) => {
                    self.take_all(order.take(number, Some(event), Instant::now()));
                }
                Ok(event @ (Event::Fatal(_) | Event::Interrupted)) => {
                    self.take_all(order.take_all());
                    self.take(event);
                }
                Ok(event) => self.take(event),
                Err(RecvTimeoutError::Timeout) => {
                    if order.patience(Instant::now()).is_some_and(|patience| patience.is_zero()) {
                        self.take_all(order.take_all());
                    }
                    self.tick();
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.take_all(order.take_all());
        let _ = self.out.flush();
        if let Some(bar) = &self.bar {
            bar.clear();
        }
        self.outcome
    }

    /// The next event; waits no longer than lines or progress can.
    fn next(&mut self, events: &Receiver<Event>, order: &InOrder<Event>) -> Result<Event, RecvTimeoutError> {
        if let Ok(event) = events.try_recv() {
            return Ok(event);
        }
        // Who reads along sees all there is, before more is waited for. One that is gone is no matter.
        let _ = self.out.flush();
        let tick = matches!(self.show, Show::Progress { .. }).then_some(TICK);
        match order.patience(Instant::now()).into_iter().chain(tick).min() {
            Some(longest) => events.recv_timeout(longest),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn take_all(&mut self, events: Vec<Event>) {
        for event in events {
            self.take(event);
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Done(_, task, stored) => {
                self.before_result();
                self.told += 1;
                match self.form {
                    Form::Lines => self.line(&self.describe(&task, "")),
                    Form::Json { .. } => {
                        self.object(|printer| printer.result(&task, Status::Done).with(stored));
                    }
                }
                self.after_result();
            }
            Event::Passed(_, task) => {
                self.told += 1;
                self.skipped(&task);
            }
            Event::Skipped(task) => self.skipped(&task),
            Event::DryRun(task) => match self.form {
                // AWS CLI says it even where only errors are shown.
                Form::Lines => self.line(&format!("(dryrun) {}", self.describe(&task, ""))),
                Form::Json { .. } if self.show == Show::Errors => {}
                Form::Json { .. } => self.object(|printer| printer.result(&task, Status::Dryrun)),
            },
            Event::Failed(_, task, error) => {
                self.told += 1;
                self.outcome.failed += 1;
                self.object(|printer| printer.result(&task, Status::Failed).failed((&error).into()));
                let text = format!("{} {}", self.describe(&task, " failed"), results::words_of_task(&error));
                self.error_line(&text);
                self.after_result();
            }
            Event::Warned(warning) => {
                self.outcome.warned += 1;
                self.object(|printer| printer.whole().warned(&warning, &printer.folder));
                self.error_line(&warning.text);
                self.after_result();
            }
            Event::Noted(text) => self.ui.err(format_args!("{text}")),
            Event::Planned => {
                if self.progress_length > 0 && !self.has_more() {
                    self.line("");
                }
            }
            Event::Fatal(problem) => {
                self.outcome.failed += 1;
                self.object(|printer| printer.whole().failed((&problem).into()));
                self.error_line(&format!("fatal error: {}", results::words_of_plan(&problem)));
                self.is_over = true;
            }
            Event::Interrupted => {
                self.outcome.interrupted = true;
                self.error_line("cancelled: ctrl-c received");
                self.is_over = true;
            }
        }
    }

    fn describe(&self, task: &Task, state: &str) -> String {
        let label = task.label(&self.folder, self.moves);
        format!("{}{state}: {label}", label.verb.as_str())
    }

    fn skipped(&mut self, task: &Task) {
        if matches!(self.show, Show::Lines | Show::Progress { .. }) {
            self.object(|printer| printer.result(task, Status::Skipped));
        }
    }

    fn result(&self, task: &Task, status: Status) -> ResultLine {
        ResultLine::of(task, &self.folder, self.moves, status)
    }

    /// What concerns the command, not one of its tasks.
    fn whole(&self) -> ResultLine {
        match &self.form {
            Form::Lines => ResultLine::new("", None, None),
            Form::Json { operation, source, destination } => {
                ResultLine::new(operation, Some(source.clone()), destination.clone())
            }
        }
    }

    /// An object of JSON, where results are told so.
    fn object(&mut self, result: impl FnOnce(&Self) -> ResultLine) {
        if self.is_over || self.show == Show::Nothing || self.form == Form::Lines {
            return;
        }
        let line = results::line(&result(self));
        let _ = self.out.write_all(line.as_bytes());
    }

    /// A line of data, long enough to hide the progress before it.
    fn line(&mut self, text: &str) {
        if self.is_over || self.show == Show::Nothing {
            return;
        }
        if let Some(bar) = &self.bar {
            let out = &mut self.out;
            bar.suspend(|| {
                let _ = writeln!(out, "{text}");
                let _ = out.flush();
            });
            return;
        }
        let _ = writeln!(self.out, "{text:<width$}", width = self.progress_length);
        self.progress_length = 0;
    }

    fn error_line(&mut self, text: &str) {
        if self.is_over || self.show == Show::Nothing {
            return;
        }
        // In the order in which they happened, where both go to one place.
        let _ = self.out.flush();
        let ui = self.ui;
        match &self.bar {
            Some(bar) => bar.suspend(|| ui.err(format_args!("{text}\n"))),
            None => ui.err(format_args!("{text:<width$}\n", width = self.progress_length)),
        }
        self.progress_length = 0;
    }

    /// AWS CLI shows how far a file has come before it says that it is there.
    fn before_result(&mut self) {
        let moved = self.tally.moved.bytes();
        if moved > 0 && self.shown_bytes != Some(moved) {
            self.progress();
        }
    }

    fn after_result(&mut self) {
        if self.has_more() {
            self.progress();
        }
    }

    fn tick(&mut self) {
        let moved = self.tally.moved.bytes();
        if self.has_more() && moved > 0 && self.shown_bytes != Some(moved) {
            self.progress();
            let _ = self.out.flush();
        }
    }

    fn has_more(&self) -> bool {
        !self.tally.is_planned.load(Ordering::Relaxed)
            || self.told != self.tally.expected_tasks.load(Ordering::Relaxed)
    }

    fn progress(&mut self) {
        let Show::Progress { every, multiline } = self.show else { return };
        if self.is_over {
            return;
        }
        let now = Instant::now();
        if let Some(bar) = &self.bar {
            bar.update(&self.tally, self.told);
            return;
        }
        if self.last_progress.is_some_and(|last| now - last < every) {
            return;
        }
        self.last_progress = Some(now);
        self.shown_bytes = Some(self.tally.moved.bytes());
        let text = progress_text(&self.tally, self.told, now - self.began);
        let end = if multiline { '\n' } else { '\r' };
        let _ = write!(self.out, "{text:<width$}{end}", width = self.progress_length);
        self.progress_length = if multiline { 0 } else { text.chars().count().max(self.progress_length) };
    }
}

/// `Completed 6 Bytes/~6 Bytes (783 Bytes/s) with ~1 file(s) remaining (calculating...)`
fn progress_text(tally: &Tally, told: u64, elapsed: Duration) -> String {
    let is_planned = tally.is_planned.load(Ordering::Relaxed);
    let about = if is_planned { "" } else { "~" };
    let remaining = tally.expected_tasks.load(Ordering::Relaxed).saturating_sub(told);
    let expected = tally.expected_bytes.load(Ordering::Relaxed);
    let calculating = if is_planned { "" } else { " (calculating...)" };
    if expected == 0 {
        return format!("Completed {told} file(s) with {about}{remaining} file(s) remaining{calculating}");
    }
    let moved = tally.moved.bytes();
    let completed = (moved + tally.failed_bytes.load(Ordering::Relaxed)).min(expected);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is shown in three digits"
    )]
    let rate = (moved as f64 / elapsed.as_secs_f64().max(1e-6)) as u64;
    format!(
        "Completed {}/{about}{} ({}/s) with {about}{remaining} file(s) remaining{calculating}",
        human(completed),
        human(expected),
        human(rate)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_aws_cli_s_words() {
        let tally = Tally::default();
        tally.expected_tasks.store(3, Ordering::Relaxed);
        let second = Duration::from_secs(1);
        assert_eq!(
            progress_text(&tally, 1, second),
            "Completed 1 file(s) with ~2 file(s) remaining (calculating...)"
        );
        tally.expected_bytes.store(2048, Ordering::Relaxed);
        tally.moved.add(6);
        assert_eq!(
            progress_text(&tally, 2, second),
            "Completed 6 Bytes/~2.0 KiB (6 Bytes/s) with ~1 file(s) remaining (calculating...)"
        );
        tally.is_planned.store(true, Ordering::Relaxed);
        assert_eq!(
            progress_text(&tally, 2, second),
            "Completed 6 Bytes/2.0 KiB (6 Bytes/s) with 1 file(s) remaining"
        );
    }

    #[test]
    fn the_exit_code_tells_the_worst() {
        let code = |failed, warned, interrupted| Outcome { failed, warned, interrupted }.exit_code();
        assert_eq!(
            [code(0, 0, false), code(0, 2, false), code(3, 2, false), code(3, 2, true)],
            [0, 2, 1, 130]
        );
    }
}
