//! How fast requests are made after a service asked for fewer: the adaptive mode's rate.
//!
//! The rate falls with each throttled answer and climbs again along a cubic curve, slowly near the rate at which the service
//! throttled last. The constants are those of AWS's other tools.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The share of the rate that is left after a throttled answer.
const LEFT_AFTER_THROTTLING: f64 = 0.7;
/// How steep the curve is.
const STEEPNESS: f64 = 0.4;
/// How much the newest measure counts.
const NEWEST: f64 = 0.8;
/// Requests in a second at least.
const SLOWEST: f64 = 0.5;

/// The pace of a client's requests; as fast as they come until an answer is throttled.
#[derive(Debug)]
pub(super) struct Rate(Mutex<State>);

#[derive(Debug)]
struct State {
    begun: Instant,
    throttled_before: bool,
    /// Requests that may be made now; negative where some are promised already.
    available: f64,
    most_available: f64,
    /// Requests in a second.
    rate: f64,
    filled: f64,
    measured: f64,
    measured_at: f64,
    count: f64,
    rate_when_throttled: f64,
    throttled_at: f64,
}

impl Default for Rate {
    fn default() -> Self {
        Self(Mutex::new(State {
            begun: Instant::now(),
            throttled_before: false,
            available: 0.0,
            most_available: 0.0,
            rate: 0.0,
            filled: 0.0,
            measured: 0.0,
            measured_at: 0.0,
            count: 0.0,
            rate_when_throttled: 0.0,
            throttled_at: 0.0,
        }))
    }
}

impl Rate {
    /// Waits until a request may be made.
    pub(super) async fn wait(&self) {
        let wait = self.0.lock().unwrap_or_else(PoisonError::into_inner).promise();
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Learns from an answer.
    pub(super) fn answered(&self, throttled: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).learn(throttled);
    }
}

impl State {
    fn now(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    fn promise(&mut self) -> Duration {
        if !self.throttled_before {
            return Duration::ZERO;
        }
        self.fill();
        self.available -= 1.0;
        Duration::from_secs_f64((-self.available / self.rate).max(0.0))
    }

    fn fill(&mut self) {
        let now = self.now();
        self.available = self.most_available.min(self.available + (now - self.filled) * self.rate);
        self.filled = now;
    }

    fn learn(&mut self, throttled: bool) {
        let now = self.now();
        self.measure(now);
        let wanted = if throttled {
            let rate = if self.throttled_before { self.measured.min(self.rate) } else { self.measured };
            self.rate_when_throttled = rate;
            self.throttled_at = now;
            self.throttled_before = true;
            rate * LEFT_AFTER_THROTTLING
        } else {
            let until_there = (self.rate_when_throttled * (1.0 - LEFT_AFTER_THROTTLING) / STEEPNESS).cbrt();
            STEEPNESS * (now - self.throttled_at - until_there).powi(3) + self.rate_when_throttled
        };
        self.fill();
        let rate = wanted.min(2.0 * self.measured);
        self.rate = rate.max(SLOWEST);
        self.most_available = rate.max(1.0);
        self.available = self.available.min(self.most_available);
    }

    /// Counts in half seconds.
    fn measure(&mut self, now: f64) {
        let half_second = (now * 2.0).floor() / 2.0;
        self.count += 1.0;
        if half_second > self.measured_at {
            let rate = self.count / (half_second - self.measured_at);
            self.measured = rate * NEWEST + self.measured * (1.0 - NEWEST);
            self.count = 0.0;
            self.measured_at = half_second;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_waits_until_an_answer_is_throttled() {
        let mut state = State { ..Rate::default().0.into_inner().unwrap() };
        state.learn(false);
        assert_eq!(state.promise(), Duration::ZERO);
        state.learn(true);
        state.promise();
        let wait = state.promise();
        assert!(wait > Duration::from_secs(1) && wait < Duration::from_secs(6), "{wait:?}");
    }
}
