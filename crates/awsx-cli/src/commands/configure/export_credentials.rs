//! `configure export-credentials`: the credentials in use, for another program or for the shell.

use std::fmt::Write;

use awsx_auth::chain::{self, ChainError};
use awsx_auth::metadata::MetadataError;
use awsx_auth::process::{PROFILE_CHAIN, ProcessError};
use awsx_auth::{AuthError, Credentials, EndError};
use awsx_core::timestamp;
use clap::ValueEnum;
use serde_json::json;
use time::Duration;

use crate::commands::variables;
use crate::commands::wish::WishArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::shell::{self, Shell};
use crate::span;

/// Print the credentials in use for another program or for your shell
///
/// Values are quoted wherever the shell would otherwise read more into them than text.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  eval \"$(awsx configure export-credentials --profile dev --format env)\"
  awsx configure export-credentials --profile dev --format fish | source

In ~/.aws/config, for tools that know credential_process:
  credential_process = awsx configure export-credentials --profile dev")]
pub(crate) struct ExportCredentialsArgs {
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Process)]
    format: Format,
    /// How long the credentials last, such as `90m` or `2h`, where a role is taken
    #[arg(long, value_name = "SPAN", value_parser = span::parse)]
    duration: Option<Duration>,
    #[command(flatten)]
    wish: WishArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// JSON, as `credential_process` wants it
    Process,
    /// `export NAME=value` lines for POSIX shells
    Env,
    /// `NAME=value` lines
    EnvNoExport,
    /// `$Env:NAME="value"` lines
    Powershell,
    /// `set NAME=value` lines
    WindowsCmd,
    /// `set -gx NAME "value"` lines
    Fish,
}

/// How many profiles may lead to one another.
const PROFILE_CHAIN_LIMIT: usize = 4;

pub(crate) fn run(context: &Context, args: &ExportCredentialsArgs) -> CommandResult {
    refuse_recursion(context)?;
    let unavailable = |cause: String| {
        CommandError::new(Kind::Configuration, format!("Unable to retrieve credentials: {cause}"))
    };
    context.settings.scoped().map_err(|error| unavailable(error.to_string()))?;
    let none_found = || unavailable("no credentials found".to_owned());
    // AWS CLI tells faults it meets while it looks for credentials in words and with a code of their own. What goes
    // wrong when it first uses what it found (a sign-in, a role, keys that are over) is told as everywhere.
    chain::plan(&context.settings).map_err(|error| match error {
        AuthError::Chain(ChainError::End(EndError::Over)) => error.into(),
        _ => unavailable(error.to_string()),
    })?;
    let link = args.wish.plan(context, args.duration)?.ok_or_else(none_found)?;
    let clients = context.clients()?;
    let credentials =
        context.block_on(chain::resolve(&clients, &link, context)).map_err(|error| match error {
            AuthError::Chain(ChainError::NoCredentials) => none_found(),
            AuthError::Process(ProcessError::End(EndError::Over))
            | AuthError::Metadata(MetadataError::End(EndError::Over)) => error.into(),
            AuthError::Process(_) | AuthError::Metadata(_) => unavailable(error.to_string()),
            _ => error.into(),
        })?;
    let text = match args.format {
        Format::Process => process(&credentials),
        other => lines(&credentials, other)?,
    };
    context.ui.out(format_args!("{text}"))
}

fn refuse_recursion(context: &Context) -> CommandResult {
    let chain = context.env().var_filled(PROFILE_CHAIN).unwrap_or_default();
    let seen: Vec<&str> = chain.split(',').filter(|name| !name.is_empty()).collect();
    let profile = context.settings.profile_name();
    let path = seen.join(" -> ");
    let message = if seen.len() >= PROFILE_CHAIN_LIMIT {
        format!(
            "Maximum recursive credential process resolution reached ({PROFILE_CHAIN_LIMIT}).\nProfiles seen: {path}"
        )
    } else if seen.contains(&profile.as_str()) {
        format!("Credential process resolution detected an infinite loop, profile cycle: {path} -> {profile}")
    } else {
        return Ok(());
    };
    Err(CommandError::new(Kind::Configuration, message))
}

/// Two blanks of indent, unlike the rest of AWS CLI's JSON.
fn process(credentials: &Credentials) -> String {
    let mut fields = json!({
        "Version": 1,
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.expose(),
    });
    if let Some(token) = &credentials.session_token {
        fields["SessionToken"] = json!(token.expose());
    }
    if let Some(expiration) = credentials.expiration {
        fields["Expiration"] = json!(timestamp::isoformat(expiration));
    }
    format!("{}\n", in_ascii(&format!("{fields:#}")))
}

/// As Python writes JSON: what is not ASCII, which only texts hold, by its UTF-16 units.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(ascii, "\\u{unit:04x}").expect("memory takes what is written");
            }
        }
    }
    ascii
}

fn lines(credentials: &Credentials, format: Format) -> CommandResult<String> {
    let mut text = String::new();
    for (name, value) in variables::of_credentials(credentials) {
        let value = value.expose();
        let line = match format {
            Format::Process => unreachable!("it is JSON, not lines"),
            Format::Env => Shell::Bash.assignment(name, value)?,
            Format::EnvNoExport => shell::posix_assignment(name, value),
            Format::Powershell => Shell::Powershell.assignment(name, value)?,
            Format::WindowsCmd => Shell::Cmd.assignment(name, value)?,
            Format::Fish => Shell::Fish.assignment(name, value)?,
        };
        writeln!(text, "{line}").expect("memory takes what is written");
    }
    Ok(text)
}
