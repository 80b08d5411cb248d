//! Starts the lanes, feeds them, and sees them to the end.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use awsx_api::CallError;
use tokio::sync::watch;

use super::TransferSettings;
use super::event::{Event, Tally};
use super::kept;
use super::lane::{Lane, Shared};
use super::queue::{Queue, Work};
use super::upload::not_given_up;
use crate::operations::abort_multipart;
use crate::plan::{PlanError, Task};
use crate::wire::S3;

/// A thread that writes to a file waits for it meanwhile, so there are more than processors.
const THREADS_PER_PROCESSOR: usize = 2;
/// More threads than these gain nothing: the network is slower.
const MOST_THREADS: usize = 4;
/// S3 takes so many deletions with one request.
const DELETIONS: usize = 1000;
/// As many or fewer are deleted one by one, all at once.
const FEW_DELETIONS: usize = 10;
/// How long a request that begins an upload is waited for after an interruption.
const GRACE: Duration = Duration::from_secs(3);

/// The lanes at work.
#[derive(Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    s3: S3,
    events: Sender<Event>,
    threads: Vec<JoinHandle<()>>,
    interrupt: Arc<watch::Sender<bool>>,
    deletions: Vec<(u64, Task)>,
    /// How many tasks were put in.
    tasks: u64,
}

impl Engine {
    /// Starts lanes that work at S3's two ends and tell `events`.
    pub fn start(
        s3: &S3,
        source_s3: &S3,
        settings: TransferSettings,
        tally: Arc<Tally>,
        under_way: Arc<Mutex<HashSet<String>>>,
        events: Sender<Event>,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = (processors * THREADS_PER_PROCESSOR).min(MOST_THREADS).min(settings.lanes);
        let (first, most) = (settings.lanes, settings.most_lanes.max(settings.lanes));
        s3.pace().begin(first, most);
        let shared = Arc::new(Shared {
            queue: Queue::new(settings.queue_size),
            settings,
            tally,
            under_way,
            uploads: Mutex::new(HashMap::new()),
            next_upload: AtomicU64::new(0),
            kept_downloads: AtomicUsize::new(0),
        });
        let (interrupt, interrupted) = watch::channel(false);
        let start = |thread: usize| {
            let lane = Lane {
                shared: shared.clone(),
                s3: s3.with_own_connections(),
                source_s3: source_s3.with_own_connections(),
                events: events.clone(),
                last_folder: Arc::new(Mutex::new(PathBuf::new())),
            };
            let interrupted = interrupted.clone();
            // The lanes that begin at work are spread over the threads.
            let lanes: Vec<bool> = (thread..most).step_by(threads).map(|number| number >= first).collect();
            let name = format!("awsx-s3-{thread}");
            let body = move || work(&lane, &lanes, &interrupted);
            std::thread::Builder::new().name(name).spawn(body).expect("the system gives a thread")
        };
        let threads = (0..threads).map(start).collect();
        Self {
            shared: shared.clone(),
            s3: s3.clone(),
            events,
            threads,
            interrupt: Arc::new(interrupt),
            deletions: Vec::new(),
            tasks: 0,
        }
    }

    /// Takes a task; waits while there is much to do.
    pub async fn push(&mut self, task: Task) {
        self.shared.tally.expect(task.size());
        let number = self.tasks;
        self.tasks += 1;
        if let Task::Delete { bucket, at_source, .. } = &task {
            let other = self.deletions.first().is_some_and(|first| {
                !matches!(&first.1, Task::Delete { bucket: first, at_source: end, .. } if first == bucket && end == at_source)
            });
            if other || self.deletions.len() == DELETIONS {
                self.push_deletions().await;
            }
            self.deletions.push((number, task));
        } else {
            self.shared.queue.push(Work::Task(number, task)).await;
        }
    }

    async fn push_deletions(&mut self) {
        let tasks = std::mem::take(&mut self.deletions);
        if tasks.len() > FEW_DELETIONS {
            self.shared.queue.push(Work::Deletions(tasks)).await;
        } else {
            for (number, task) in tasks {
                self.shared.queue.push(Work::Task(number, task)).await;
            }
        }
    }

