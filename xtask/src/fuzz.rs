//! `cargo xtask fuzz`: broken and hostile input for every reader.

use std::ffi::OsString;

use crate::cargo::cargo;
use crate::failure::Outcome;
use crate::{command, workspace};

/// Hold the readers of files, expressions and answers against broken and hostile input
#[derive(clap::Args, Debug)]
pub(crate) struct FuzzArgs {
    /// Passed on: a target, `--seconds N`, `--input FILE`, `--first NUMBER`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

pub(crate) fn run(args: &FuzzArgs) -> Outcome {
    let mut run = cargo();
    run.args(["run", "--quiet", "--package", "awsx-fuzz", "--"]).args(&args.arguments);
    command::run(run.current_dir(workspace::root()))
}
