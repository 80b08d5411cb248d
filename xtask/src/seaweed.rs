//! `cargo xtask seaweed`: transfers against a real S3 server.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, python, workspace};

/// Move objects to and from SeaweedFS and compare them (needs python3)
#[derive(clap::Args, Debug)]
pub(crate) struct SeaweedArgs {
    /// The awsx to test (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// Smaller and fewer objects
    #[arg(long)]
    quick: bool,
}

pub(crate) fn run(args: &SeaweedArgs) -> Outcome {
    let programs = cargo::build(args.bin.as_ref())?;
    let folder = workspace::root().join("tests/seaweed");
    let mut tests = Command::new(python::environment(&folder)?);
    tests.arg(folder.join("test_round_trips.py")).arg("--verbose").env("AWSX", programs.awsx);
    if args.quick {
        tests.env("QUICK", "1");
    }
    command::run(&mut tests)
}
