//! EMR's options beside the model: tags as `key=value`, and short names for groups of states.

use super::{Apply, Table};
use crate::words::Takes;
use crate::{Given, Parameters, ParamsError};

/// Adds EMR's options.
pub(super) fn apply(table: &mut Table) {
    match table.word.as_str() {
        "add-tags" => table.add_required_list("tags", "Tags: `key=value`, or `key` alone", Apply::With(tags)),
        "list-clusters" => list_clusters(table),
        _ => {}
    }
}

fn list_clusters(table: &mut Table) {
    table.add("cluster-states", "Only clusters in these states", Takes::Several, Apply::Try(states));
    let shortcuts: [(&str, &'static str, Apply); 3] = [
        ("active", "Only clusters that have not ended", Apply::Try(|_, all| filter(all, &ACTIVE))),
        (
            "terminated",
            "Only clusters that have ended well",
            Apply::Try(|_, all| filter(all, &["TERMINATED"])),
        ),
        (
            "failed",
            "Only clusters that have failed",
            Apply::Try(|_, all| filter(all, &["TERMINATED_WITH_ERRORS"])),
        ),
    ];
    for (name, about, apply) in shortcuts {
        table.add(name, about, Takes::Nothing, apply);
    }
}

const ACTIVE: [&str; 5] = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING", "TERMINATING"];

fn filter(parameters: &mut Parameters, states: &[&str]) -> Result<(), ParamsError> {
    self::states(&Given::List(states.iter().map(|state| Given::from(*state)).collect()), parameters)
}

fn states(value: &Given, parameters: &mut Parameters) -> Result<(), ParamsError> {
    if parameters.contains_key("ClusterStates") {
        return Err(ParamsError::Value(
            "You can specify only one of the cluster state filters: --cluster-states, --active, --terminated, --failed."
                .to_owned(),
        ));
    }
    parameters.insert("ClusterStates".to_owned(), value.clone());
    Ok(())
}

/// `key=value key`.
fn tags(value: &Given, parameters: &mut Parameters) {
    let Given::List(tags) = value else { return };
    let tags = tags.iter().map(|tag| tag_of(&super::custom::text_of(tag)));
    parameters.insert("Tags".to_owned(), Given::List(tags.collect()));
}

/// A tag as the model has it, from `key=value` or a key alone.
pub fn tag_of(text: &str) -> Given {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    Given::from([("Key", key.into()), ("Value", value.into())])
}
