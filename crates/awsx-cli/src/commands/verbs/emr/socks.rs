//! `emr socks`: a SOCKS proxy through the master node.

use super::master_node::{self, Connecting, Purpose, words};
use crate::context::Context;
use crate::error::CommandResult;
use crate::ui::InterruptFlag;

/// Open a SOCKS proxy through a cluster's master node, on port 8157 of this machine
///
/// Waits until the cluster runs. Ctrl-C ends it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr socks --cluster-id j-3SD91U2E1L2QX --key-pair-file ~/mykey.pem")]
pub(crate) struct SocksArgs {
    #[command(flatten)]
    connecting: Connecting,
}

pub(crate) fn run(context: &Context, args: &SocksArgs) -> CommandResult {
    let connection = args.connecting.find(context, Purpose::Shell, &[])?;
    let (key_file, master) = (connection.key_file.as_str(), connection.master.as_str());
    let all = if connection.uses_openssh {
        let mut all = words(["ssh"]);
        all.extend(connection.options(context));
        all.extend(words(["-o", "ServerAliveInterval=10", "-ND", "8157", "-i", key_file, master]));
        all
    } else {
        connection.warn_of_options(context);
        words(["putty", "-ssh", "-i", key_file, master, "-N", "-D", "8157"])
    };
    let interrupt = InterruptFlag::lowered();
    let ended = master_node::run(context, &all);
    if interrupt.is_raised() {
        return context.ui.out(format_args!("Disabling Socks Tunnel.\n"));
    }
    ended
}
