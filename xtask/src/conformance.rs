//! `cargo xtask conformance`: awsx beside the recorded behaviour of AWS CLI.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, python, workspace};

/// Hold awsx against the recorded behaviour of AWS CLI (needs python3)
#[derive(clap::Args, Debug)]
pub(crate) struct ConformanceArgs {
    /// The awsx to test (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,

    /// Only cases with this word in their id
    #[arg(short = 'k', value_name = "WORD")]
    word: Option<String>,

    /// Only cases of this area
    #[arg(long)]
    area: Option<String>,
}

pub(crate) fn run(args: &ConformanceArgs) -> Outcome {
    let awsx = cargo::build(args.bin.as_ref())?.awsx;
    let folder = workspace::root().join("tests/conformance");
    let mut runner = Command::new(python::environment(&folder)?);
    runner.arg(folder.join("run.py")).arg("--bin").arg(awsx);
    runner.args(args.word.iter().flat_map(|word| ["-k", word]));
    runner.args(args.area.iter().flat_map(|area| ["--area", area]));
    command::run(&mut runner)
}
