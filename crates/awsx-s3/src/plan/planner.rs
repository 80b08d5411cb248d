//! Turns what is found into tasks.

use std::collections::{HashSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};

use awsx_api::CallError;
use tokio::task::JoinHandle;

use super::content::{self, Verdict};
use super::paths::leaves_folder;
use super::source::{Lookup, Next};
use super::{Comparison, ContentCheck, Item, Location, Paths, Place, Source, Strategy, Task, Verb, Warning};
use crate::filter::Filter;
use crate::glob::Glob;
use crate::wire::S3;

/// How many contents are compared at once.
const COMPARISONS: usize = 16;

/// A comparison under way, and what it is about.
type Comparing = JoinHandle<(Item, Verdict)>;

/// Where the tasks go.
pub trait Sink {
    /// Takes a task; waits while there is much to do already.
    fn push(&mut self, task: Task) -> impl Future<Output = ()>;
    /// Takes a warning.
    fn warn(&mut self, warning: Warning);
    /// Takes a task that is not to be done, since what it would write is there.
    fn pass(&mut self, task: Task);
    /// Takes a text for standard error that counts for nothing.
    fn note(&mut self, text: String);
    /// Whether nobody wants more: the work was interrupted.
    fn is_over(&self) -> bool;
}

/// What is done when two names differ only in case, which some file systems take for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseConflict {
    /// Nothing.
    #[default]
    Ignore,
    /// The later is not downloaded.
    Skip,
    /// A warning.
    Warn,
    /// An end.
    Error,
}

/// What kind of command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Everything found is transferred.
    Transfer,
    /// Everything found is deleted.
    Remove,
    /// What differs is transferred.
    Sync {
        /// By this.
        comparison: Comparison,
        /// Whether what only the target has is deleted.
        delete: bool,
    },
}

impl Job {
    /// What is done between these; deleting at the target's end aside.
    pub fn verb(self, paths: &Paths) -> Verb {
        match (&paths.source, &paths.target, self) {
            (_, _, Self::Remove) => Verb::Delete,
            (Location::Local(_), _, _) => Verb::Upload,
            (Location::S3(_), Location::Local(_), _) => Verb::Download,
            (Location::S3(_), Location::S3(_), _) => Verb::Copy,
        }
    }
}

/// A command's plan.
#[derive(Debug)]
pub struct Planner {
    /// S3 at the source's end.
    pub source_s3: S3,
    /// S3 at the target's end.
    pub target_s3: S3,
    /// From where to where.
    pub paths: Paths,
    /// What is to be done.
    pub job: Job,
    /// Which of it.
    pub filter: Filter,
    /// What names below both ends have to fit as well.
    pub glob: Option<Glob>,
    /// How things are found.
    pub lookup: Lookup,
    /// How contents are compared, by [`Strategy::Content`].
    pub content: ContentCheck,
    /// Whether objects in archives are tried all the same.
    pub force_glacier: bool,
    /// Whether those are passed over without a warning.
    pub ignore_glacier: bool,
    /// Whether files that are there are left alone.
    pub keep_existing_files: bool,
    /// What is done about names that differ only in case.
    pub case_conflict: CaseConflict,
    /// Names under way, in lower case.
    pub under_way: Arc<Mutex<HashSet<String>>>,
}

/// What ends planning early.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// S3 cannot be asked.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Wildcards that nothing fits.
    #[error("no object fits the wildcards")]
    NothingFits,
    /// Two names differ only in case.
    #[error(
        "Failed to download {from} -> {to} because a file whose name differs only by case either exists or is being \
         downloaded."
    )]
    CaseConflict {
        /// The object.
        from: String,
        /// The file.
        to: String,
    },
}

impl Planner {
    /// Finds everything and hands the tasks on.
    pub async fn run(&self, sink: &mut impl Sink) -> Result<(), PlanError> {
        let mut source = self.open(&self.source_s3, &self.paths.source).await?;
        match self.job {
            Job::Transfer | Job::Remove => {
                let mut is_empty = true;
                while let Some(item) = self.next(&mut source, sink).await? {
                    is_empty = false;
                    self.hand_on(item, sink, false).await?;
                }
                if is_empty && self.glob.is_some() && !sink.is_over() {
                    return Err(PlanError::NothingFits);
                }
            }
            Job::Sync { comparison, delete } => {
                let mut target = self.open(&self.target_s3, &self.paths.target).await?;
                self.merge(&mut source, &mut target, comparison, delete, sink).await?;
            }
        }
        Ok(())
    }

