//! What the verbs for machines of one's own have in common.

use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

/// The file that lets a machine's agent sign in.
pub(super) const CONFIG_FILE: &str = "codedeploy.onpremises.yml";

const LONGEST_NAME: usize = 100;

/// The region, which these verbs ask for in words of their own.
pub(super) fn region(context: &Context) -> CommandResult<String> {
    match context.region_if_any()? {
        Some(_) => context.region(),
        None => Err(CommandError::new(Kind::Configuration, "Region not specified.")),
    }
}

/// Refuses names that CodeDeploy does not take for such machines.
pub(super) fn check_name(name: &str) -> CommandResult {
    let refuse = |message: String| Err(CommandError::usage(message));
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c)) {
        return refuse("Instance name contains invalid characters.".to_owned());
    }
    if name.starts_with("i-") {
        return refuse("Instance name cannot start with 'i-'.".to_owned());
    }
    if name.len() > LONGEST_NAME {
        return refuse(format!("Instance name cannot be longer than {LONGEST_NAME} characters."));
    }
    Ok(())
}

/// Says what went wrong in the middle of the lines that tell of each step, and what can be done by hand. `task` is what:
/// `Register the on-premises instance`.
pub(super) fn or_by_hand(context: &Context, task: &str, done: CommandResult) -> CommandResult {
    let error = match done {
        Err(error) if !matches!(error.kind, Kind::Said(_) | Kind::Interrupted) => error,
        done => return done,
    };
    context.ui.err(format_args!(
        "ERROR\n{}\n{task} by following the instructions in \"Configure Existing On-Premises Instances by Using AWS \
         CodeDeploy\" in the AWS CodeDeploy User Guide.\n",
        error.message.trim()
    ));
    Err(CommandError::said(255))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_machines_are_checked() {
        assert!(check_name("web-1@site,rack=2").is_ok());
        for (name, part) in [
            ("a b", "invalid characters"),
            ("i-1", "cannot start with"),
            (&*"a".repeat(101), "longer than 100 characters"),
        ] {
            assert!(check_name(name).unwrap_err().message.contains(part), "{name}");
        }
    }
}
