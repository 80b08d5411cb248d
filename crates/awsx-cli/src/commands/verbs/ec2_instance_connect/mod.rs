//! `ec2-instance-connect`: a shell on an instance, straight or through an endpoint in its network.

mod endpoint;
mod instance;
mod open_tunnel;
mod ssh;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// EC2 Instance Connect
#[derive(Subcommand, Debug)]
#[command(after_help = "Examples:
  awsx ec2-instance-connect ssh --instance-id i-1234567890abcdef0
  awsx ec2-instance-connect open-tunnel --instance-id i-1234567890abcdef0 --local-port 8888")]
pub(crate) enum Verb {
    Ssh(ssh::SshArgs),
    OpenTunnel(open_tunnel::OpenTunnelArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Ssh(args) => ssh::run(context, args),
        Verb::OpenTunnel(args) => open_tunnel::run(context, args),
    }
}
