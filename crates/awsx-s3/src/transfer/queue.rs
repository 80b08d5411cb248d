//! What is to be done, shared by all lanes. Parts come before new tasks, so that few files are open at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::multipart::Multipart;
use crate::plan::Task;

/// One thing for a lane.
#[derive(Debug)]
pub(super) enum Work {
    /// A task and its number.
    Task(u64, Task),
    /// Objects that go, up to a thousand of one bucket.
    Deletions(Vec<(u64, Task)>),
    /// A run of a task's parts, by its index.
    Run(Arc<Multipart>, usize),
}

impl Work {
    /// How much it is, to tell how fast the work goes.
    pub(super) fn jobs(&self) -> usize {
        match self {
            Self::Run(multipart, run) => multipart.runs[*run].len(),
            Self::Task(..) | Self::Deletions(_) => 1,
        }
    }
}

#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// How much there is to take.
    available: Semaphore,
    /// How much more may be put in.
    space: Semaphore,
}

#[derive(Debug, Default)]
struct State {
    tasks: VecDeque<Work>,
    parts: VecDeque<(Arc<Multipart>, usize)>,
    /// Tasks that were put in and are not over.
    open: usize,
    is_planned: bool,
    leaves_out: bool,
}

impl Queue {
    pub(super) fn new(size: usize) -> Self {
        let space = size.clamp(1, Semaphore::MAX_PERMITS);
        Self { state: Mutex::default(), available: Semaphore::new(0), space: Semaphore::new(space) }
    }

    /// Puts a task in; waits while the queue is full.
    pub(super) async fn push(&self, work: Work) {
        let Ok(space) = self.space.acquire().await else {
            self.state.lock().expect("no holder panics").leaves_out = true;
            return;
        };
        space.forget();
        let mut state = self.state.lock().expect("no holder panics");
        state.open += 1;
        state.tasks.push_back(work);
        drop(state);
        self.available.add_permits(1);
    }

    /// Puts the parts of a task in.
    pub(super) fn push_parts(&self, multipart: &Arc<Multipart>) {
        let count = multipart.runs.len();
        self.state.lock().expect("no holder panics").parts.push_back((multipart.clone(), 0));
        self.available.add_permits(count);
    }

    /// Takes something; none when all is over.
    pub(super) async fn next(&self) -> Option<Work> {
        loop {
            self.available.acquire().await.ok()?.forget();
            let mut state = self.state.lock().expect("no holder panics");
            if let Some((multipart, next)) = state.parts.front_mut() {
                let run = Work::Run(multipart.clone(), *next);
                *next += 1;
                if *next == multipart.runs.len() {
                    state.parts.pop_front();
                }
                return Some(run);
            }
            let work = state.tasks.pop_front();
            drop(state);
            // What was left out has been counted as available all the same.
            if work.is_some() {
                self.space.add_permits(1);
                return work;
            }
        }
    }

    /// So many tasks more are to be over: the deletions that came as one.
    pub(super) fn expect_tasks(&self, count: usize) {
        self.state.lock().expect("no holder panics").open += count;
    }

    /// A task is over.
    pub(super) fn end_task(&self) {
        let mut state = self.state.lock().expect("no holder panics");
        state.open -= 1;
        self.close_if_over(&state);
    }

    /// No task will come.
    pub(super) fn end_planning(&self) {
        let mut state = self.state.lock().expect("no holder panics");
        state.is_planned = true;
        self.close_if_over(&state);
    }

    /// What has not been begun is left out, and what may still come; what has been begun is brought to its end.
    pub(super) fn begin_no_more(&self) {
        self.space.close();
        let mut state = self.state.lock().expect("no holder panics");
        let tasks = std::mem::take(&mut state.tasks);
        state.open -= tasks.len();
        state.leaves_out |= !tasks.is_empty();
        self.close_if_over(&state);
    }

    /// Whether something was left out.
    pub(super) fn leaves_out(&self) -> bool {
        self.state.lock().expect("no holder panics").leaves_out
    }

    /// Everybody stops.
    pub(super) fn close(&self) {
        self.available.close();
        self.space.close();
        // What is kept to go on with is noted when it is let go.
        self.state.lock().expect("no holder panics").parts.clear();
    }

    fn close_if_over(&self, state: &State) {
        if state.is_planned && state.open == 0 {
            self.available.close();
        }
    }
}
