//! Bootstrap actions: programs that run on every instance before the applications are there.

use awsx_params::{Given, Parameters};

use super::step::put;
use super::steps::text_of;
use crate::error::{CommandError, CommandResult};

/// So many a cluster may have.
const MOST: usize = 16;

/// An action that runs what lies at `path`.
pub(super) fn action(name: &str, path: String, args: Vec<Given>) -> Given {
    let mut script = Parameters::new();
    put(&mut script, "Args", Some(args.into()));
    script.insert("Path".to_owned(), path.into());
    [("Name", name.into()), ("ScriptBootstrapAction", Given::Map(script))].into()
}

/// `--bootstrap-actions`, beside so many others.
pub(super) fn actions(asked: &[Given], others: usize) -> CommandResult<Vec<Given>> {
    if others + asked.len() > MOST {
        return Err(CommandError::usage("maximum number of bootstrap actions for a cluster exceeded."));
    }
    Ok(asked.iter().map(asked_for).collect())
}

fn asked_for(asked: &Given) -> Given {
    let mut script = Parameters::new();
    for name in ["Path", "Args"] {
        put(&mut script, name, asked.get(name).cloned());
    }
    let mut action = Parameters::new();
    action.insert("Name".to_owned(), text_of(asked, "Name").unwrap_or("Bootstrap action").into());
    put(&mut action, "ScriptBootstrapAction", Some(Given::Map(script)));
    Given::Map(action)
}
