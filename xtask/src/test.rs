//! `cargo xtask test`: every test that needs the toolchain alone.

use std::ffi::OsString;

use crate::cargo::cargo;
use crate::command;
use crate::failure::Outcome;

/// Run every test that needs nothing but the Rust toolchain
#[derive(clap::Args, Debug)]
pub(crate) struct TestArgs {
    /// Passed on to `cargo test`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

pub(crate) fn run(args: &TestArgs) -> Outcome {
    command::run(cargo().args(["test", "--workspace"]).args(&args.arguments))
}
