//! `configure sso`: from nothing to a profile that is signed in.

use awsx_auth::sso::{self, Flow, Login, RoleRef, Token};
use awsx_auth::{AuthError, Clients};
use awsx_core::ini::{Change, SectionName};
use awsx_core::profile::{DEFAULT_PROFILE, Properties};
use awsx_core::settings::table;
use awsx_output::Format;

use super::write::write_config;
use crate::commands::sso::SignInArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::wizards::sso::{self as wizard, Session, SessionFlags};

/// Set up a profile that signs in with IAM Identity Center
///
/// Asks for what is not given as an option, signs in, lets you pick account and role, and writes the profile. With all
/// options given it asks nothing.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure sso
  awsx configure sso --use-device-code --profile dev
  awsx configure sso --sso-session-name corp --sso-start-url https://corp.awsapps.com/start \\
    --sso-region us-east-1 --sso-registration-scopes sso:account:access \\
    --sso-account-id 111122223333 --sso-role-name ReadOnly --region us-west-2 --output json --profile dev")]
pub(crate) struct SsoArgs {
    #[command(flatten)]
    sign_in: SignInArgs,
    #[command(flatten)]
    session: SessionFlags,
    /// Account to use
    #[arg(long, value_name = "ID")]
    sso_account_id: Option<String>,
    /// Role to use: the permission set's name
    #[arg(long, value_name = "NAME")]
    sso_role_name: Option<String>,
}

pub(crate) fn run(context: &Context, args: &SsoArgs) -> CommandResult {
    let clients = context.clients()?;
    context.block_on(async {
        let session = wizard::ask_session(context, &clients, &args.session).await?;
        match finish(context, &clients, args, &session).await {
            Ok(()) => Ok(()),
            Err(error) => Err(keep_answers(context, &session, error)),
        }
    })
}

async fn finish(
    context: &Context,
    clients: &Clients<'_>,
    args: &SsoArgs,
    session: &Session,
) -> CommandResult {
    let token = sign_in(context, clients, args, session).await?;
    let role = choose_role(context, clients, args, session, &token).await?;
    let current = current_profile(context)?;
    let flag = |name: &Option<String>| name.clone().filter(|value| !value.is_empty());
    let region = match flag(&context.globals.region) {
        Some(region) => Some(region),
        None => {
            wizard::ask_optional(context, "Default client Region", "--region", current.text("region"), &[])?
        }
    };
    let output = if let Some(output) = flag(&context.globals.output) {
        Some(output)
    } else {
        let text = "CLI default output format (json if not specified)";
        let known = Format::ALL.map(|format| format.to_string());
        wizard::ask_optional(context, text, "--output", current.text("output"), &known)?
    };
    let name = if let Some(named) = context.settings.named_profile() {
        named.value
    } else {
        let suggested = role.as_ref().map(|role| format!("{}-{}", role.role_name, role.account_id));
        wizard::ask_profile_name(context, suggested.as_deref())?
    };
    write(context, session, &name, role.as_ref(), region, output)?;
    say_how_to_use(context, &name, role.is_some())
}

/// A new session is signed in to anew; for one that exists, a token that lasts will do.
async fn sign_in(
    context: &Context,
    clients: &Clients<'_>,
    args: &SsoArgs,
    session: &Session,
) -> CommandResult<Token> {
    if session.exists
        && let Ok(token) = sso::resolve_token(clients, &session.sso).await
    {
        return Ok(token);
    }
    let flow = if args.sign_in.use_device_code || session.sso.session.is_none() {
        Flow::DeviceCode
    } else {
        Flow::Pkce
    };
    let login = Login {
        sso: session.sso.clone(),
        service_url: session.service_url.clone(),
        found_region: None,
        flow,
    };
    sso::login(clients, &login, &args.sign_in.prompt(context)).await?;
    Ok(sso::resolve_token(clients, &session.sso).await?)
}