    async fn open(&self, s3: &S3, location: &Location) -> Result<Source, CallError> {
        Source::open(s3, location, self.paths.is_recursive, &self.lookup).await
    }

    /// Both ends give their items in the order of keys, so one look at the first of each is enough.
    async fn merge(
        &self,
        source: &mut Source,
        target: &mut Source,
        comparison: Comparison,
        delete: bool,
        sink: &mut impl Sink,
    ) -> Result<(), PlanError> {
        let mut here = self.next(source, sink).await?;
        let mut there = self.next(target, sink).await?;
        let mut comparisons = VecDeque::new();
        loop {
            match (here.take(), there.take()) {
                (None, None) => break,
                (Some(item), other)
                    if other.as_ref().is_none_or(|other| item.compare_key < other.compare_key) =>
                {
                    self.hand_on(item, sink, false).await?;
                    (here, there) = (self.next(source, sink).await?, other);
                }
                (Some(item), Some(other)) if item.compare_key == other.compare_key => {
                    if comparison.differs(&item, &other) {
                        self.hand_on(item, sink, true).await?;
                    } else if comparison.strategy == Strategy::Content {
                        if comparisons.len() == COMPARISONS {
                            self.settle(&mut comparisons, sink).await?;
                        }
                        comparisons.push_back(self.compare(item, other));
                    }
                    here = self.next(source, sink).await?;
                    there = self.next(target, sink).await?;
                }
                (item, Some(other)) => {
                    if delete {
                        sink.push(deletion(other, false)).await;
                    }
                    (here, there) = (item, self.next(target, sink).await?);
                }
                (Some(_), None) => unreachable!("an item without another comes before all others"),
            }
        }
        while !comparisons.is_empty() && !sink.is_over() {
            self.settle(&mut comparisons, sink).await?;
        }
        Ok(())
    }

    /// Begins to compare the contents of two items.
    fn compare(&self, source: Item, target: Item) -> Comparing {
        let (source_s3, target_s3) = (self.source_s3.clone(), self.target_s3.clone());
        let check = self.content.clone();
        tokio::spawn(async move {
            let verdict = content::compare([&source_s3, &target_s3], &check, &source, &target).await;
            (source, verdict)
        })
    }

    /// Waits for the first of some comparisons, and hands on what differs or cannot be told.
    async fn settle(
        &self,
        comparisons: &mut VecDeque<Comparing>,
        sink: &mut impl Sink,
    ) -> Result<(), PlanError> {
        let Some(comparing) = comparisons.pop_front() else { return Ok(()) };
        let (item, verdict) = comparing.await.map_err(|error| CallError::Other(error.to_string()))?;
        match verdict {
            Verdict::Same => return Ok(()),
            Verdict::Differs => {}
            Verdict::Unknown(reason) => {
                let name = &item.compare_key;
                sink.note(format!(
                    "note: {name} is transferred, since its content cannot be compared: {reason}\n"
                ));
            }
        }
        self.hand_on(item, sink, true).await
    }

