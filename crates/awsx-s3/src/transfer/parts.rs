//! How an object is cut into parts.

const MIB: u64 = 1024 * 1024;
/// S3's limits.
const MOST_PARTS: u64 = 10_000;
const SMALLEST: u64 = 5 * MIB;
const LARGEST: u64 = 5 * 1024 * MIB;

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
}
