//! `login`: keys for this machine from a sign-in to the AWS console.

use awsx_auth::AuthError;
use awsx_auth::login::{SERVICE_ID, SignIn, SignedIn, Way};
use awsx_core::ini::{Change, SectionName};
use awsx_core::profile::{DEFAULT_PROFILE, Properties};
use awsx_core::settings::table;

use super::configure::write_config;
use super::sso::SignInArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::ui::BrowserPage;
use crate::wizards::login as wizard;

/// Sign in with your AWS console credentials
///
/// Opens the sign-in page of the AWS console and sets the profile up with the session that comes of it. Its keys last 15
/// minutes and are renewed when a command needs them. They are kept where AWS CLI and the SDKs look for them, in
/// `~/.aws/login/cache`, or in the folder that `AWS_LOGIN_CACHE_DIRECTORY` names.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx login
  awsx login --profile dev --region eu-west-1
  awsx login --remote")]
pub(crate) struct LoginArgs {
    /// Sign in with a browser on another device, and type the code that it shows
    #[arg(long, conflicts_with = "no_browser")]
    remote: bool,
    /// Show the URL without opening a browser
    #[arg(long)]
    no_browser: bool,
    /// Replace the session that the profile is set up with, without asking
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(context: &Context, args: &LoginArgs) -> CommandResult {
    let region = resolve_region(context)?;
    let name = context.settings.profile_name();
    let profile = context.settings.profiles()?.profile(&name).unwrap_or_default();
    refuse_other_credentials(&name, &profile)?;
    let signed_in = sign_in(context, args, region.value())?;
    let session = &signed_in.session;
    if let Some(current) = profile.text("login_session")
        && current != session
        && !args.overwrite
        && !wizard::ask_overwrite(context, &name, current, session)?
    {
        return Ok(());
    }
    context.block_on(signed_in.store())?;
    write_profile(context, &name, session, &region)?;
    context.ui.out(format_args!("\nUpdated profile {name} to use {session} credentials.\n"))?;
    if name == DEFAULT_PROFILE {
        return Ok(());
    }
    context.ui.out(format_args!(
        "Use \"--profile {name}\" to use the new credentials, such as \"awsx sts get-caller-identity --profile {name}\"\n"
    ))
}

/// A region, and whether the profile lacks it.
enum Region {
    Configured(String),
    Asked(String),
}

impl Region {
    fn value(&self) -> &str {
        match self {
            Self::Configured(region) | Self::Asked(region) => region,
        }
    }
}

fn resolve_region(context: &Context) -> CommandResult<Region> {
    match context.settings.text(&table::REGION)? {
        Some(_) => context.region().map(Region::Configured),
        None => wizard::ask_region(context).map(Region::Asked),
    }
}

/// Other credentials of the profile would be taken before those of the login. The order is AWS CLI's.
fn refuse_other_credentials(name: &str, profile: &Properties) -> CommandResult {
    const KEYS: [(&str, &str); 6] = [
        ("web_identity_token_file", "Web Identity"),
        ("sso_role_name", "SSO"),
        ("sso_account_id", "SSO"),
        ("aws_access_key_id", "Access Key"),
        ("role_arn", "Assume Role"),
        ("credential_process", "Credential Process"),
    ];
    let Some((_, style)) = KEYS.iter().find(|(key, _)| profile.property(key).is_some()) else {
        return Ok(());
    };
    Err(CommandError::new(
        Kind::Configuration,
        format!(
            "Profile '{name}' is already configured with {style} credentials.\n\nYou may run 'awsx login --profile \
             new-profile-name' to create a new profile with the specified name. Otherwise you must first manually \
             remove the existing credentials from '{name}'."
        ),
    ))
}

fn sign_in(context: &Context, args: &LoginArgs, region: &str) -> CommandResult<SignedIn> {
    let clients = context.clients()?;
    let endpoint = context.endpoint_url(SERVICE_ID)?;
    let way = if args.remote { Way::CrossDevice } else { Way::SameDevice };
    let mut sign_in = context.block_on(SignIn::begin(&clients, region, endpoint, way))?;
    let no_browser = args.no_browser || args.remote;
    let page = SignInArgs { no_browser, use_device_code: false, qr: false }.prompt(context);
    page.show(&BrowserPage { url: &sign_in.page, option: "--remote", is_elsewhere: args.remote });
    let code = match way {
        Way::SameDevice => context.block_on(sign_in.wait_for_code())?,
        Way::CrossDevice => {
            let typed = wizard::ask_code(context)?;
            sign_in.parse_verification_code(typed.expose()).map_err(AuthError::from)?
        }
    };
    Ok(context.block_on(sign_in.redeem(&code))?)
}

fn write_profile(context: &Context, name: &str, session: &str, region: &Region) -> CommandResult {
    let mut changes = vec![Change::set("login_session", session)];
    if let Region::Asked(region) = region {
        changes.push(Change::set("region", region));
    }
    write_config(context, &[(SectionName::Profile(name.to_owned()), changes)])
}
