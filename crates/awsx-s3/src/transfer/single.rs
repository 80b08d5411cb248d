//! One task by itself, for whoever has no plan and shows no lines.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use super::event::Event;
use super::{Engine, TransferError, TransferSettings};
use crate::Stored;
use crate::plan::{PlanError, Task};
use crate::wire::S3;

/// Lanes for one task.
#[derive(Debug)]
pub struct Single {
    engine: Engine,
    events: Receiver<Event>,
}

impl Single {
    /// Starts them.
    pub fn start(s3: &S3, settings: TransferSettings) -> Self {
        let (tell, events) = channel();
        let settings = TransferSettings { tells_done: true, ..settings };
        Self { engine: Engine::start(s3, s3, settings, Arc::default(), Arc::default(), tell), events }
    }

    /// What stops the task when called, from any thread.
    pub fn interrupter(&self) -> impl Fn() + Send + Sync + 'static {
        self.engine.interrupter()
    }

    /// Does it, and gives what S3 tells of its object; nothing if it was stopped.
    pub async fn run(mut self, task: Task) -> Result<Option<Stored>, TransferError> {
        self.engine.push(task).await;
        self.engine.finish().await;
        for event in self.events {
            match event {
                Event::Done(_, _, stored) => return Ok(Some(stored)),
                Event::Failed(_, _, error) => return Err(error),
                Event::Fatal(PlanError::Call(error)) => return Err(error.into()),
                _ => {}
            }
        }
        Ok(None)
    }
}
