//! Whether what is at both ends is to be transferred again.

use super::Item;

/// How `sync` decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// By size and time.
    #[default]
    SizeAndTime,
    /// By size alone.
    SizeOnly,
    /// By size and time; on downloads any difference in time counts.
    ExactTimestamps,
    /// By content: by size, and then by what [`super::ContentCheck`] finds.
    Content,
    /// What is there stays.
    NoOverwrite,
    /// What is there is written again.
    Always,
}

/// The direction matters for times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub strategy: Strategy,
    /// Whether the source is S3 and the target is local.
    pub is_download: bool,
}

impl Comparison {
    /// Whether the source is transferred although the target has something of that name. For [`Strategy::Content`] this
    /// is no more than the beginning.
    pub fn differs(self, source: &Item, target: &Item) -> bool {
        match self.strategy {
            Strategy::NoOverwrite => false,
            Strategy::Always => true,
            Strategy::SizeOnly | Strategy::Content => source.size != target.size,
            Strategy::SizeAndTime | Strategy::ExactTimestamps => {
                source.size != target.size || self.time_differs(source, target)
            }
        }
    }

    /// AWS CLI's rule: an upload or copy is due when the source is newer; a download when the local file is newer,
    /// because downloads give files the object's time, so a newer one was changed since.
    fn time_differs(self, source: &Item, target: &Item) -> bool {
        let (Some(source), Some(target)) = (source.modified, target.modified) else { return false };
        match (self.is_download, self.strategy) {
            (true, Strategy::ExactTimestamps) => source != target,
            (true, _) => target > source,
            (false, _) => source > target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;
    use crate::Time;

    fn item(size: u64, seconds: i64) -> Item {
        Item {
            place: Place::Local("x".into()),
            compare_key: "x".into(),
            size: Some(size),
            modified: Some(Time { seconds, nanos: 0 }),
            etag: None,
            archived: false,
            version: None,
        }
    }

    fn differs(strategy: Strategy, is_download: bool, source: (u64, i64), target: (u64, i64)) -> bool {
        Comparison { strategy, is_download }.differs(&item(source.0, source.1), &item(target.0, target.1))
    }

    #[test]
    fn size_and_time_decide_by_direction() {
        use Strategy::SizeAndTime as Usual;
        assert!(differs(Usual, false, (1, 5), (2, 5)));
        assert!(differs(Usual, false, (1, 6), (1, 5)));
        assert!(!differs(Usual, false, (1, 5), (1, 6)));
        assert!(!differs(Usual, false, (1, 5), (1, 5)));
        assert!(!differs(Usual, true, (1, 6), (1, 5)));
        assert!(differs(Usual, true, (1, 5), (1, 6)));
    }

    #[test]
    fn strategies_narrow_or_widen_that() {
        assert!(!differs(Strategy::SizeOnly, false, (1, 6), (1, 5)));
        assert!(!differs(Strategy::Content, false, (1, 6), (1, 5)));
        assert!(differs(Strategy::SizeOnly, false, (1, 6), (2, 5)));
        assert!(differs(Strategy::ExactTimestamps, true, (1, 6), (1, 5)));
        assert!(!differs(Strategy::ExactTimestamps, false, (1, 5), (1, 6)));
        assert!(!differs(Strategy::NoOverwrite, false, (1, 6), (2, 5)));
        assert!(differs(Strategy::Always, true, (1, 5), (1, 5)));
    }
}
