//! `emr get`: files of the master node.

use super::master_node::{self, Connecting, Purpose, words};
use crate::context::Context;
use crate::error::CommandResult;

/// Copy a file or folder from a cluster's master node
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr get --cluster-id j-3SD91U2E1L2QX --key-pair-file ~/mykey.pem --src /home/hadoop/result.txt --dest ~/")]
pub(crate) struct GetArgs {
    #[command(flatten)]
    connecting: Connecting,
    /// What lies there (required)
    #[arg(long, value_name = "PATH")]
    src: Option<String>,
    /// Where to (default: the same name in the current folder)
    #[arg(long, value_name = "PATH")]
    dest: Option<String>,
}

pub(crate) fn run(context: &Context, args: &GetArgs) -> CommandResult {
    let connection = args.connecting.find(context, Purpose::Files, &[("--src", &args.src)])?;
    let mut all = connection.copying(context);
    let source = args.src.as_deref().unwrap_or_default();
    let target = args.dest.as_deref().filter(|target| !target.is_empty());
    let source_there = format!("{}:{source}", connection.master);
    all.extend(words([&source_there, target.unwrap_or(last_name(source))]));
    master_node::run(context, &all)
}

/// What stands behind the last slash.
pub(super) fn last_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
