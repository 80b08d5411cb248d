//! A cluster's master node: where it is, and the programs that connect to it.
//!
//! OpenSSH's where they are, else PuTTY's, which Windows may have instead.

use std::io;
use std::process::Command;

use awsx_api::waiter::Pace;
use awsx_output::Value;
use clap::ArgAction;

use super::settings::Block;
use crate::commands::exec;
use crate::commands::operation::{ServiceClient, Waited};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::usage;

/// Which cluster, with which key.
///
/// What is required is looked for when the profile is known, which may have the key's file.
#[derive(clap::Args, Debug)]
pub(super) struct Connecting {
    /// The cluster (required)
    #[arg(long, value_name = "ID")]
    cluster_id: Option<String>,
    /// The private key (required, unless the profile's block `emr =` has `key_pair_file`)
    #[arg(long, value_name = "FILE")]
    key_pair_file: Option<String>,
    /// Options of ssh: StrictHostKeyChecking=no ConnectTimeout=30 …
    #[arg(long, value_name = "OPTION", num_args = 1.., action = ArgAction::Set)]
    ssh_options: Vec<String>,
}

/// What a connection is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A shell or a tunnel.
    Shell,
    /// Files.
    Files,
}

/// What is needed to connect.
pub(super) struct Connection {
    /// With the user that clusters have: `hadoop@…`.
    pub(super) master: String,
    pub(super) key_file: String,
    ssh_options: Vec<String>,
    pub(super) uses_openssh: bool,
}

impl Connecting {
    /// Finds the node, once its cluster runs, and a program that connects to it. `others` are further options that are
    /// required.
    pub(super) fn find(
        &self,
        context: &Context,
        purpose: Purpose,
        others: &[(&str, &Option<String>)],
    ) -> CommandResult<Connection> {
        let block = Block::of(context)?;
        let key_file = block.unless_given(self.key_pair_file.as_ref(), "key_pair_file");
        let required = [("--cluster-id", &self.cluster_id), ("--key-pair-file", &key_file)];
        let required = required.iter().chain(others);
        let missing: Vec<&str> =
            required.filter(|(_, value)| value.is_none()).map(|(option, _)| *option).collect();
        let (Some(cluster), Some(key_file), true) = (&self.cluster_id, key_file, missing.is_empty()) else {
            return Err(usage::missing(&missing.join(", ")));
        };
        let address = context.block_on(address(context, cluster))?;
        let uses_openssh = purpose.uses_openssh(context, &key_file)?;
        Ok(Connection {
            master: format!("hadoop@{address}"),
            key_file,
            ssh_options: self.ssh_options.clone(),
            uses_openssh,
        })
    }
}

/// Where the master node is, once its cluster runs.
async fn address(context: &Context, cluster: &str) -> CommandResult<String> {
    let emr = ServiceClient::connect(context, "emr").await?;
    let asked = || members([("ClusterId", cluster.into())]);
    let described = emr.call("DescribeCluster", asked()).await?;
    match text_at(at(&described, &["Cluster", "Status"])?, "State") {
        "TERMINATED" | "TERMINATING" | "TERMINATED_WITH_ERRORS" => {
            return Err(CommandError::general("Cluster terminating or already terminated."));
        }
        "STARTING" | "BOOTSTRAPPING" => {
            context.ui.out(format_args!("Waiting for the cluster to start.\n"))?;
        }
        _ => {}
    }
    match emr.wait("ClusterRunning", PACE, asked()).await {
        Ok(Waited::IsSo) => {}
        Err(error) if error.kind != Kind::Service => return Err(error),
        Ok(Waited::InVain { .. }) | Err(_) => {
            return Err(CommandError::general(
                "Cannot get DNS of master node on the cluster.  Please try again after some time.",
            ));
        }
    }
    let described = emr.call("DescribeCluster", asked()).await?;
    match at(&described, &["Cluster", "MasterPublicDnsName"])? {
        Value::String(name) => Ok(name.clone()),
        _ => Err(CommandError::general("'MasterPublicDnsName'")),
    }
}

/// The waiter's own, for half an hour.
const PACE: Pace = Pace { delay: 30, max_attempts: 60 };

