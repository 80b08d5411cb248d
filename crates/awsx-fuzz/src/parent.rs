//! Runs each target in a process of its own, several at the same time, and finds the input that ended one.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use crate::Arguments;
use crate::inputs::Inputs;
use crate::targets::{TARGETS, Target};

pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let targets = match arguments.target {
        Some(_) => vec![arguments.target()?],
        None => TARGETS.iter().collect(),
    };
    fs::create_dir_all(&arguments.findings)
        .map_err(|error| format!("`{}`: {error}", arguments.findings.display()))?;
    let waiting = Mutex::new(targets.into_iter());
    let broken = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..arguments.at_once.map_or_else(processors, NonZeroUsize::get) {
            scope.spawn(|| {
                let next = || waiting.lock().expect("no holder panics").next();
                while let Some(target) = next() {
                    if let Err(failure) = try_and_tell(arguments, target) {
                        broken.lock().expect("no holder panics").push(failure);
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().expect("no holder panics");
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\nfuzz: ")) }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[expect(clippy::print_stdout, reason = "what is done is all that this program has to say")]
fn try_and_tell(arguments: &Arguments, target: &Target) -> Result<(), String> {
    let tried = try_target(arguments, target)?;
    println!("{:10} {tried} inputs", target.name);
    Ok(())
}

/// Gives how many inputs were tried.
fn try_target(arguments: &Arguments, target: &Target) -> Result<u64, String> {
    let name = target.name;
    let progress = arguments.findings.join(format!("{name}.progress"));
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let status = Command::new(program)
        .arg(name)
        .args(["--seconds", &arguments.seconds.to_string(), "--first", &arguments.first.to_string()])
        .arg("--corpus")
        .arg(&arguments.corpus)
        .arg("--progress")
        .arg(&progress)
        .status()
        .map_err(|error| format!("{name}: {error}"))?;
    let number =
        read_progress(&progress).ok_or_else(|| format!("{name}: ended before its first input ({status})"))?;
    if status.success() {
        return Ok(number + 1 - arguments.first);
    }
    let input = Inputs::read(&arguments.corpus.join(name), target.words)?.make(number);
    let finding = arguments.findings.join(format!("{name}-{number}"));
    // An input is nobody's file but ours.
    #[expect(clippy::disallowed_methods, reason = "a finding is no file of a user's")]
    fs::write(&finding, input).map_err(|error| format!("`{}`: {error}", finding.display()))?;
    let finding = finding.display();
    Err(format!(
        "{name}: input {number} ends the program ({status})\n  try it alone: cargo xtask fuzz {name} --input {finding}\n  \
         keep it:      cargo xtask fuzz {name} --keep {finding}"
    ))
}

fn read_progress(path: &Path) -> Option<u64> {
    Some(u64::from_le_bytes(fs::read(path).ok()?.try_into().ok()?))
}
