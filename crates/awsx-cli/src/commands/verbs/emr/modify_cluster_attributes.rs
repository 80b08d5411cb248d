//! `emr modify-cluster-attributes`: an operation for each switch.

use awsx_model::Input;

use super::mistakes::exclusive;
use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// Change what a running cluster's switches say
#[derive(clap::Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(after_help = "Example:
  awsx emr modify-cluster-attributes --cluster-id j-3SD91U2E1L2QX --termination-protected --no-auto-terminate")]
pub(crate) struct ModifyClusterAttributesArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// Show the cluster to all users of the account
    #[arg(long)]
    visible_to_all_users: bool,
    /// Show it to none but its maker; AWS has given this up
    #[arg(long)]
    no_visible_to_all_users: bool,
    /// Refuse to end it
    #[arg(long)]
    termination_protected: bool,
    /// Let it end
    #[arg(long)]
    no_termination_protected: bool,
    /// End it after its last step
    #[arg(long)]
    auto_terminate: bool,
    /// Keep it then
    #[arg(long)]
    no_auto_terminate: bool,
    /// Replace nodes that are ill
    #[arg(long)]
    unhealthy_node_replacement: bool,
    /// Keep them
    #[arg(long)]
    no_unhealthy_node_replacement: bool,
}

/// A switch and its opposite.
struct Switch {
    on: bool,
    off: bool,
    option: &'static str,
    operation: &'static str,
    member: &'static str,
    /// Whether the member says the opposite of the switch.
    is_opposite: bool,
}

impl Switch {
    fn both(&self) -> String {
        format!("--{0}|--no-{0}", self.option)
    }
}

impl ModifyClusterAttributesArgs {
    fn switches(&self) -> [Switch; 4] {
        let switch = |on, off, option, operation, member| Switch {
            on,
            off,
            option,
            operation,
            member,
            is_opposite: member == "KeepJobFlowAliveWhenNoSteps",
        };
        [
            switch(
                self.visible_to_all_users,
                self.no_visible_to_all_users,
                "visible-to-all-users",
                "SetVisibleToAllUsers",
                "VisibleToAllUsers",
            ),
            switch(
                self.termination_protected,
                self.no_termination_protected,
                "termination-protected",
                "SetTerminationProtection",
                "TerminationProtected",
            ),
            switch(
                self.auto_terminate,
                self.no_auto_terminate,
                "auto-terminate",
                "SetKeepJobFlowAliveWhenNoSteps",
                "KeepJobFlowAliveWhenNoSteps",
            ),
            switch(
                self.unhealthy_node_replacement,
                self.no_unhealthy_node_replacement,
                "unhealthy-node-replacement",
                "SetUnhealthyNodeReplacement",
                "UnhealthyNodeReplacement",
            ),
        ]
    }
}

pub(crate) fn run(context: &Context, args: &ModifyClusterAttributesArgs) -> CommandResult {
    let switches = args.switches();
    if let Some(Switch { option, .. }) = switches.iter().find(|switch| switch.on && switch.off) {
        return Err(exclusive(&format!("--{option}"), &format!("--no-{option}")));
    }
    if !switches.iter().any(|switch| switch.on || switch.off) {
        let all: Vec<String> = switches.iter().map(Switch::both).collect();
        return Err(CommandError::usage(format!(
            "Must specify one of the following boolean options: {}.",
            all.join(", ")
        )));
    }
    for switch in switches.iter().filter(|switch| switch.on || switch.off) {
        let output = Output::of(context)?;
        let clusters = Input::List(vec![args.cluster_id.as_str().into()]);
        let value = Input::Boolean(switch.on != switch.is_opposite);
        let input = members([("JobFlowIds", clusters), (switch.member, value)]);
        let answer = context.block_on(async {
            ServiceClient::connect(context, "emr").await?.call(switch.operation, input).await
        })?;
        output.show(context, switch.operation, &answer)?;
    }
    Ok(())
}
