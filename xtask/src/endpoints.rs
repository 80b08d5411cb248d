//! `cargo xtask endpoints`: the endpoint rules of all services held against botocore's cases for them.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{botocore, cargo, command};

/// Evaluate every endpoint case of a pinned botocore (needs python3 and pip)
#[derive(clap::Args, Debug)]
pub(crate) struct EndpointsArgs {
    /// A folder of cases, `<service>/endpoint-tests-1.json` (default: the pinned version's, downloaded into target/)
    #[arg(long, value_name = "PATH")]
    cases: Option<PathBuf>,
}

pub(crate) fn run(args: &EndpointsArgs) -> Outcome {
    let cases = match &args.cases {
        Some(given) => given.clone(),
        None => botocore::source()?.join("tests/functional/endpoint-rules"),
    };
    command::run(Command::new(cargo::example("endpoint_cases")?).arg(cases))
}
