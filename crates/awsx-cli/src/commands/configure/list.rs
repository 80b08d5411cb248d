//! `configure list`: the settings in use and where they come from.

use awsx_core::Secret;
use awsx_core::profile::File;
use awsx_core::settings::{Origin, Resolved, table};

use crate::context::Context;
use crate::error::CommandResult;

/// Show profile, credentials and region in use, and where each comes from
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx configure list --profile dev")]
pub(crate) struct ListArgs {}

/// One line: what, its value, the kind of its source, the source.
struct Row {
    name: &'static str,
    value: String,
    kind: String,
    location: String,
}

pub(crate) fn run(context: &Context, _: &ListArgs) -> CommandResult {
    // Files that cannot be read are told before anything is shown.
    context.settings.profiles()?;
    show(context, &row("NAME", "VALUE", "TYPE", "LOCATION"))?;
    show(context, &profile_row(context))?;
    // Everything after needs the profile, and says so if it does not exist.
    context.settings.scoped()?;
    for row in credential_rows(context)? {
        show(context, &row)?;
    }
    show(context, &region_row(context)?)
}

fn show(context: &Context, row: &Row) -> CommandResult {
    let Row { name, value, kind, location } = row;
    context.ui.out(format_args!("{name:<10} : {value:<24} : {kind:<16} : {location}\n"))
}

fn row(name: &'static str, value: &str, kind: &str, location: &str) -> Row {
    Row { name, value: value.into(), kind: kind.into(), location: location.into() }
}

fn not_set(name: &'static str) -> Row {
    row(name, "<not set>", "None", "None")
}

fn profile_row(context: &Context) -> Row {
    match context.settings.named_profile() {
        Some(named) => sourced(context, "profile", &named, table::PROFILE.variables),
        None => not_set("profile"),
    }
}

fn region_row(context: &Context) -> CommandResult<Row> {
    Ok(match context.settings.resolve(&table::REGION)? {
        Some(region) => sourced(context, "region", &region, table::REGION.variables),
        None => match context.instance_region()? {
            Some(region) => row("region", &region, "imds", ""),
            None => not_set("region"),
        },
    })
}

fn sourced(context: &Context, name: &'static str, resolved: &Resolved, variables: &[&str]) -> Row {
    let (kind, location) = match resolved.origin {
        Origin::Flag(flag) => ("manual", flag.to_owned()),
        // AWS CLI shows all the variables that could have set it, as Python prints a list.
        Origin::Variable(_) => {
            let quoted: Vec<String> = variables.iter().map(|name| format!("'{name}'")).collect();
            ("env", format!("[{}]", quoted.join(", ")))
        }
        Origin::File(place) => {
            let paths = awsx_core::profile::Paths::resolve(context.env());
            match place.file {
                File::Config => ("config-file", paths.config_as_written),
                File::Credentials => ("config-file", paths.credentials.display().to_string()),
            }
        }
        Origin::Default => ("None", "None".to_owned()),
    };
    row(name, &resolved.value, kind, &location)
}

fn credential_rows(context: &Context) -> CommandResult<[Row; 2]> {
    let Some(credentials) = context.block_on(context.credentials())? else {
        return Ok([not_set("access_key"), not_set("secret_key")]);
    };
    let method = credentials.method.as_str();
    let key = Secret::from(credentials.access_key_id.as_str());
    Ok([
        row("access_key", &key.masked(), method, ""),
        row("secret_key", &credentials.secret_access_key.masked(), method, ""),
    ])
}
