//! How an object is cut into parts.

use std::ops::Range;

const MIB: u64 = 1024 * 1024;
/// S3's limits.
const MOST_PARTS: u64 = 10_000;
const SMALLEST: u64 = 5 * MIB;
const LARGEST: u64 = 5 * 1024 * MIB;
/// Parts in a run at most: what hangs on one connection.
const LONGEST_RUN: usize = 16;

/// Parts of one size, the last of which may be smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartPlan {
    /// The whole.
    pub size: u64,
    /// A part.
    pub part_size: u64,
}

impl PartPlan {
    /// Parts of about `wanted` bytes, within what S3 takes: 5 MiB to 5 GiB each, 10,000 at most.
    pub fn new(size: u64, wanted: u64) -> Self {
        let mut part_size = wanted.max(1);
        while size.div_ceil(part_size) > MOST_PARTS {
            part_size *= 2;
        }
        Self { size, part_size: part_size.clamp(SMALLEST, LARGEST) }
    }

    /// How many.
    pub fn count(self) -> usize {
        usize::try_from(self.size.div_ceil(self.part_size)).unwrap_or(usize::MAX).max(1)
    }

    /// Where the part with this index begins, and how long it is.
    pub fn part(self, index: usize) -> (u64, u64) {
        let offset = index as u64 * self.part_size;
        (offset, self.part_size.min(self.size - offset))
    }

    /// Runs of neighbours, for requests that can be for several parts at once. Each is a fair share of what is left, so
    /// that servers have few requests and all lanes end at about the same time; the first are the longest.
    pub(super) fn runs(self, lanes: usize) -> Vec<Range<usize>> {
        let (count, mut begin, mut runs) = (self.count(), 0, Vec::new());
        while begin < count {
            let length = ((count - begin) / lanes.max(1)).clamp(1, LONGEST_RUN);
            runs.push(begin..begin + length);
            begin += length;
        }
        runs
    }

    /// Each part by itself.
    pub(super) fn singles(self) -> Vec<Range<usize>> {
        (0..self.count()).map(|index| index..index + 1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_whole_and_keep_s3_s_limits() {
        let plan = PartPlan::new(17 * MIB, 8 * MIB);
        assert_eq!(plan.count(), 3);
        assert_eq!(
            (0..3).map(|index| plan.part(index)).collect::<Vec<_>>(),
            [(0, 8 * MIB), (8 * MIB, 8 * MIB), (16 * MIB, MIB)]
        );
        assert_eq!(PartPlan::new(8 * MIB, 8 * MIB).count(), 1);
        assert_eq!(PartPlan::new(8 * MIB + 1, 8 * MIB).count(), 2);
        assert_eq!(PartPlan::new(20 * MIB, MIB).part_size, SMALLEST);
        assert_eq!(PartPlan::new(1 << 50, u64::MAX / 4).part_size, LARGEST);
        assert_eq!(PartPlan::new(0, 8 * MIB).count(), 1);
        let large = PartPlan::new(5 << 40, 8 * MIB);
        assert!(large.count() <= 10_000 && large.part_size == 1024 * MIB, "{large:?}");
        let whole: u64 = (0..large.count()).map(|index| large.part(index).1).sum();
        assert_eq!(whole, 5 << 40);
    }

    #[test]
    fn runs_are_fair_shares_of_what_is_left() {
        let plan = PartPlan::new(1024 * MIB, 8 * MIB);
        let runs = plan.runs(10);
        let lengths: Vec<usize> = runs.iter().map(Range::len).collect();
        assert_eq!(lengths[..10], [12, 11, 10, 9, 8, 7, 7, 6, 5, 5]);
        assert_eq!(lengths.iter().sum::<usize>(), 128);
        assert_eq!((runs.len(), lengths.iter().rev().take(19).max()), (39, Some(&1)));
        assert!(runs.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(plan.runs(1).len(), 8, "no connection has too much");
        assert_eq!(PartPlan::new(0, MIB).runs(10).len(), 1, "of nothing too");
        assert_eq!(PartPlan::new(17 * MIB, 8 * MIB).singles(), [0..1, 1..2, 2..3]);
    }
}
