//! Runs each target in a process of its own, and finds the input that ended one.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Arguments;
use crate::inputs::Inputs;
use crate::targets::{TARGETS, Target};

#[expect(clippy::print_stdout, reason = "what is done is all that this program has to say")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), String> {
    let wanted = |target: &&Target| arguments.target.as_ref().is_none_or(|name| name == target.name);
    let targets: Vec<&Target> = TARGETS.iter().filter(wanted).collect();
    if targets.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        return Err(format!("there is no such target; there are {}", names.join(", ")));
    }
    fs::create_dir_all(&arguments.findings)
        .map_err(|error| format!("`{}`: {error}", arguments.findings.display()))?;
    let mut broken = Vec::new();
    for target in targets {
        match try_target(arguments, target) {
            Ok(tried) => println!("{:10} {tried} inputs", target.name),
            Err(failure) => broken.push(failure),
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\nfuzz: ")) }
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
        "{name}: input {number} ends the program ({status}); try it alone with `cargo xtask fuzz {name} --input {finding}`"
    ))
}

fn read_progress(path: &Path) -> Option<u64> {
    Some(u64::from_le_bytes(fs::read(path).ok()?.try_into().ok()?))
}
