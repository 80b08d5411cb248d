//! Holds awsx's readers against broken and hostile input: each must give a result or an error, in bounded time, memory
//! and depth.
//!
//! A target runs in a process of its own, since a stack that overflows and memory that runs out end a process. Inputs
//! are made from a kept corpus, by number: the same number makes the same input again, so nothing is written down until
//! something goes wrong. It is plain stable Rust and knows nothing of what the compiler could tell it about coverage.

mod child;
mod inputs;
mod keep;
mod parent;
mod readers;
mod targets;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::targets::{TARGETS, Target};

/// Hold awsx's readers against broken and hostile input
#[derive(Parser, Debug)]
struct Arguments {
    /// The reader to try (default: each of them)
    target: Option<String>,

    /// How long to try each reader
    #[arg(long, default_value_t = 10)]
    seconds: u64,

    /// How many readers to try at the same time (default: one for each processor)
    #[arg(long, value_name = "COUNT")]
    at_once: Option<NonZeroUsize>,

    /// Where the first inputs lie, a folder for each target
    #[arg(long, value_name = "FOLDER", default_value = "tests/fuzz/corpus")]
    corpus: PathBuf,

    /// Where an input that breaks a reader is written to
    #[arg(long, value_name = "FOLDER", default_value = "target/fuzz")]
    findings: PathBuf,

    /// Number of the first input; each number stands for one input
    #[arg(long, default_value_t = 0)]
    first: u64,

    /// Tries this file alone
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,

    /// Puts this file into the corpus, as much of it as breaks the reader
    #[arg(long, value_name = "FILE", requires = "target", conflicts_with = "input")]
    keep: Option<PathBuf>,

    /// Writes the number of the input in work there, as a child does
    #[arg(long, value_name = "FILE", requires = "target", hide = true)]
    progress: Option<PathBuf>,
}

impl Arguments {
    /// The one reader that is asked for.
    fn target(&self) -> Result<&'static Target, String> {
        let found = TARGETS.iter().find(|target| self.target.as_deref() == Some(target.name));
        found.ok_or_else(|| {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            format!("there is no such reader; there are {}", names.join(", "))
        })
    }
}

#[expect(clippy::print_stderr, reason = "the one place that reports what failed")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = if let Some(finding) = &arguments.keep {
        keep::run(&arguments, finding)
    } else if arguments.progress.is_some() || arguments.input.is_some() {
        child::run(&arguments)
    } else {
        parent::run(&arguments)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("fuzz: {failure}");
            ExitCode::FAILURE
        }
    }
}
