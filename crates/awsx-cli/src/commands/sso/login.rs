//! `sso login`: one person, one browser, one token for every tool.

use awsx_auth::sso::{self, Login};
use awsx_core::ini::{Change, SectionName};

use super::SignInArgs;
use crate::commands::configure::write_config;
use crate::context::Context;
use crate::error::CommandResult;

/// Sign in to a session or a profile with IAM Identity Center
///
/// The token is kept where AWS CLI and the SDKs look for it, so boto3, Terraform and the rest are signed in too.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx sso login --profile dev
  awsx sso login --sso-session corp --use-device-code --qr")]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    sign_in: SignInArgs,
    /// Session to sign in to (default: the profile's)
    #[arg(long, value_name = "NAME")]
    sso_session: Option<String>,
}

pub(crate) fn run(context: &Context, args: &LoginArgs) -> CommandResult {
    let clients = context.clients()?;
    let login = context.block_on(async {
        let login =
            Login::resolve(&clients, args.sso_session.as_deref(), args.sign_in.use_device_code).await?;
        sso::login(&clients, &login, &args.sign_in.prompt(context)).await?;
        Ok::<_, awsx_auth::AuthError>(login)
    })?;
    if let Some(region) = &login.found_region {
        let section = match &login.sso.session {
            Some(session) => SectionName::SsoSession(session.clone()),
            None => SectionName::Profile(context.settings.profile_name()),
        };
        write_config(context, &[(section, vec![Change::set("sso_region", region)])])?;
        context.ui.out(format_args!("SSO region updated to {region}\n"))?;
    }
    context.ui.out(format_args!("Successfully logged into Start URL: {}\n", login.sso.start_url))
}
