//! `cargo xtask browser`: a real browser signs in.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{cargo, command, node, workspace};

/// Sign in through a real browser (needs node, npm and chromium)
#[derive(clap::Args, Debug)]
pub(crate) struct BrowserArgs {
    /// The awsx to test (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,

    /// The browser
    #[arg(long, value_name = "PATH", default_value = "/usr/bin/chromium")]
    chromium: PathBuf,

    /// Where the screenshots go
    #[arg(long, value_name = "FOLDER")]
    screenshots: Option<PathBuf>,
}

pub(crate) fn run(args: &BrowserArgs) -> Outcome {
    let programs = cargo::build(args.bin.as_ref())?;
    let folder = node::scratch(&workspace::root().join("tests/browser"))?;
    let screenshots = args.screenshots.clone().unwrap_or_else(|| workspace::root().join(".ci/out"));
    command::run(
        Command::new("node")
            .args(["--test", "--test-reporter=spec"])
            .arg(folder.join("sign_in.test.mjs"))
            .env("AWSX", programs.awsx)
            .env("AWSX_SANDBOX", programs.sandbox)
            .env("CHROMIUM", &args.chromium)
            .env("SCREENSHOTS", screenshots),
    )
}
