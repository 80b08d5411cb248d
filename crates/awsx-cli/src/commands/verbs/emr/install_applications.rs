//! `emr install-applications`.

use awsx_core::settings::table;
use awsx_params::Given;
use clap::ArgAction;

use super::applications::Installation;
use super::steps::text_of;
use super::{add_old_steps, shapes};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Install Hive or Pig on a running cluster of before release 4.0
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr install-applications --cluster-id j-3SD91U2E1L2QX --applications Name=Hive Name=Pig")]
pub(crate) struct InstallApplicationsArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// The applications: Name=Hive[,Args=[…]] …
    #[arg(long, value_name = "APPLICATION", required = true, num_args = 1.., action = ArgAction::Set)]
    applications: Vec<String>,
}

/// What can be installed while a cluster runs.
const INSTALLABLE: [&str; 2] = ["HIVE", "PIG"];

/// What there is.
const KNOWN: [&str; 10] =
    ["HIVE", "PIG", "HBASE", "GANGLIA", "IMPALA", "SPARK", "MAPR", "MAPR_M3", "MAPR_M5", "MAPR_M7"];

pub(crate) fn run(context: &Context, args: &InstallApplicationsArgs) -> CommandResult {
    let asked = match shapes::APPLICATIONS.read(context.env(), "applications", &args.applications)? {
        Given::List(applications) => applications,
        single => vec![single],
    };
    let region = context.settings.text(&table::REGION)?;
    add_old_steps(context, "install-applications", &args.cluster_id, || {
        asked.iter().filter_map(|application| text_of(application, "Name")).try_for_each(check)?;
        // The version matters to none of those that can be installed.
        Ok(Installation::of(&asked, region.as_deref(), "")?.steps)
    })
}

fn check(name: &str) -> CommandResult {
    let upper = name.to_uppercase();
    if INSTALLABLE.contains(&upper.as_str()) {
        return Ok(());
    }
    Err(CommandError::usage(if KNOWN.contains(&upper.as_str()) {
        format!(
            "{name} cannot be installed on a running cluster. 'Name' should be one of the following: {}",
            INSTALLABLE.join(", ")
        )
    } else {
        format!("Unknown application: {name}. 'Name' should be one of the following: {}", KNOWN.join(", "))
    }))
}
