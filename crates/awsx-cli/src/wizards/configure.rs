//! `configure` without a subcommand: keys, region and output format of a profile.

use awsx_core::Secret;
use awsx_core::ini::{Change, SectionName};

use crate::commands::configure::{credentials_file_changes, write_config, write_credentials};
use crate::context::Context;
use crate::error::CommandResult;

/// One value that is asked for.
struct Asked {
    key: &'static str,
    text: &'static str,
    shown: Shown,
}

/// How much of a value a bystander may see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// All of it.
    Plain,
    /// The end of the current one; what is typed is shown.
    Masked,
    /// The end of the current one; what is typed is not shown.
    Hidden,
}

const ACCESS_KEY: Asked = Asked { key: "aws_access_key_id", text: "AWS Access Key ID", shown: Shown::Masked };
const SECRET_KEY: Asked =
    Asked { key: "aws_secret_access_key", text: "AWS Secret Access Key", shown: Shown::Hidden };
const SESSION_TOKEN: Asked =
    Asked { key: "aws_session_token", text: "AWS Session Token", shown: Shown::Hidden };
const REGION: Asked = Asked { key: "region", text: "Default region name", shown: Shown::Plain };
const OUTPUT: Asked = Asked { key: "output", text: "Default output format", shown: Shown::Plain };

/// Temporary keys begin so, and are of no use without a session token.
const TEMPORARY: &str = "ASIA";

/// Asks, and writes what was changed.
pub(crate) fn run(context: &Context) -> CommandResult {
    let name = context.settings.profile_name();
    let profile = context.settings.profiles()?.profile(&name).unwrap_or_default();
    let current = |asked: &Asked| profile.text(asked.key);
    if profile.is_empty() {
        context.ui.out(format_args!(
            "\nTip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running \
             the command 'aws login'.\n\n"
        ))?;
    }
    let mut keys = Vec::new();
    let typed_key = ask(context, &ACCESS_KEY, current(&ACCESS_KEY))?;
    keys.extend(change(&ACCESS_KEY, current(&ACCESS_KEY), typed_key.as_deref()));
    let secret = ask(context, &SECRET_KEY, current(&SECRET_KEY))?;
    keys.extend(change(&SECRET_KEY, current(&SECRET_KEY), secret.as_deref()));
    let token = current(&SESSION_TOKEN);
    let wants_token = match typed_key.as_deref() {
        Some(key) => key.starts_with(TEMPORARY),
        None => token.is_some(),
    };
    if wants_token {
        let typed = ask(context, &SESSION_TOKEN, token)?;
        keys.extend(change(&SESSION_TOKEN, token, typed.as_deref()));
    } else if token.is_some() {
        keys.push(Change::Remove { key: SESSION_TOKEN.key.to_owned() });
    }
    let mut settings = Vec::new();
    for asked in [&REGION, &OUTPUT] {
        let typed = ask(context, asked, current(asked))?;
        settings.extend(change(asked, current(asked), typed.as_deref()));
    }
    if keys.is_empty() && settings.is_empty() {
        return Ok(());
    }
    if !keys.is_empty() {
        write_credentials(context, &[credentials_file_changes(&name, keys)])?;
    }
    // As in AWS CLI, the profile gets its header in the config file even when only keys were typed.
    write_config(context, &[(SectionName::Profile(name), settings)])
}

/// The typed answer; none if it was empty.
fn ask(context: &Context, asked: &Asked, current: Option<&str>) -> CommandResult<Option<String>> {
    let shown = match current {
        None => "None".to_owned(),
        Some(value) if asked.shown == Shown::Plain => value.to_owned(),
        Some(value) => Secret::from(value).masked(),
    };
    let typed =
        context.ui.ask_verbatim(&format!("{} [{shown}]", asked.text), asked.shown == Shown::Hidden)?;
    Ok(Some(typed).filter(|typed| !typed.is_empty()))
}

fn change(asked: &Asked, current: Option<&str>, typed: Option<&str>) -> Option<Change> {
    let typed = typed.filter(|typed| current != Some(typed))?;
    Some(Change::Set { key: asked.key.to_owned(), value: typed.to_owned() })
}
