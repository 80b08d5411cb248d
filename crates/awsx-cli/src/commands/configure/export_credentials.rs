//! `configure export-credentials`: the credentials in use, for another program or for the shell.

mod quote;

use std::fmt::Write;

use awsx_auth::Credentials;
use awsx_auth::process::PROFILE_CHAIN;
use awsx_core::timestamp;
use clap::ValueEnum;
use serde_json::json;

use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};

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
    let credentials = context.block_on(context.credentials())?;
    let credentials = credentials.ok_or_else(|| unavailable("no credentials found".to_owned()))?;
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
    format!("{fields:#}\n")
}

fn lines(credentials: &Credentials, format: Format) -> CommandResult<String> {
    let mut pairs = vec![
        ("AWS_ACCESS_KEY_ID", credentials.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key.expose().clone()),
    ];
    if let Some(token) = &credentials.session_token {
        pairs.push(("AWS_SESSION_TOKEN", token.expose().clone()));
    }
    if let Some(expiration) = credentials.expiration {
        pairs.push(("AWS_CREDENTIAL_EXPIRATION", timestamp::isoformat(expiration)));
    }
    let mut text = String::new();
    for (name, value) in pairs {
        let line = match format {
            Format::Process => unreachable!("it is JSON, not lines"),
            Format::Env => format!("export {name}={}", quote::posix(&value)),
            Format::EnvNoExport => format!("{name}={}", quote::posix(&value)),
            Format::Powershell => format!("$Env:{name}={}", quote::powershell(&value)),
            Format::WindowsCmd => quote::windows_cmd(name, &value).ok_or_else(|| {
                CommandError::general(format!(
                    "`{name}` holds a character that cmd.exe cannot be given safely"
                ))
            })?,
            Format::Fish => format!("set -gx {name} {}", quote::fish(&value)),
        };
        writeln!(text, "{line}").expect("memory takes what is written");
    }
    Ok(text)
}
