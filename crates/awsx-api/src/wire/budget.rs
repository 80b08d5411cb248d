//! What repeats cost: a service in trouble is not asked ever more often.

use std::sync::atomic::{AtomicU32, Ordering};

/// What repeats may cost until there are successes again.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

const WHOLE: u32 = 500;

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(WHOLE))
    }
}

impl Budget {
    /// Takes the cost of a repeat; none where too little is left.
    pub(super) fn take(&self, cost: u32) -> Option<()> {
        self.change(|left| left.checked_sub(cost))
    }

    pub(super) fn give_back(&self, amount: u32) {
        // Most successes have nothing to fill up, and should not get in each other's way.
        if self.0.load(Ordering::Relaxed) < WHOLE {
            self.change(|left| Some(left.saturating_add(amount).min(WHOLE)));
        }
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> Option<()> {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).ok().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_repeats_use_it_up_and_successes_fill_it_again() {
        let budget = Budget::default();
        for _ in 0..100 {
            budget.take(5).unwrap();
        }
        assert_eq!(budget.take(5), None);
        budget.give_back(5);
        assert_eq!(budget.take(5), Some(()));
        budget.give_back(WHOLE);
        budget.give_back(WHOLE);
        assert_eq!(budget.take(WHOLE + 1), None);
    }
}
