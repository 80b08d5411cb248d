//! `cargo xtask services`: calls of many services against moto, by AWS CLI and by awsx.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, python, workspace};

/// Make the same calls as AWS CLI, of many services, against moto (needs python3)
#[derive(clap::Args, Debug)]
pub(crate) struct ServicesArgs {
    /// The awsx to test (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// Compare only calls that hold this word
    #[arg(short = 'k', value_name = "WORD", default_value = "")]
    word: String,
}

pub(crate) fn run(args: &ServicesArgs) -> Outcome {
    let awsx = cargo::build(args.bin.as_ref())?.awsx;
    let tests = workspace::root().join("tests");
    let python = python::environment(&tests.join("moto"))?;
    let programs = python.parent().expect("python lies among the programs of its environment");
    command::run(
        Command::new(&python)
            .arg(tests.join("services/run.py"))
            .args(["-k", &args.word])
            .arg("--moto")
            .arg(programs.join("moto_server"))
            .arg("--awsx")
            .arg(awsx),
    )
}
