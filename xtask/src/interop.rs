//! `cargo xtask interop`: boto3 and AWS's JavaScript SDK use awsx's sign-in and credentials, and awsx theirs.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, node, python, workspace};

/// Share one sign-in with boto3 and AWS's JavaScript SDK (needs python3, node and npm)
#[derive(clap::Args, Debug)]
pub(crate) struct InteropArgs {
    /// The awsx to test (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
}

pub(crate) fn run(args: &InteropArgs) -> Outcome {
    let programs = cargo::build(args.bin.as_ref())?;
    let folder = workspace::root().join("tests/interop");
    let script = node::scratch(&folder)?.join("identity.mjs");
    let python = python::environment(&folder)?;
    command::run(
        Command::new(python)
            .args(["-m", "unittest", "discover", "--verbose", "--start-directory"])
            .arg(&folder)
            .env("AWSX", programs.awsx)
            .env("AWSX_SANDBOX", programs.sandbox)
            .env("IDENTITY_SCRIPT", script),
    )
}
