//! Builds of the workspace, and where their programs are.
//!
//! What is built here shares its dependencies with `cargo test --workspace`: they have the same features. For that the
//! whole workspace is named before what of it is wanted, and an example is always wanted.

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
    let awsx = match awsx {
        Some(given) if !given.is_file() => {
            return Err(Failure::new(format!("`{}` is not a program", given.display())));
        }
        Some(given) => std::path::absolute(given).attempting("could not find this folder's path")?,
        None => program("awsx")?,
    };
    Ok(Programs { awsx, sandbox: program("awsx-sandbox")? })
}

/// The smallest example there is. Beside one, cargo gives dependencies what the tests' dependencies ask of them too; else
/// the SDK crates would be built a second time.
const ANY_EXAMPLE: &str = "ini_speed";

/// Builds a program of the workspace.
pub(crate) fn program(name: &str) -> Outcome<PathBuf> {
    command::run(cargo().args(["build", "--quiet", "--workspace", "--bin", name, "--example", ANY_EXAMPLE]))?;
    Ok(built(name))
}

/// Builds an example of the workspace.
pub(crate) fn example(name: &str) -> Outcome<PathBuf> {
    command::run(cargo().args(["build", "--quiet", "--workspace", "--example", name]))?;
    Ok(built(&format!("examples/{name}")))
}

fn built(name: &str) -> PathBuf {
    workspace::target().join("debug").join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// The cargo that runs this program, in the workspace and its target folder.
#[expect(clippy::disallowed_methods, reason = "cargo tells its children which cargo it is")]
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root()).env("CARGO_TARGET_DIR", workspace::target());
    command
}
