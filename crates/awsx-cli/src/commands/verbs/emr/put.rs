//! `emr put`: files for the master node.

use super::get::last_name;
use super::master_node::{self, Connecting, Purpose, words};
use crate::context::Context;
use crate::error::CommandResult;

/// Copy a file or folder to a cluster's master node
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr put --cluster-id j-3SD91U2E1L2QX --key-pair-file ~/mykey.pem --src ~/job.py --dest /home/hadoop/job.py")]
pub(crate) struct PutArgs {
    #[command(flatten)]
    connecting: Connecting,
    /// What lies here (required)
    #[arg(long, value_name = "PATH")]
    src: Option<String>,
    /// Where to (default: the same name in the user's folder)
    #[arg(long, value_name = "PATH")]
    dest: Option<String>,
}

pub(crate) fn run(context: &Context, args: &PutArgs) -> CommandResult {
    let connection = args.connecting.find(context, Purpose::Files, &[("--src", &args.src)])?;
    let mut all = connection.copying(context);
    let source = args.src.as_deref().unwrap_or_default();
    let target = args.dest.as_deref().filter(|target| !target.is_empty());
    let target_there = format!("{}:{}", connection.master, target.unwrap_or(last_name(source)));
    all.extend(words([source, &target_there]));
    master_node::run(context, &all)
}
