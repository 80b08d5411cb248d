//! Node scripts with their packages, in a scratch folder under `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{Attempting, Outcome};
use crate::workspace;

/// A copy of `folder` beside which its locked packages are installed: Node looks for packages next to the script.
pub(crate) fn scratch(folder: &Path) -> Outcome<PathBuf> {
    let name = folder.file_name().expect("a folder of the tests has a name");
    let scratch = workspace::target().join("node").join(name);
    fs::create_dir_all(&scratch).attempting(format_args!("could not make `{}`", scratch.display()))?;
    let lock = scratch.join("package-lock.json");
    let installed = scratch.join("installed-package-lock.json");
    let listed = fs::read_dir(folder).attempting(format_args!("could not list `{}`", folder.display()))?;
    for entry in listed {
        let file = entry.attempting(format_args!("could not list `{}`", folder.display()))?.path();
        if file.is_file() {
            let to = scratch.join(file.file_name().expect("a listed file has a name"));
            fs::copy(&file, &to).attempting(format_args!("could not write `{}`", to.display()))?;
        }
    }
    if fs::read(&installed).ok() != fs::read(&lock).ok() || !installed.exists() {
        command::run(
            Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&scratch),
        )?;
        fs::copy(&lock, &installed).attempting(format_args!("could not write `{}`", installed.display()))?;
    }
    Ok(scratch)
}