/// Account and role; none where the token does not allow to list them.
async fn choose_role(
    context: &Context,
    clients: &Clients<'_>,
    args: &SsoArgs,
    session: &Session,
    token: &Token,
) -> CommandResult<Option<RoleRef>> {
    let chosen = async {
        let region = &session.sso.region;
        // A given account need not be looked for: its roles tell whether it is there.
        let account_id = if let Some(id) = &args.sso_account_id {
            id.clone()
        } else {
            let accounts = sso::fetch_accounts(clients, region, token).await?;
            wizard::pick_account(context, &accounts)?
        };
        context.ui.out(format_args!("Using the account ID {account_id}\n"))?;
        let roles = sso::fetch_roles(clients, region, token, &account_id).await?;
        let role_name = wizard::pick_role(context, &account_id, &roles, args.sso_role_name.as_deref())?;
        context.ui.out(format_args!("Using the role name \"{role_name}\"\n"))?;
        Ok::<_, ChooseError>(RoleRef { account_id, role_name })
    };
    match chosen.await {
        Ok(role) => Ok(Some(role)),
        Err(ChooseError::Fetch(AuthError::Call(error))) if error.is("UnauthorizedException") => {
            context.ui.out(format_args!(
                "Unable to list AWS accounts and/or roles. Skipping configuring AWS credential provider for profile.\n"
            ))?;
            Ok(None)
        }
        Err(ChooseError::Fetch(error)) => Err(error.into()),
        Err(ChooseError::Ask(error)) => Err(error),
    }
}

enum ChooseError {
    Fetch(AuthError),
    Ask(CommandError),
}

impl From<AuthError> for ChooseError {
    fn from(error: AuthError) -> Self {
        Self::Fetch(error)
    }
}

impl From<CommandError> for ChooseError {
    fn from(error: CommandError) -> Self {
        Self::Ask(error)
    }
}

fn current_profile(context: &Context) -> CommandResult<Properties> {
    Ok(context.settings.profiles()?.profile(&context.settings.profile_name()).unwrap_or_default())
}

fn write(
    context: &Context,
    session: &Session,
    name: &str,
    role: Option<&RoleRef>,
    region: Option<String>,
    output: Option<String>,
) -> CommandResult {
    let mut changes = match &session.sso.session {
        Some(session) => vec![Change::set("sso_session", session)],
        None => vec![
            Change::set("sso_start_url", &session.sso.start_url),
            Change::set("sso_region", &session.sso.region),
        ],
    };
    if let Some(role) = role {
        changes.push(Change::set("sso_account_id", &role.account_id));
        changes.push(Change::set("sso_role_name", &role.role_name));
    }
    changes.extend(region.map(|region| Change::set("region", &region)));
    changes.extend(output.map(|output| Change::set("output", &output)));
    let mut sections = vec![(SectionName::Profile(name.to_owned()), changes)];
    sections.extend(session_section(session));
    write_config(context, &sections)
}

/// The `[sso-session]` of new answers.
pub(super) fn session_section(session: &Session) -> Option<(SectionName, Vec<Change>)> {
    let name = session.sso.session.clone().filter(|_| !session.exists)?;
    let mut changes = vec![
        Change::set("sso_start_url", &session.sso.start_url),
        Change::set("sso_region", &session.sso.region),
    ];
    changes.extend(session.scopes.as_ref().map(|scopes| Change::set("sso_registration_scopes", scopes)));
    Some((SectionName::SsoSession(name), changes))
}

/// When a later step fails, what was answered is in the file, and the next run need not ask for it.
fn keep_answers(context: &Context, session: &Session, error: CommandError) -> CommandError {
    let Some(section) = session_section(session) else { return error };
    let name = session.sso.session.as_deref().unwrap_or_default();
    match write_config(context, &[section]) {
        Ok(()) => error.with_hint(format!(
            "your answers are kept; `awsx configure sso --sso-session-name {name}` goes on from there"
        )),
        // The first error is the one to tell.
        Err(_) => error,
    }
}

fn say_how_to_use(context: &Context, name: &str, has_role: bool) -> CommandResult {
    if !has_role {
        return context.ui.out(format_args!("Successfully configured SSO for profile: {name}\n"));
    }
    if name.eq_ignore_ascii_case(DEFAULT_PROFILE) {
        return context.ui.out(format_args!(
            "The AWS CLI is now configured to use the default profile.\nRun the following command to verify your \
             configuration:\n\nawsx sts get-caller-identity\n"
        ));
    }
    context.ui.out(format_args!(
        "To use this profile, specify the profile name using {}, as shown:\n\nawsx sts get-caller-identity --profile \
         {name}\n",
        table::PROFILE.flag.unwrap_or_default()
    ))
}
