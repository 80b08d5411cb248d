//! botocore's data and tests, under `target/`: one pinned version, its bytes checked by pip.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{Attempting, Failure, Outcome};
use crate::workspace;

/// The folder of the models.
pub(crate) fn data() -> Outcome<PathBuf> {
    Ok(unpacked("wheel", "--only-binary", "zipfile")?.join("botocore/data"))
}

/// The folder of the source distribution, which has the tests.
pub(crate) fn source() -> Outcome<PathBuf> {
    only_entry(&unpacked("source", "--no-binary", "tarfile")?)
}

/// What pip is given, and where its result goes.
fn unpacked(kind: &str, choice: &str, unpacker: &str) -> Outcome<PathBuf> {
    let requirements = workspace::root().join(format!("xtask/src/botocore/{kind}.txt"));
    let wanted = fs::read_to_string(&requirements)
        .attempting(format_args!("could not read `{}`", requirements.display()))?;
    let folder = workspace::target().join("botocore").join(kind);
    let (archives, content) = (folder.join("archive"), folder.join("content"));
    let done = folder.join("done.txt");
    if fs::read_to_string(&done).is_ok_and(|text| text == wanted) {
        return Ok(content);
    }

    // What a killed run left would be taken for this version's.
    if folder.exists() {
        fs::remove_dir_all(&folder).attempting(format_args!("could not clear `{}`", folder.display()))?;
    }
    command::run(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--require-hashes", choice, ":all:", "--dest"])
            .arg(&archives)
            .arg("--requirement")
            .arg(&requirements),
    )?;
    let archive = only_entry(&archives)?;
    command::run(Command::new("python3").args(["-m", unpacker, "-e"]).arg(archive).arg(&content))?;
    fs::copy(&requirements, &done).attempting(format_args!("could not write `{}`", done.display()))?;
    Ok(content)
}

fn only_entry(folder: &Path) -> Outcome<PathBuf> {
    let failed = format!("could not list `{}`", folder.display());
    let mut entries = fs::read_dir(folder).attempting(&failed)?;
    let first = entries.next().ok_or_else(|| Failure::new(format!("`{}` is empty", folder.display())))?;
    Ok(first.attempting(&failed)?.path())
}
