//! How many requests are under way at once: as many as do good, fewer when S3 asks for it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

/// Between two reductions: one request for less comes to many at once.
const SETTLE: Duration = Duration::from_secs(1);

/// The number of lanes that may work.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Rights for lanes beyond those that began with one.
    spare: Arc<Semaphore>,
    limit: usize,
    most: usize,
    /// Rights that working lanes have to give back.
    owed: usize,
    slowed: Option<Instant>,
    round: Option<Round>,
    /// What the best round made of its time, in jobs per second.
    best: f64,
    /// Rounds without a gain.
    idle_rounds: u32,
}

#[derive(Debug)]
struct Round {
    began: Instant,
    done: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            spare: Arc::new(Semaphore::new(0)),
            limit: 0,
            most: 0,
            owed: 0,
            slowed: None,
            round: None,
            best: 0.0,
            idle_rounds: 0,
        }
    }
}

impl Pace {
    /// Begins with `first` lanes that have a right each; there may come to be `most`.
    pub(crate) fn begin(&self, first: usize, most: usize) {
        let mut state = self.state.lock().expect("no holder panics");
        *state = State { limit: first, most: most.max(first), ..State::default() };
    }

    /// Waits for a right to work.
    pub(crate) async fn join(&self) {
        let spare = self.state.lock().expect("no holder panics").spare.clone();
        // One that is closed lets everybody through: there is nothing left to do.
        if let Ok(right) = spare.acquire().await {
            right.forget();
        }
    }

    /// Nothing is left to do: nobody waits any longer.
    pub(crate) fn end(&self) {
        self.state.lock().expect("no holder panics").spare.close();
    }

    /// Whether a lane that has done so many jobs keeps its right; if not, it has to [`Self::join`] again.
    pub(crate) fn may_go_on(&self, jobs: usize) -> bool {
        let mut state = self.state.lock().expect("no holder panics");
        if state.owed > 0 {
            state.owed -= 1;
            return false;
        }
        let more = state.after_jobs(jobs, Instant::now());
        if more > 0 {
            state.spare.add_permits(more);
        }
        true
    }

    /// S3 asks to come slower: half as many, at most once in a while.
    pub(crate) fn slow_down(&self) {
        let mut state = self.state.lock().expect("no holder panics");
        let now = Instant::now();
        if state.slowed.is_some_and(|slowed| now - slowed < SETTLE) {
            return;
        }
        state.slowed = Some(now);
        let less = state.limit / 2;
        state.limit -= less;
        state.owed += less;
        (state.round, state.best, state.idle_rounds) = (None, 0.0, 0);
    }
}

impl State {
    /// Counts jobs, and gives the number of lanes to add: a round that did better than those before earns a quarter
    /// more, and after some rounds that did not, one more is tried.
    fn after_jobs(&mut self, jobs: usize, now: Instant) -> usize {
        if self.limit >= self.most || self.owed > 0 {
            return 0;
        }
        let round = self.round.get_or_insert(Round { began: now, done: 0 });
        round.done += jobs;
        if round.done < 4 * self.limit {
            return 0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        let rate = round.done as f64 / (now - round.began).as_secs_f64().max(1e-6);
        self.round = None;
        let recovering = self.slowed.is_some_and(|slowed| now - slowed < 10 * SETTLE);
        let more = if recovering {
            1
        } else if rate > self.best * 1.1 {
            (self.limit / 4).max(1)
        } else {
            self.idle_rounds += 1;
            usize::from(self.idle_rounds.is_multiple_of(32))
        };
        self.best = self.best.max(rate);
        let more = more.min(self.most - self.limit);
        self.limit += more;
        more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_down_halves_and_good_rounds_add() {
        let pace = Pace::default();
        pace.begin(10, 64);
        pace.slow_down();
        pace.slow_down();
        let kept = (0..10).filter(|_| pace.may_go_on(1)).count();
        assert_eq!(kept, 5, "one request for less counts once");

        let mut state = State { limit: 8, most: 64, ..State::default() };
        let mut now = Instant::now();
        let mut added = 0;
        for _ in 0..32 {
            now += Duration::from_millis(1);
            added += state.after_jobs(1, now);
        }
        assert_eq!(added, 2, "the first round is the best so far");
        for _ in 0..40 {
            now += Duration::from_millis(10);
            added += state.after_jobs(1, now);
        }
        assert_eq!(added, 2, "a slower round earns nothing");
    }
}
