//! What repeats cost: a service in trouble is not asked ever more often.

use std::sync::{Mutex, PoisonError};

/// What repeats may cost until there are successes again.
#[derive(Debug)]
pub(super) struct Budget(Mutex<u32>);

const WHOLE: u32 = 500;

impl Default for Budget {
    fn default() -> Self {
        Self(Mutex::new(WHOLE))
    }
}

impl Budget {
    /// Takes the cost of a repeat; none where too little is left.
    pub(super) fn take(&self, cost: u32) -> Option<()> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.checked_sub(cost)?;
        Some(())
    }

    pub(super) fn give_back(&self, amount: u32) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.saturating_add(amount).min(WHOLE);
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
    }
}
