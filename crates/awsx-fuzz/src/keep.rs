//! Puts a finding into the corpus, as small as it can be had, so that it is tried first from then on.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Arguments;
use crate::targets::Target;

/// How often a smaller input is tried. Each is a process of its own.
const MOST_TRIES: usize = 500;
/// How long smaller inputs are tried: one that takes forever is found out after seconds.
const LONGEST: Duration = Duration::from_mins(2);

#[expect(clippy::print_stdout, reason = "what is done is all that this program has to say")]
#[expect(clippy::disallowed_methods, reason = "the corpus is no file of a user's")]
pub(crate) fn run(arguments: &Arguments, finding: &Path) -> Result<(), String> {
    let target = arguments.target()?;
    let failed = |path: &Path, error: &std::io::Error| format!("`{}`: {error}", path.display());
    let input = fs::read(finding).map_err(|error| failed(finding, &error))?;
    let name = finding.file_name().ok_or_else(|| format!("`{}` is no file", finding.display()))?;
    let kept = arguments.corpus.join(target.name).join(name);
    if kept.exists() {
        return Err(format!("`{}` is there already", kept.display()));
    }
    let smaller = finding.with_extension("smaller");
    let start = Instant::now();
    let mut breaks = |input: &[u8]| {
        start.elapsed() < LONGEST && fs::write(&smaller, input).is_ok() && ends_the_program(target, &smaller)
    };
    let input = if breaks(&input) { shrink(input, &mut breaks) } else { input };
    // It may not have come to be.
    let _ = fs::remove_file(&smaller);
    fs::write(&kept, &input).map_err(|error| failed(&kept, &error))?;
    println!("`{}` has {} bytes", kept.display(), input.len());
    Ok(())
}

fn ends_the_program(target: &Target, input: &Path) -> bool {
    let Ok(program) = std::env::current_exe() else { return false };
    let mut alone = Command::new(program);
    alone.arg(target.name).arg("--input").arg(input).stderr(Stdio::null());
    alone.status().is_ok_and(|status| !status.success())
}

/// Leaves out what can be left out, large pieces first.
fn shrink(mut input: Vec<u8>, breaks: &mut dyn FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut piece = input.len() / 2;
    let mut tries = 0;
    while piece > 0 {
        let mut at = 0;
        while at < input.len() {
            tries += 1;
            if tries > MOST_TRIES {
                return input;
            }
            let end = (at + piece).min(input.len());
            let without = [&input[..at], &input[end..]].concat();
            if breaks(&without) {
                input = without;
            } else {
                at = end;
            }
        }
        piece /= 2;
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_no_harm_is_left_out() {
        let mut breaks = |input: &[u8]| input.windows(2).any(|pair| pair == b"[{");
        let long = [b"a".repeat(300).as_slice(), b"[{", b"b".repeat(700).as_slice()].concat();
        assert_eq!(shrink(long, &mut breaks), b"[{");
        assert_eq!(shrink(b"[{".to_vec(), &mut breaks), b"[{");
    }

    #[test]
    fn it_comes_to_an_end() {
        let mut tries = 0;
        let mut breaks = |_: &[u8]| {
            tries += 1;
            false
        };
        assert_eq!(shrink(vec![0; 10_000], &mut breaks).len(), 10_000);
        assert_eq!(tries, MOST_TRIES);
    }
}
