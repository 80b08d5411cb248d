//! `cargo xtask seaweed` and `cargo xtask race`: transfers against a real S3 server, held and timed.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Attempting, Outcome};
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
    let python = python::environment(&folder)?;
    for file in ["test_round_trips.py", "test_faults.py"] {
        let mut tests = Command::new(&python);
        tests.arg(folder.join(file)).arg("--verbose");
        tests.env("AWSX", &programs.awsx).env("SANDBOX", &programs.sandbox);
        if args.quick {
            tests.env("QUICK", "1");
        }
        command::run(&mut tests)?;
    }
    Ok(())
}

/// Time transfers beside s5cmd on SeaweedFS, and perhaps beside AWS CLI (needs python3)
///
/// Only ratios of one run say something. The machine should be quiet.
#[derive(clap::Args, Debug)]
pub(crate) struct RaceArgs {
    /// The awsx to time, a release build
    #[arg(long, value_name = "PATH")]
    bin: PathBuf,
    /// An AWS CLI to time beside it
    #[arg(long, value_name = "PATH")]
    aws: Option<PathBuf>,
    /// How often each program does each piece of work
    #[arg(long, default_value_t = 4)]
    runs: usize,
    /// Size of the large object in MiB
    #[arg(long, default_value_t = 1024)]
    big: usize,
    /// Only work of this name, such as `download-big`
    #[arg(long, value_name = "WORK", default_value = "")]
    only: String,
}

pub(crate) fn race(args: &RaceArgs) -> Outcome {
    let awsx = args.bin.canonicalize().attempting(format_args!("could not find `{}`", args.bin.display()))?;
    let folder = workspace::root().join("tests/seaweed");
    let mut race = Command::new(python::environment(&folder)?);
    race.arg(folder.join("race.py"))
        .env("AWSX", awsx)
        .env("RUNS", args.runs.to_string())
        .env("BIG", args.big.to_string())
        .env("ONLY", &args.only);
    if let Some(aws) = &args.aws {
        race.env("AWS", aws);
    }
    command::run(&mut race)
}
