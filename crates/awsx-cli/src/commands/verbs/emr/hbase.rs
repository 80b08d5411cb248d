//! HBase on clusters of before release 4: its backups are steps.

use awsx_params::Given;

use super::step::{Step, texts};

const JAR: &str = "/home/hadoop/lib/hbase.jar";
const MAIN: &str = "emr.hbase.backup.Main";

/// The step of this name that has HBase's program do something.
pub(super) fn step(name: &str, args: impl IntoIterator<Item = Given>) -> Given {
    let mut all = texts([MAIN]);
    all.extend(args);
    Step::cancelling(name, JAR, all).into()
}

/// The step that fills HBase from a backup.
pub(super) fn restoring(folder: Given, version: Option<Given>) -> Given {
    let mut args = vec!["--restore".into(), "--backup-dir".into(), folder];
    if let Some(version) = version {
        args.extend(["--backup-version".into(), version]);
    }
    step("Restore HBase", args)
}
