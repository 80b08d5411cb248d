//! EMR's own programs, which lie in a bucket of each region: what clusters of before release 4 run.

/// Where something of EMR's lies.
pub(super) fn link(region: Option<&str>, path: &str) -> String {
    format!("s3://{}.elasticmapreduce{path}", region.unwrap_or("us-east-1"))
}

/// The program that runs scripts as steps.
pub(super) fn script_runner(region: Option<&str>) -> String {
    link(region, "/libs/script-runner/script-runner.jar")
}

/// The program that runs commands as steps, from release 4 on.
pub(super) const COMMAND_RUNNER: &str = "command-runner.jar";

pub(super) const HIVE_SCRIPT: &str = "/libs/hive/hive-script";
pub(super) const HIVE: &str = "/libs/hive";
pub(super) const PIG_SCRIPT: &str = "/libs/pig/pig-script";
pub(super) const PIG: &str = "/libs/pig";
pub(super) const IMPALA: &str = "/libs/impala/setup-impala";
