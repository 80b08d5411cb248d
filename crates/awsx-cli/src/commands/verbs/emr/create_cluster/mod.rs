//! `emr create-cluster`: AWS CLI's own words for `RunJobFlow`.
//!
//! ```text
//! args      the options
//! request   what they mean, in AWS CLI's order of checks
//! ec2       --ec2-attributes
//! logging   what --monitoring-configuration may say of logs
//! ```

mod args;
mod ec2;
mod logging;
mod request;

use awsx_output::Value;

pub(crate) use self::args::CreateClusterArgs;
use self::request::Cluster;
use super::connect;
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

pub(crate) fn run(context: &Context, args: &CreateClusterArgs) -> CommandResult {
    let output = Output::of(context)?;
    let parameters = Cluster::of(context, args)?.into_parameters()?;
    let answer =
        context.block_on(async { connect(context).await?.call_with("RunJobFlow", &parameters).await })?;
    let member = |name: &str| answer.get(name).cloned().unwrap_or_default();
    let shown = match member("JobFlowId") {
        Value::Null => Value::map::<&str, 0>([]),
        id => Value::map([("ClusterId", id), ("ClusterArn", member("ClusterArn"))]),
    };
    output.show(context, "run_job_flow", &shown)
}
