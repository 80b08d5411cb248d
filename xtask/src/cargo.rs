//! Builds of the workspace, and where their programs are.

use std::path::PathBuf;
use std::process::Command;

use crate::command;
use crate::failure::{Attempting, Failure, Outcome};
use crate::workspace;

/// The programs that the tests of the whole run.
pub(crate) struct Programs {
    pub(crate) awsx: PathBuf,
    pub(crate) sandbox: PathBuf,
}

/// Builds what is needed, unoptimised: this is the quickest from nothing to a running program.
///
/// A given `awsx` is taken as it is.
pub(crate) fn build(awsx: Option<&PathBuf>) -> Outcome<Programs> {
    if let Some(awsx) = awsx
        && !awsx.is_file()
    {
        return Err(Failure::new(format!("`{}` is not a program", awsx.display())));
    }
    // The whole workspace, so that its dependencies have the features they have under `cargo test --workspace`
    // and are built once.
    command::run(cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    let built = |name: &str| {
        workspace::target().join("debug").join(name).with_extension(std::env::consts::EXE_EXTENSION)
    };
    let awsx = match awsx {
        Some(given) => std::path::absolute(given).attempting("could not find this folder's path")?,
        None => built("awsx"),
    };
    Ok(Programs { awsx, sandbox: built("awsx-sandbox") })
}

/// The cargo that runs this program, in the workspace and its target folder.
#[expect(clippy::disallowed_methods, reason = "cargo tells its children which cargo it is")]
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root()).env("CARGO_TARGET_DIR", workspace::target());
    command
}