    /// What stops everything when called, from any thread.
    pub fn interrupter(&self) -> impl Fn() + Send + Sync + 'static {
        let (interrupt, shared) = (self.interrupt.clone(), self.shared.clone());
        move || {
            interrupt.send_replace(true);
            shared.queue.close();
        }
    }

    /// Waits for an interruption.
    pub fn interruption(&self) -> impl Future<Output = ()> + use<> {
        let mut interrupted = self.interrupt.subscribe();
        async move {
            if interrupted.wait_for(|interrupted| *interrupted).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Whether it was interrupted.
    pub fn is_interrupted(&self) -> bool {
        *self.interrupt.borrow()
    }

    /// Whether nothing more is begun: it was interrupted, or there are no keys any longer.
    pub fn is_over(&self) -> bool {
        self.is_interrupted() || self.shared.queue.leaves_out()
    }

    /// No more tasks come: waits for the rest to be done. After an interruption S3 is told to forget the parts it has.
    pub async fn finish(mut self) {
        self.push_deletions().await;
        self.shared.tally.is_planned.store(true, Ordering::Relaxed);
        let _ = self.events.send(Event::Planned);
        self.shared.queue.end_planning();
        self.join();
        if self.is_interrupted() {
            self.give_up_uploads().await;
            let _ = self.events.send(Event::Interrupted);
        } else if let Some(missing) = self.s3.missing_keys().filter(|_| self.shared.queue.leaves_out()) {
            let hint = missing.hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            let message = missing.message;
            let text = format!("the credentials have ended and there are no others: {message}{hint}");
            let _ = self.events.send(Event::Fatal(CallError::Credentials(text).into()));
        }
        if self.keeps_some() {
            let text = "hint: what has come so far is kept: run the command again with `--resume` to go on with it\n";
            let _ = self.events.send(Event::Noted(text.to_owned()));
        }
        if let Some(notes) = self.shared.settings.notes.as_ref().filter(|_| !self.is_interrupted()) {
            let s3 = self.s3.with_own_connections();
            kept::clear_old(&s3, notes, &self.shared.settings.headers.plain, &self.events).await;
        }
    }

    /// Whether something was not brought to its end and can be gone on with.
    fn keeps_some(&self) -> bool {
        self.shared.kept_downloads.load(Ordering::Relaxed) > 0
            || self.shared.uploads.lock().expect("no holder panics").values().any(|upload| upload.is_kept)
    }

    /// Planning failed: what is under way is ended, nothing more is begun.
    pub async fn fail(mut self, problem: PlanError) {
        self.shared.tally.is_planned.store(true, Ordering::Relaxed);
        self.interrupt.send_replace(true);
        self.shared.queue.close();
        self.join();
        self.give_up_uploads().await;
        let _ = self.events.send(Event::Fatal(problem));
    }

    /// Whom to tell of what planning came across.
    pub fn events(&self) -> &Sender<Event> {
        &self.events
    }

    fn join(&mut self) {
        for thread in self.threads.drain(..) {
            // One that panicked has said so.
            let _ = thread.join();
        }
    }

    async fn give_up_uploads(&self) {
        let uploads: Vec<_> = self
            .shared
            .uploads
            .lock()
            .expect("no holder panics")
            .extract_if(|_, upload| !upload.is_kept)
            .map(|(_, upload)| upload)
            .collect();
        let headers = &self.shared.settings.headers.plain;
        let s3 = self.s3.with_own_connections();
        for upload in uploads {
            let abort = abort_multipart(&s3, &upload.bucket, &upload.key, &upload.upload, headers);
            let aborted = tokio::time::timeout(GRACE, abort).await;
            if !matches!(aborted, Ok(Ok(()))) {
                let text = not_given_up(&upload.bucket, &upload.key, &upload.upload);
                let _ = self.events.send(Event::Noted(text));
            }
        }
    }
}

/// One thread's lanes.
fn work(lane: &Lane, lanes: &[bool], interrupted: &watch::Receiver<bool>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a runtime");
    let local = tokio::task::LocalSet::new();
    for &begins_idle in lanes {
        local.spawn_local(lane.clone().run(begins_idle, interrupted.clone()));
    }
    let mut interrupted = interrupted.clone();
    runtime.block_on(async {
        let grace = async {
            if interrupted.wait_for(|interrupted| *interrupted).await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            // Ends with the last lane, and with the last upload that was being begun: it has to be known to be given up.
            () = local => {}
            () = grace => {}
        }
    });
    // Whoever waits for standard input is not waited for.
    runtime.shutdown_background();
}
