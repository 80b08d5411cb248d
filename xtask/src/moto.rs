//! `cargo xtask moto`: awsx against moto, an AWS on loopback that others wrote.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, python, workspace};

/// Hold credentials against moto, whose STS is not ours (needs python3)
#[derive(clap::Args, Debug)]
pub(crate) struct MotoArgs {
    /// The awsx to test (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
}

pub(crate) fn run(args: &MotoArgs) -> Outcome {
    let programs = cargo::build(args.bin.as_ref())?;
    let folder = workspace::root().join("tests/moto");
    let python = python::environment(&folder)?;
    let checks = ["-m", "unittest", "discover", "--verbose", "--start-directory"];
    command::run(Command::new(python).args(checks).arg(&folder).env("AWSX", programs.awsx))
}
