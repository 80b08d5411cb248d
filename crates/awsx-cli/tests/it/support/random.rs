//! Numbers that look random and are the same in each run.

use std::time::Duration;

/// The same numbers in each run: what varies is the machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A time between half of `usual` and one and a half: a program starts first, and writes at its end.
    pub(crate) fn around(&mut self, usual: Duration) -> Duration {
        // Knuth's constants for a linear congruential generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usual / 2 + usual * u32::try_from(self.0 >> 48).unwrap() / (1 << 16)
    }
}
