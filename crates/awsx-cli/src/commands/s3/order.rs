//! Puts results into the order of their tasks, as far as that needs no waiting worth mentioning.
//!
//! Tasks are done side by side. Where those of a short list end within moments of each other, their lines come in the
//! same order each time; where one takes long, the others' lines do not wait for it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a result waits for those before it.
const PATIENCE: Duration = Duration::from_millis(50);
/// How many wait at most.
const MOST: usize = 256;

#[derive(Debug)]
pub(super) struct InOrder<T> {
    /// The number whose result comes next.
    next: u64,
    held: BTreeMap<u64, Option<T>>,
    since: Option<Instant>,
}

impl<T> InOrder<T> {
    pub(super) fn new() -> Self {
        Self { next: 0, held: BTreeMap::new(), since: None }
    }

    /// Takes the result of a task, none if there is nothing to tell, and gives what is due.
    pub(super) fn take(&mut self, number: u64, result: Option<T>, now: Instant) -> Vec<T> {
        if number < self.next {
            // Those after it have not waited.
            return result.into_iter().collect();
        }
        self.held.insert(number, result);
        let mut due = Vec::new();
        while let Some(result) = self.held.remove(&self.next) {
            self.next += 1;
            due.extend(result);
        }
        if self.held.len() > MOST {
            due.extend(self.take_all());
        }
        self.since =
            if self.held.is_empty() { None } else { self.since.filter(|_| due.is_empty()).or(Some(now)) };
        due
    }

    /// How long until something has waited long enough; none if nothing waits.
    pub(super) fn patience(&self, now: Instant) -> Option<Duration> {
        Some(PATIENCE.saturating_sub(now - self.since?))
    }

    /// Everything that waits.
    pub(super) fn take_all(&mut self) -> Vec<T> {
        self.since = None;
        if let Some((last, _)) = self.held.last_key_value() {
            self.next = last + 1;
        }
        std::mem::take(&mut self.held).into_values().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_unless_one_takes_long() {
        let now = Instant::now();
        let mut order = InOrder::new();
        assert!(order.take(2, Some('c'), now).is_empty());
        assert!(order.take(1, None, now).is_empty());
        assert_eq!(order.take(0, Some('a'), now), ['a', 'c']);
        assert_eq!(order.patience(now), None);
        assert!(order.take(5, Some('f'), now).is_empty());
        assert!(order.take(4, Some('e'), now).is_empty());
        assert_eq!(order.patience(now + PATIENCE), Some(Duration::ZERO));
        assert_eq!(order.take_all(), ['e', 'f']);
        assert_eq!(order.take(3, Some('d'), now), ['d'], "a late one is told at once");
        assert_eq!(order.take(6, Some('g'), now), ['g']);
    }

    #[test]
    fn no_more_than_some_wait() {
        let now = Instant::now();
        let mut order = InOrder::new();
        let due: usize = (1..=300).map(|number| order.take(number, Some(number), now).len()).sum();
        assert!(due > MOST, "{due}");
    }
}
