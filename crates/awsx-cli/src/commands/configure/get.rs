//! `configure get`: prints one value of the files.

use awsx_core::ini::SectionName;
use awsx_core::profile::{Properties, Value};

use super::keys::{Place, Subsection};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Print a value from the config or credentials file; exit code 1 if it is not set
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure get region --profile dev
  awsx configure get profile.dev.s3.addressing_style
  awsx configure get sso_start_url --sso-session corp")]
pub(crate) struct GetArgs {
    /// The value's name, with dots for the profile and for nested keys
    varname: String,
    #[command(flatten)]
    subsection: Subsection,
}

pub(crate) fn run(context: &Context, args: &GetArgs) -> CommandResult {
    let profiles = context.settings.profiles()?;
    let place = match args.subsection.section()? {
        Some(section) => Place::to_read_in(section, &args.varname),
        None => Place::to_read(context, &args.varname, |name| profiles.contains(name))?,
    };
    let Place { section, key, sub_key } = place;
    let not_found =
        |name: &str| CommandError::general(format!("The config sub-section ({name}) could not be found"));
    let properties = match &section {
        SectionName::Profile(name) if *name == context.settings.profile_name() => {
            context.settings.scoped()?.clone()
        }
        SectionName::Profile(name) => profiles.profile(name).unwrap_or_default(),
        SectionName::SsoSession(name) => profiles.sso_session(name).ok_or_else(|| not_found(name))?,
        SectionName::Services(name) => profiles.services(name).ok_or_else(|| not_found(name))?,
        SectionName::Plain(name) => profiles.plain_section(name).unwrap_or_default(),
    };
    match find(&properties, &key, sub_key.as_deref()) {
        Found::Text(text) => context.ui.out(format_args!("{text}\n")),
        Found::Block => {
            context.ui.err(format_args!(
                "varname ({}) must reference a value, not a section or sub-section.\n",
                args.varname
            ));
            Err(CommandError::said(1))
        }
        Found::Nothing => Err(CommandError::said(1)),
    }
}

enum Found<'a> {
    Text(&'a str),
    Block,
    Nothing,
}

fn find<'a>(properties: &'a Properties, key: &str, sub_key: Option<&str>) -> Found<'a> {
    match (properties.property(key).map(|property| &property.value), sub_key) {
        (Some(Value::Text(text)), None) => Found::Text(text),
        (Some(Value::Nested(_)), None) => Found::Block,
        (Some(Value::Nested(_)), Some(sub_key)) => {
            properties.nested(key, sub_key).map_or(Found::Nothing, Found::Text)
        }
        (Some(Value::Text(_)), Some(_)) | (None, _) => Found::Nothing,
    }
}
