//! `cargo xtask fuzz`: broken and hostile input for every reader.

use std::ffi::OsString;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, workspace};

/// Hold the readers of files, expressions and answers against broken and hostile input
#[derive(clap::Args, Debug)]
pub(crate) struct FuzzArgs {
    /// Passed on: a reader, `--seconds N`, `--at-once N`, `--input FILE`, `--keep FILE`, `--first NUMBER`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

pub(crate) fn run(args: &FuzzArgs) -> Outcome {
    let fuzz = cargo::program("awsx-fuzz")?;
    command::run(Command::new(fuzz).args(&args.arguments).current_dir(workspace::root()))
}
