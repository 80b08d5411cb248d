//! `sso login`: one person, one browser, one token for every tool.

use awsx_auth::sso::{self, Login, SsoConfig};
use awsx_auth::standing::{self, Standing};
use awsx_core::ini::{Change, SectionName};
use time::Duration;

use super::SignInArgs;
use crate::commands::configure::write_config;
use crate::context::Context;
use crate::error::CommandResult;
use crate::span;

/// Sign in to a session or a profile with IAM Identity Center
///
/// The token is kept where AWS CLI and the SDKs look for it, so boto3, Terraform and the rest are signed in too.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx sso login --profile dev
  awsx sso login --sso-session corp --use-device-code --qr
  awsx sso login --profile dev --min-valid 2h && ./long-job")]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    sign_in: SignInArgs,
    /// Session to sign in to (default: the profile's)
    #[arg(long, value_name = "NAME")]
    sso_session: Option<String>,
    /// Do nothing if the sign-in is good, or renewable without you, for this much longer, such as `2h`
    #[arg(long, value_name = "SPAN", value_parser = span::parse)]
    min_valid: Option<Duration>,
}

pub(crate) fn run(context: &Context, args: &LoginArgs) -> CommandResult {
    if let Some(needed) = args.min_valid
        && is_good_for(context, args, needed)?
    {
        return Ok(());
    }
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

/// Whether there is nothing to do; says so. Looks into the cache only.
fn is_good_for(context: &Context, args: &LoginArgs, needed: Duration) -> CommandResult<bool> {
    // What is not configured completely, the sign-in itself asks for or complains about.
    let Ok(sso) = SsoConfig::configured(&context.settings, args.sso_session.as_deref()) else {
        return Ok(false);
    };
    let now = context.env().now();
    let outlook = standing::of_token(sso::read_state(context.env(), &sso)?.as_ref(), now, needed);
    let good = matches!(outlook.standing, Standing::Valid | Standing::Refreshable);
    if good {
        let end = outlook.renewable_until.max(outlook.expires_at).unwrap_or(now);
        let (url, left) = (&sso.start_url, span::render(end - now));
        context.ui.err(format_args!("Signed in to {url} already, for {left} more; nothing to do.\n"));
    }
    Ok(good)
}