    /// The next item that the filters let through.
    async fn next(&self, source: &mut Source, sink: &mut impl Sink) -> Result<Option<Item>, PlanError> {
        while !sink.is_over() {
            match source.next().await? {
                Some(Next::Item(item)) if self.takes(&item) => return Ok(Some(item)),
                Some(Next::Item(_)) => {}
                Some(Next::Warning(warning)) => sink.warn(warning),
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    fn takes(&self, item: &Item) -> bool {
        self.glob.as_ref().is_none_or(|glob| glob.fits_below(&item.compare_key))
            && self.filter.takes(&item.filter_path())
    }

    async fn hand_on(&self, item: Item, sink: &mut impl Sink, is_at_target: bool) -> Result<(), PlanError> {
        let verb = self.job.verb(&self.paths);
        if matches!(verb, Verb::Download | Verb::Copy) && item.archived && !self.force_glacier {
            if !self.ignore_glacier {
                sink.warn(glacier_warning(&item, verb));
            }
            return Ok(());
        }
        let task = match (verb, item.place) {
            (Verb::Upload, Place::Local(path)) => {
                let (bucket, key) = self.paths.object_target(&item.compare_key).expect("uploads go to S3");
                Task::Upload { path, size: item.size.unwrap_or_default(), bucket: bucket.into(), key }
            }
            (Verb::Copy, Place::Object { bucket: source_bucket, key: source_key }) => {
                let (bucket, key) = self.paths.object_target(&item.compare_key).expect("copies go to S3");
                let (size, etag) = (item.size.unwrap_or_default(), item.etag);
                Task::Copy {
                    source_bucket: source_bucket.into(),
                    source_key,
                    size,
                    etag,
                    bucket: bucket.into(),
                    key,
                }
            }
            (Verb::Download, Place::Object { bucket, key }) => {
                if leaves_folder(&item.compare_key) {
                    let text = "File references a parent directory.";
                    let text = format!("warning: Skipping file {}. {text}", item.compare_key);
                    sink.warn(Warning { text, about: Place::Object { bucket, key } });
                    return Ok(());
                }
                let path = self.paths.local_target(&item.compare_key).expect("downloads go to files");
                let is_kept = self.keep_existing_files && path.exists();
                let has_rivals =
                    self.case_conflict != CaseConflict::Ignore && self.paths.is_recursive && !is_at_target;
                let lower = (has_rivals && !is_kept).then(|| item.compare_key.to_lowercase());
                let is_passed = is_kept
                    || match &lower {
                        Some(lower) => {
                            !self.may_follow_conflict(lower, &format!("{bucket}/{key}"), &path, sink)?
                        }
                        None => false,
                    };
                let task = Task::Download {
                    bucket: bucket.into(),
                    key,
                    size: item.size.unwrap_or_default(),
                    etag: item.etag,
                    modified: item.modified,
                    path,
                    conflict_key: lower,
                };
                if is_passed {
                    sink.pass(task);
                    return Ok(());
                }
                task
            }
            (_, place) => deletion(Item { place, ..item }, true),
        };
        sink.push(task).await;
        Ok(())
    }

    /// Whether an object is downloaded whose name, in lower case, may be another's; if so, the name counts as under way.
    fn may_follow_conflict(
        &self,
        lower: &str,
        from: &str,
        path: &Path,
        sink: &mut impl Sink,
    ) -> Result<bool, PlanError> {
        let mut under_way = self.under_way.lock().expect("no holder panics");
        if under_way.contains(lower) || exists_by_another_name(path) {
            let to = path.display().to_string();
            match self.case_conflict {
                CaseConflict::Ignore => {}
                CaseConflict::Skip => {
                    sink.note(format!(
                        "warning: Skipping {from} -> {to} because a file whose name differs only by case either exists \
                         or is being downloaded.\n"
                    ));
                    return Ok(false);
                }
                CaseConflict::Warn => sink.note(format!(
                    "warning: Downloading {from} -> {to} despite a file whose name differs only by case either existing \
                     or being downloaded. This behavior is not defined on case-insensitive filesystems and may result \
                     in overwriting existing files or race conditions between concurrent downloads. For more \
                     information, see https://docs.aws.amazon.com/cli/latest/topic/s3-case-insensitivity.html.\n"
                )),
                CaseConflict::Error => return Err(PlanError::CaseConflict { from: from.to_owned(), to }),
            }
        }
        under_way.insert(lower.to_owned());
        Ok(true)
    }
}

/// Whether the file system finds the file by a name that is spelt in another way.
fn exists_by_another_name(path: &Path) -> bool {
    let real = path.canonicalize().ok();
    real.is_some_and(|real| real.file_name() != path.file_name() && !path.is_symlink())
}

fn deletion(item: Item, at_source: bool) -> Task {
    match item.place {
        Place::Local(path) => Task::DeleteFile { path },
        Place::Object { bucket, key } => {
            Task::Delete { bucket: bucket.into(), key, version: item.version, at_source }
        }
    }
}

fn glacier_warning(item: &Item, verb: Verb) -> Warning {
    let (path, verb) = (item.filter_path(), verb.as_str());
    let text = format!(
        "warning: Skipping file s3://{path}. Object is of storage class GLACIER. Unable to perform {verb} operations on \
         GLACIER objects. You must restore the object to be able to perform the operation. See awsx s3 {verb} help for \
         additional parameter options to ignore or force these transfers."
    );
    Warning { text, about: item.place.clone() }
}
