//! `sso logout`: the service ends the tokens, the files go.

use awsx_auth::sso::{self, SsoConfig};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Sign out of every session, or of one
///
/// Removes tokens and the credentials of roles that came from them, and has IAM Identity Center end the sign-in.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx sso logout
  awsx sso logout --sso-session corp")]
pub(crate) struct LogoutArgs {
    /// Sign out of this session only
    #[arg(long, value_name = "NAME")]
    sso_session: Option<String>,
}

pub(crate) fn run(context: &Context, args: &LogoutArgs) -> CommandResult {
    let clients = context.clients()?;
    let report = context.block_on(async {
        match &args.sso_session {
            None => sso::logout_all(&clients).await,
            Some(name) => {
                let sso = SsoConfig::of_session(context.settings.profiles()?, name)?;
                sso::logout_session(&clients, &sso).await
            }
        }
    })?;
    let removed = report.tokens;
    match report.unreachable.into_iter().next() {
        None => Ok(()),
        Some(error) => Err(CommandError::from(error).with_hint(format!(
            "this machine is signed out ({removed} token{} removed); the service could not be told, so there the \
             sign-in lasts until it expires",
            if removed == 1 { "" } else { "s" }
        ))),
    }
}
