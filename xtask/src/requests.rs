//! `cargo xtask requests`: one request for each operation of each service, awsx's beside botocore's.

use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, python, workspace};

/// Compare the request of every operation with botocore's (needs python3)
#[derive(clap::Args, Debug)]
pub(crate) struct RequestsArgs {
    /// Services to compare (default: all)
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Take the recording that is there
    #[arg(long)]
    recorded: bool,
    /// How many differences to show
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    shown: usize,
}

pub(crate) fn run(args: &RequestsArgs) -> Outcome {
    let folder = workspace::root().join("tests/requests");
    let recording = workspace::target().join("requests.jsonl");
    if !(args.recorded && recording.is_file()) {
        let python = python::environment(&folder)?;
        command::run(
            Command::new(python).arg(folder.join("record.py")).arg(&recording).args(&args.services),
        )?;
    }
    command::run(
        Command::new(cargo::example("compare_requests")?)
            .arg(recording)
            .arg(folder.join("accepted.txt"))
            .arg(args.shown.to_string()),
    )
}
