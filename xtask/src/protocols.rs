//! `cargo xtask protocols`: Smithy's protocol tests, in the form botocore has them, against awsx-api.

use crate::failure::Outcome;
use crate::{botocore, cargo, command};

/// Hold the protocols against Smithy's tests (needs python3 with pip)
#[derive(clap::Args, Debug)]
pub(crate) struct ProtocolsArgs {}

pub(crate) fn run(_: &ProtocolsArgs) -> Outcome {
    let source = botocore::source()?;
    command::run(
        cargo::cargo()
            .args(["test", "--quiet", "--workspace", "--lib", "protocol::suite", "--", "--ignored"])
            .env("BOTOCORE_SOURCE", source),
    )
}
