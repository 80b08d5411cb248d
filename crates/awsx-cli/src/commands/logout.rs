//! `logout`: the end of a sign-in with console credentials.

use awsx_auth::login;

use crate::context::Context;
use crate::error::CommandResult;

/// Forget the credentials of `awsx login`
///
/// Removes what is kept for the profile in use. The profile stays set up: `awsx login` signs in to it again. To sign out
/// of IAM Identity Center, use `awsx sso logout`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx logout --profile dev
  awsx logout --all")]
pub(crate) struct LogoutArgs {
    /// Forget those of every profile
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(context: &Context, args: &LogoutArgs) -> CommandResult {
    if args.all { logout_all(context) } else { logout_profile(context) }
}

fn logout_profile(context: &Context) -> CommandResult {
    let name = context.settings.profile_name();
    let profile = context.settings.profiles()?.profile(&name).unwrap_or_default();
    let Some(session) = profile.text("login_session") else {
        context.ui.err(format_args!("warning: no login session found for profile '{name}'\n"));
        return Ok(());
    };
    if !context.block_on(login::logout(context.env(), session))? {
        return context.ui.out(format_args!("No cached login credentials found for profile '{name}'.\n"));
    }
    context.ui.out(format_args!(
        "Removed cached login credentials for profile '{name}'. Note, any local developer tools that have already \
         loaded the access token may continue to use it until its expiration. Access tokens expire in 15 minutes.\n"
    ))
}

fn logout_all(context: &Context) -> CommandResult {
    let removed = context.block_on(login::logout_all(context.env()))?;
    if removed == 0 {
        return context.ui.out(format_args!("No cached login session tokens found.\n"));
    }
    let plural = if removed == 1 { "" } else { "s" };
    context.ui.out(format_args!(
        "Removed {removed} cached login credential{plural}. Note, any local developer tools that have already loaded \
         access tokens may continue to use them until their expiration. Access tokens expire in 15 minutes.\n"
    ))
}
