//! Tries inputs one after the other, under limits, until the time is over.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::Arguments;
use crate::inputs::Inputs;
use crate::targets::Target;

/// How long one input may take, in a build that is not optimised.
const SLOWEST: Duration = Duration::from_secs(5);
/// How much memory a target may have, the loaded models of a whole run included.
#[cfg(unix)]
const MOST_MEMORY: u64 = 2 << 30;
/// The stack that a program's first thread has.
const STACK: usize = 8 << 20;

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let target = arguments.target()?;
    limit_memory();
    let working = Arc::new(AtomicU64::new(0));
    watch(Arc::clone(&working));
    let work = work(arguments, target)?;
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || work(&working));
    let worker = worker.map_err(|error| error.to_string())?;
    worker.join().map_err(|_| "it panicked".to_owned())?
}

/// What the thread with the measured stack does; it raises the counter with every input.
type Work = Box<dyn FnOnce(&AtomicU64) -> Result<(), String> + Send>;

fn work(arguments: &Arguments, target: &'static Target) -> Result<Work, String> {
    if let Some(path) = &arguments.input {
        let input = fs::read(path).map_err(|error| format!("`{}`: {error}", path.display()))?;
        return Ok(Box::new(move |working| {
            working.fetch_add(1, Ordering::Relaxed);
            (target.prepare)()(&input);
            Ok(())
        }));
    }
    let inputs = Inputs::read(&arguments.corpus.join(target.name), target.words)?;
    let path = arguments.progress.as_ref().expect("a child without a file is told where progress goes");
    let mut progress = File::create(path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    let (first, time) = (arguments.first, Duration::from_secs(arguments.seconds));
    Ok(Box::new(move |working| {
        let mut read = (target.prepare)();
        let start = Instant::now();
        let mut number = first;
        loop {
            let written =
                progress.seek(SeekFrom::Start(0)).and_then(|_| progress.write_all(&number.to_le_bytes()));
            written.map_err(|error| error.to_string())?;
            working.fetch_add(1, Ordering::Relaxed);
            read(&inputs.make(number));
            if start.elapsed() >= time {
                return Ok(());
            }
            number += 1;
        }
    }))
}

/// Ends the program when one input takes too long.
#[expect(clippy::print_stderr, reason = "the program ends here")]
fn watch(working: Arc<AtomicU64>) {
    thread::spawn(move || {
        let (mut seen, mut since) = (0, Instant::now());
        loop {
            thread::sleep(Duration::from_millis(100));
            let now = working.load(Ordering::Relaxed);
            if now != seen {
                (seen, since) = (now, Instant::now());
            } else if seen > 0 && since.elapsed() > SLOWEST {
                eprintln!("fuzz: one input takes longer than {} seconds", SLOWEST.as_secs());
                std::process::abort();
            }
        }
    });
}

#[cfg(unix)]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Where there is no such limit, the other two still hold.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(MOST_MEMORY), maximum: Some(MOST_MEMORY) });
}

#[cfg(not(unix))]
fn limit_memory() {}
