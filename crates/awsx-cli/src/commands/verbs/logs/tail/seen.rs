//! Which events were shown. A question from the newest event's time on brings that event again, and others of the same
//! millisecond that are new.

use std::collections::{BTreeMap, HashSet};

use super::line::Event;

/// The ids of events by their time.
#[derive(Default)]
pub(super) struct Seen(BTreeMap<i64, HashSet<String>>);

impl Seen {
    /// Whether it is the first time that this event comes; from then on it was seen.
    pub(super) fn is_new(&mut self, event: &Event) -> bool {
        self.0.entry(event.milliseconds).or_default().insert(event.id.clone())
    }

    /// The time of the newest event.
    pub(super) fn newest(&self) -> Option<i64> {
        self.0.last_key_value().map(|(time, _)| *time)
    }

    /// Keeps the newest events alone, so that memory does not grow.
    pub(super) fn forget_older(&mut self) {
        if let Some(newest) = self.newest() {
            self.0 = self.0.split_off(&newest);
        }
    }
}
