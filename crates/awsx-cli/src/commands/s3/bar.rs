//! Progress on a terminal: bytes, rate, files, time left, in one line that lines of results push down.

use std::sync::atomic::Ordering;

use awsx_s3::transfer::Tally;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        let style = "{bytes}/{total_bytes} {wide_bar} {bytes_per_sec} {msg} {eta}";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well formed"));
        Self(bar)
    }

    /// Shows how far it has come.
    pub(super) fn update(&self, tally: &Tally, told: u64) {
        let remaining = tally.expected_tasks.load(Ordering::Relaxed).saturating_sub(told);
        let about = if tally.is_planned.load(Ordering::Relaxed) { "" } else { "+" };
        self.0.set_length(tally.expected_bytes.load(Ordering::Relaxed));
        self.0.set_position(tally.moved.bytes() + tally.failed_bytes.load(Ordering::Relaxed));
        self.0.set_message(format!("{remaining}{about} file(s) left"));
    }

    /// Takes the bar away while something else is written.
    pub(super) fn suspend(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }

    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }
}
