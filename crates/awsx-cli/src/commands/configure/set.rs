//! `configure set`: writes one value.

use awsx_core::ini::{Change, SectionName};

use super::keys::{self, Place, Subsection};
use super::write::{credentials_file_changes, write_config, write_credentials};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Write a value to the config file, or to the credentials file if it is a key or token
///
/// The rest of the file stays as it is, byte for byte.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure set region eu-west-1
  awsx configure set profile.dev.output table
  awsx configure set s3.max_concurrent_requests 20 --profile dev
  awsx configure set sso_region us-east-1 --sso-session corp
  awsx configure set dynamodb.endpoint_url http://localhost:8000 --services local")]
pub(crate) struct SetArgs {
    /// The value's name, with dots for the profile and for nested keys
    varname: String,
    /// The value
    #[arg(allow_negative_numbers = true)]
    value: String,
    #[command(flatten)]
    subsection: Subsection,
}

pub(crate) fn run(context: &Context, args: &SetArgs) -> CommandResult {
    let place = match args.subsection.section()? {
        Some(section) => {
            check_name(&section)?;
            Place::to_write_in(section, &args.varname)?
        }
        None => Place::to_write(context, &args.varname)?,
    };
    let Place { section, key, sub_key } = place;
    let value = args.value.clone();
    match (section, sub_key) {
        (SectionName::Profile(profile), None) if keys::is_credential(&key) => {
            let changes = vec![Change::Set { key, value }];
            write_credentials(context, &[credentials_file_changes(&profile, changes)])
        }
        (section, None) => write_config(context, &[(section, vec![Change::Set { key, value }])]),
        (section, Some(sub_key)) => {
            write_config(context, &[(section, vec![Change::SetNested { key, sub_key, value }])])
        }
    }
}

/// AWS CLI's rule, which looks at the beginning of the name only.
fn check_name(section: &SectionName) -> CommandResult {
    let (flag, name) = match section {
        SectionName::SsoSession(name) => ("--sso-session", name),
        SectionName::Services(name) => ("--services", name),
        SectionName::Profile(_) | SectionName::Plain(_) => return Ok(()),
    };
    let allowed = |first: char| first.is_alphanumeric() || "_-/.%@:+".contains(first);
    if name.chars().next().is_some_and(allowed) {
        Ok(())
    } else {
        Err(CommandError::usage(format!("Invalid value for {flag}.")))
    }
}
