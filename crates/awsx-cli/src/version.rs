//! What `--version` prints.

use awsx_core::Env;

/// The AWS CLI whose behaviour awsx keeps.
const COMPATIBLE: &str = "aws-cli/2.36.7";

/// AWS CLI's form, its own name first: scripts look for `aws-cli/2` to tell version 1 from 2.
pub(crate) fn line(env: &Env) -> String {
    let execution =
        env.var_filled("AWS_EXECUTION_ENV").map(|name| format!(" exec-env/{name}")).unwrap_or_default();
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{COMPATIBLE} awsx/{} {system}{execution} {architecture}", env!("CARGO_PKG_VERSION"))
}
