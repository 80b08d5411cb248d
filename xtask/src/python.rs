//! Virtual environments under `target/`, one per requirements file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{Attempting, Outcome};
use crate::workspace;

/// The Python of an environment that has what `folder/requirements.txt` names; made when it is not there yet.
pub(crate) fn environment(folder: &Path) -> Outcome<PathBuf> {
    let requirements = folder.join("requirements.txt");
    let wanted = fs::read_to_string(&requirements)
        .attempting(format_args!("could not read `{}`", requirements.display()))?;
    let name = folder.file_name().expect("a folder of the tests has a name");
    let environment = workspace::target().join("python").join(name);
    let python = environment.join("bin/python");
    let installed = environment.join("installed-requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }

    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    command::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&requirements),
    )?;
    fs::copy(&requirements, &installed)
        .attempting(format_args!("could not write `{}`", installed.display()))?;
    Ok(python)
}