/// The part of an answer that names lead to; Python names the one that is not there.
fn at<'v>(value: &'v Value, names: &[&str]) -> CommandResult<&'v Value> {
    names.iter().try_fold(value, |value, name| {
        value.get(name).ok_or_else(|| CommandError::general(format!("'{name}'")))
    })
}

impl Purpose {
    /// Whether OpenSSH's program is used, not PuTTY's; refuses where there is neither, and a key in the wrong format.
    fn uses_openssh(self, context: &Context, key_file: &str) -> CommandResult<bool> {
        let has = |program: &str| exec::is_on_path(context.env(), program);
        let (openssh, openssh_exe, putty) = match self {
            Self::Shell => ("ssh", "ssh.exe", "putty.exe"),
            Self::Files => ("scp", "scp.exe", "pscp.exe"),
        };
        if has(openssh) || has(openssh_exe) {
            return Ok(true);
        }
        if !has(putty) {
            return Err(CommandError::general(match self {
                Self::Shell => {
                    "SSH or Putty not available. Please refer to the documentation at \
                     http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/EMR_SetUp_SSH.html."
                }
                Self::Files => {
                    "SCP or Pscp not available. Please refer to the documentation at \
                     http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/EMR_SetUp_SSH.html. "
                }
            }));
        }
        if !key_file.ends_with("ppk") {
            return Err(CommandError::usage(
                "Key file file format is incorrect. Putty expects a ppk file. Please refer to documentation at \
                 http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/EMR_SetUp_SSH.html. ",
            ));
        }
        Ok(false)
    }
}

impl Connection {
    /// The `-o` options for OpenSSH. Hosts that are not known yet are trusted, unless an option says otherwise.
    pub(super) fn options(&self, context: &Context) -> Vec<String> {
        let own = self.ssh_options.iter().cloned();
        let decides = |option: &String| option.to_lowercase().starts_with("stricthostkeychecking=");
        let trusting = (!self.ssh_options.iter().any(decides)).then(|| trusting(context));
        trusting.into_iter().chain(own).flat_map(|option| ["-o".to_owned(), option]).collect()
    }

    /// The words that copy files, before source and target.
    pub(super) fn copying(&self, context: &Context) -> Vec<String> {
        let mut all = if self.uses_openssh {
            let mut all = words(["scp", "-r"]);
            all.extend(self.options(context));
            all
        } else {
            self.warn_of_options(context);
            words(["pscp", "-scp", "-r"])
        };
        all.extend(words(["-i", &self.key_file]));
        all
    }

    /// Says that options for OpenSSH mean nothing to PuTTY.
    pub(super) fn warn_of_options(&self, context: &Context) {
        if !self.ssh_options.is_empty() {
            context.ui.err(format_args!(
                "WARNING: --ssh-options is only supported with OpenSSH. Options are ignored when using PuTTY/pscp.\n"
            ));
        }
    }
}

/// The option that has ssh trust hosts it does not know, and those alone, where this ssh has it.
fn trusting(context: &Context) -> String {
    const NEW_ONES: &str = "StrictHostKeyChecking=accept-new";
    let tried = Command::new("ssh").args(["-G", "-o", NEW_ONES, "localhost"]).output();
    if tried.is_ok_and(|tried| tried.status.success()) {
        return NEW_ONES.to_owned();
    }
    context.ui.err(format_args!(
        "WARNING: Your OpenSSH version does not support StrictHostKeyChecking=accept-new (requires OpenSSH 7.6+). \
         Falling back to StrictHostKeyChecking=no. Upgrade to OpenSSH 7.6+ for improved security.\n"
    ));
    "StrictHostKeyChecking=no".to_owned()
}

/// Shows the command, runs it to its end, and ends with its code.
pub(super) fn run(context: &Context, words: &[String]) -> CommandResult {
    context.ui.out(format_args!("{}\n", words.join(" ")))?;
    let (program, args) = words.split_first().expect("a command has a program");
    context.ui.leave_interrupts_to_child();
    let status =
        exec::wait_for(Command::new(program).args(args)).map_err(|error| not_started(program, &error))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(CommandError::said(u8::try_from(code).unwrap_or(u8::MAX))),
        None => Err(CommandError::said(u8::MAX)),
    }
}

fn not_started(program: &str, error: &io::Error) -> CommandError {
    CommandError::general(format!("could not start `{program}`")).caused_by(error)
}

/// Words of a command.
pub(super) fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}
