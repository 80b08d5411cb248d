//! `configure sso-session`: a sign-in that profiles can share.

use super::sso::session_section;
use super::write::write_config;
use crate::context::Context;
use crate::error::CommandResult;
use crate::wizards::sso::{self as wizard, SessionFlags};

/// Set up a sign-in that profiles can share
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure sso-session
  awsx configure sso-session --sso-session-name corp --sso-start-url https://corp.awsapps.com/start \\
    --sso-region us-east-1")]
pub(crate) struct SsoSessionArgs {
    #[command(flatten)]
    session: SessionFlags,
}

pub(crate) fn run(context: &Context, args: &SsoSessionArgs) -> CommandResult {
    let clients = context.clients()?;
    let session = context.block_on(wizard::ask_session_anew(context, &clients, &args.session))?;
    let name = session.sso.session.clone().unwrap_or_default();
    write_config(context, &Vec::from_iter(session_section(&session)))?;
    context.ui.out(format_args!(
        "\nCompleted configuring SSO session: {name}\nRun the following to login and refresh access token for this \
         session:\n\nawsx sso login --sso-session {name}\n"
    ))
}
