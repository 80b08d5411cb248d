//! Where things are.

use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// The target folder: where this program was built, which is right for every way to choose it.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().expect("the running program has a path");
    let target = program.ancestors().nth(2).expect("cargo builds into target/<profile>/");
    target.to_owned()
}
