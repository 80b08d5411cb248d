//! `emr ssh`: a shell on the master node.

use super::master_node::{self, Connecting, Purpose, words};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Log in to a cluster's master node
///
/// Waits until the cluster runs. Ends with the exit code of ssh.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx emr ssh --cluster-id j-3SD91U2E1L2QX --key-pair-file ~/mykey.pem
  awsx emr ssh --cluster-id j-3SD91U2E1L2QX --key-pair-file ~/mykey.pem --command 'hadoop version'")]
pub(crate) struct SshArgs {
    #[command(flatten)]
    connecting: Connecting,
    /// What to run there instead of a shell
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
}

pub(crate) fn run(context: &Context, args: &SshArgs) -> CommandResult {
    let connection = args.connecting.find(context, Purpose::Shell, &[])?;
    let (key_file, master) = (connection.key_file.as_str(), connection.master.as_str());
    let command = args.command.as_deref().filter(|command| !command.is_empty());
    if connection.uses_openssh {
        let mut all = words(["ssh"]);
        all.extend(connection.options(context));
        all.extend(words(["-o", "ServerAliveInterval=10", "-i", key_file, master, "-t"]));
        all.extend(command.map(str::to_owned));
        return master_node::run(context, &all);
    }
    connection.warn_of_options(context);
    let mut all = words(["putty", "-ssh", "-i", key_file, master, "-t"]);
    // PuTTY reads what it is to run from a file, which is gone when it has ended.
    let mut folder = None;
    if let Some(command) = command {
        let kept = keep(command)?;
        all.extend(["-m".to_owned(), kept.path().join("command").display().to_string()]);
        folder = Some(kept);
    }
    let ended = master_node::run(context, &all);
    drop(folder);
    ended
}

/// A folder with a file of this command, after which the window stays.
fn keep(command: &str) -> CommandResult<tempfile::TempDir> {
    let folder = tempfile::TempDir::new()
        .map_err(|error| CommandError::general("could not keep the command for PuTTY").caused_by(&error))?;
    let text = format!("{command}\nread -n1 -r -p \"Command completed. Press any key.\"");
    awsx_core::store::write_atomic(&folder.path().join("command"), text.as_bytes())?;
    Ok(folder)
}
