//! Real shells that run awsx.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::TestEnv;

/// A shell of this machine, if it has it.
pub(crate) fn shell(name: &str) -> Option<PathBuf> {
    ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
        .into_iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists())
}

/// What a shell prints that runs this script with `awsx` on its path.
#[track_caller]
pub(crate) fn run_in_shell(env: &TestEnv, shell: &Path, script: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_awsx")).parent().unwrap();
    let mut command: Command = env.command_of(shell);
    command.env("PATH", format!("{}:/usr/bin:/bin", binary.display()));
    let output = command.args(["-c", script]).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stderr.is_empty(), "{}: {stdout}{stderr}", shell.display());
    stdout.into_owned()
}
