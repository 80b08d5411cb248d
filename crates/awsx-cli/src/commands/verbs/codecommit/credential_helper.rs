//! `codecommit credential-helper`: answers git, which asks a program of this kind for user and password.

use std::collections::HashMap;
use std::io::BufRead;

use awsx_auth::tokens::git_password;
use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Give git the user and password with which it reads and writes CodeCommit's repositories
///
/// The password is a signature for one repository, good for some minutes; nothing is kept.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  git config --global credential.helper '!awsx codecommit credential-helper $@'
  git config --global credential.UseHttpPath true")]
pub(crate) struct CredentialHelperArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    Get(GetArgs),
    /// Keep what git has used (nothing is kept)
    #[command(hide = true, after_help = "Example:\n  awsx codecommit credential-helper store")]
    Store {},
    /// Forget what git has used (nothing is kept)
    #[command(hide = true, after_help = "Example:\n  awsx codecommit credential-helper erase")]
    Erase {},
}

/// Print user and password for the URL that standard input describes
#[derive(Args, Debug)]
#[command(after_help = "Example:
  printf 'protocol=https\\nhost=git-codecommit.eu-west-1.amazonaws.com\\npath=v1/repos/shop\\n' |
    awsx codecommit credential-helper get")]
struct GetArgs {
    /// Answer whatever the host is
    #[arg(long)]
    ignore_host_check: bool,
}

pub(crate) fn run(context: &Context, args: &CredentialHelperArgs) -> CommandResult {
    match &args.action {
        Action::Get(args) => get(context, args),
        Action::Store {} | Action::Erase {} => Ok(()),
    }
}

fn get(context: &Context, args: &GetArgs) -> CommandResult {
    let asked = read_question(std::io::stdin().lock())?;
    let part = |name: &str| {
        asked.get(name).map(String::as_str).ok_or_else(|| CommandError::general(format!("'{name}'")))
    };
    let host = part("host")?;
    if !args.ignore_host_check && !host.contains("amazon.com") && !host.contains("amazonaws.com") {
        return Ok(());
    }
    // The scheme is no part of what is signed.
    part("protocol")?;
    let path = part("path")?;
    let region = match region_of(host) {
        Some(region) => region.to_owned(),
        None => context.region()?,
    };
    let keys = context.block_on(context.required_credentials())?;
    let password = git_password(&keys, &region, host, path, context.env().now())
        .map_err(|error| CommandError::general(error.to_string()))?;
    let user = match &keys.session_token {
        Some(token) => format!("{}%{}", keys.access_key_id, token.expose()),
        None => keys.access_key_id.clone(),
    };
    context.ui.out(format_args!("username={user}\npassword={}\n", password.expose()))
}

/// What git says of the URL: lines of names and values.
fn read_question(input: impl BufRead) -> CommandResult<HashMap<String, String>> {
    let mut asked = HashMap::new();
    for line in input.lines() {
        let line =
            line.map_err(|error| CommandError::general("could not read from git").caused_by(&error))?;
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| CommandError::general("not enough values to unpack (expected 2, got 1)"))?;
        asked.insert(name.to_owned(), value.to_owned());
    }
    Ok(asked)
}

/// The region in the name of one of CodeCommit's hosts, those of private endpoints included.
fn region_of(host: &str) -> Option<&str> {
    let rest = match host.split_once('.') {
        Some((endpoint, rest)) if endpoint.starts_with("vpce-") => rest,
        _ => host,
    };
    let rest = rest.strip_prefix("git-codecommit")?;
    let rest = rest.strip_prefix("-fips").unwrap_or(rest).strip_prefix('.')?;
    let (region, rest) = rest.split_once('.')?;
    let rest = rest.strip_prefix("vpce.").unwrap_or(rest);
    (!region.is_empty() && rest.starts_with("amazonaws.com")).then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_tells_the_region() {
        for (host, region) in [
            ("git-codecommit.us-east-1.amazonaws.com", Some("us-east-1")),
            ("git-codecommit-fips.us-west-2.amazonaws.com:443", Some("us-west-2")),
            ("vpce-1-2.git-codecommit.eu-west-1.vpce.amazonaws.com", Some("eu-west-1")),
            ("git-codecommit.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
            ("git.example.com", None),
            ("git-codecommit.example.com", None),
        ] {
            assert_eq!(region_of(host), region, "{host}");
        }
    }

    #[test]
    fn git_asks_in_lines() {
        let asked = read_question("protocol=https\n\npath=a=b\r\n".as_bytes()).unwrap();
        assert_eq!(asked["path"], "a=b");
        assert!(read_question("nonsense\n".as_bytes()).is_err());
    }
}
