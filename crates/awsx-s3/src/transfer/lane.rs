//! A lane: does one piece of work after the other.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use super::event::{Event, Tally};
use super::queue::{Queue, Work};
use super::{TransferError, TransferSettings, copy, delete, download, stream, upload};
use crate::Stored;
use crate::operations::delete_object;
use crate::plan::Task;
use crate::wire::S3;

/// What all lanes share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: TransferSettings,
    pub(super) queue: Queue,
    pub(super) tally: Arc<Tally>,
    /// Names of downloads under way, in lower case.
    pub(super) under_way: Arc<Mutex<HashSet<String>>>,
    /// Uploads in parts that are neither complete nor given up, to be given up if the work is interrupted.
    pub(super) uploads: Mutex<HashMap<u64, UnfinishedUpload>>,
    pub(super) next_upload: AtomicU64,
    /// Downloads under way that another process can go on with.
    pub(super) kept_downloads: AtomicUsize,
}

/// An upload that S3 keeps parts of.
#[derive(Clone, Debug)]
pub(super) struct UnfinishedUpload {
    pub(super) bucket: Arc<str>,
    pub(super) key: String,
    pub(super) upload: String,
    /// Whether another process can go on with it, so that it need not be given up.
    pub(super) is_kept: bool,
}

/// One lane, with its thread's connections.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) shared: Arc<Shared>,
    /// S3 at the target's end, or the only one.
    pub(super) s3: S3,
    /// S3 at the source's end.
    pub(super) source_s3: S3,
    pub(super) events: Sender<Event>,
    /// The folder that exists since the last download went there.
    pub(super) last_folder: Arc<Mutex<PathBuf>>,
}

impl Lane {
    /// Works until all is over or the work is interrupted. A lane that `begins_idle` waits until more are wanted.
    pub(super) async fn run(self, begins_idle: bool, mut interrupted: watch::Receiver<bool>) {
        let mut may_work = !begins_idle;
        let pace = self.s3.pace();
        loop {
            let work = async {
                if !may_work {
                    pace.join().await;
                }
                let work = self.shared.queue.next().await?;
                let jobs = work.jobs();
                self.work(work).await;
                Some(jobs)
            };
            let done = tokio::select! {
                done = work => done,
                _ = interrupted.wait_for(|interrupted| *interrupted) => None,
            };
            let Some(jobs) = done else {
                pace.end();
                return;
            };
            may_work = pace.may_go_on(jobs);
        }
    }

    async fn work(&self, work: Work) {
        match work {
            Work::Deletions(tasks) => delete::many(self, tasks).await,
            Work::Run(multipart, run) => {
                if let Some(result) = multipart.do_run(self, run).await {
                    self.end(multipart.number, multipart.task.clone(), result).await;
                }
            }
            Work::Task(number, task) => {
                let begun = match &task {
                    Task::Upload { .. } => upload::begin(self, number, &task).await,
                    Task::UploadStream { .. } => stream::upload(self, &task).await.map(Begun::Done),
                    Task::Download { .. } => download::begin(self, number, &task).await,
                    Task::DownloadStream { .. } => stream::download(self, &task).await.map(Begun::Done),
                    Task::Copy { .. } => copy::begin(self, number, &task).await,
                    Task::Delete { .. } => delete::one(self, &task).await.map(Begun::Done),
                    Task::DeleteFile { path } => std::fs::remove_file(path)
                        .map(|()| Begun::Done(Stored::default()))
                        .map_err(|error| TransferError::file(&error, path)),
                };
                match begun {
                    Ok(Begun::InParts(multipart)) => self.shared.queue.push_parts(&multipart),
                    Ok(Begun::Done(stored)) => self.end(number, task, Ok(stored)).await,
                    Err(error) => self.end(number, task, Err(error)).await,
                }
            }
        }
    }

    /// Ends a task: what is moved loses its source, and what came of it is told.
    pub(super) async fn end(&self, number: u64, task: Task, result: Result<Stored, TransferError>) {
        let result = match result {
            Ok(stored) if self.shared.settings.moves => self.remove_source(&task).await.map(|()| stored),
            other => other,
        };
        if let Task::Download { conflict_key: Some(name), .. } = &task {
            self.shared.under_way.lock().expect("no holder panics").remove(name);
        }
        let tally = &self.shared.tally;
        tally.end_task();
        match result {
            Ok(stored) if self.shared.settings.tells_done => self.tell(Event::Done(number, task, stored)),
            // One that is there already counts as done and is not told of.
            Ok(_) | Err(TransferError::Exists | TransferError::ReaderGone) => {
                if self.shared.settings.tells_done {
                    self.tell(Event::Passed(number, task));
                }
            }
            Err(error) => {
                if self.s3.missing_keys().or_else(|| self.source_s3.missing_keys()).is_some() {
                    self.shared.queue.begin_no_more();
                }
                tally.failed_bytes.fetch_add(task.size(), Ordering::Relaxed);
                self.tell(Event::Failed(number, task, error));
            }
        }
        self.shared.queue.end_task();
    }

    async fn remove_source(&self, task: &Task) -> Result<(), TransferError> {
        let headers = &self.shared.settings.headers.plain;
        match task {
            Task::Upload { path, .. } => {
                std::fs::remove_file(path).map_err(|error| TransferError::file(&error, path))
            }
            Task::Download { bucket, key, .. } => {
                delete_object(&self.source_s3, bucket, key, None, headers).await?;
                Ok(())
            }
            Task::Copy { source_bucket, source_key, .. } => {
                delete_object(&self.source_s3, source_bucket, source_key, None, headers).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn tell(&self, event: Event) {
        // Nobody listens any more once the command is over.
        let _ = self.events.send(event);
    }
}

/// What came of beginning a task.
#[derive(Debug)]
pub(super) enum Begun {
    /// It is done, and this is what S3 tells of its object.
    Done(Stored),
    /// Its parts are to be done.
    InParts(Arc<super::multipart::Multipart>),
}
