//! The questions of `configure sso` and `configure sso-session`.

use awsx_auth::Clients;
use awsx_auth::sso::{
    Account, DEFAULT_SCOPE, ResolvedUrl, SsoConfig, is_valid_endpoint_url, try_resolve_start_url,
};
use awsx_core::profile::{Profiles, Properties};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::ui::Question;

/// Answers given as options instead.
#[derive(clap::Args, Clone, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are named for their options")]
pub(crate) struct SessionFlags {
    /// Name of the sign-in, which several profiles can share
    #[arg(long, value_name = "NAME")]
    pub(crate) sso_session_name: Option<String>,
    /// URL where people sign in: the start URL or the issuer URL
    #[arg(long, value_name = "URL")]
    pub(crate) sso_start_url: Option<String>,
    /// Region of the IAM Identity Center instance
    #[arg(long, value_name = "REGION")]
    pub(crate) sso_region: Option<String>,
    /// Scopes to ask for, separated by commas [default: sso:account:access]
    #[arg(long, value_name = "SCOPES")]
    pub(crate) sso_registration_scopes: Option<String>,
}

/// What is to be signed in to.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) sso: SsoConfig,
    /// The scopes as typed, which is how they are saved.
    pub(crate) scopes: Option<String>,
    /// What the service is told: the start URL, or where it led.
    pub(crate) service_url: String,
    /// Whether it stands in the config file already, as it is here.
    pub(crate) exists: bool,
}

/// Asks for the session, or for the older form's values when no session is named.
pub(crate) async fn ask_session(
    context: &Context,
    clients: &Clients<'_>,
    flags: &SessionFlags,
) -> CommandResult<Session> {
    let profiles = context.settings.profiles()?;
    let profile = profiles.profile(&context.settings.profile_name()).unwrap_or_default();
    let name = match &flags.sso_session_name {
        Some(name) => name.clone(),
        None => ask_session_name(context, profiles, profile.text("sso_session"))?,
    };
    if name.is_empty() {
        context.ui.out(format_args!(
            "\u{1b}[1mWARNING: Configuring using legacy format (e.g. without an SSO session).\nConsider re-running \
             \"configure sso\" command and providing a session name.\n\u{1b}[0m"
        ))?;
        return ask_values(context, clients, flags, None, &profile).await;
    }
    let overridden = flags.sso_start_url.is_some()
        || flags.sso_region.is_some()
        || flags.sso_registration_scopes.is_some();
    match profiles.sso_session(&name) {
        Some(section) if !overridden => {
            let sso = SsoConfig::of_session(profiles, &name).map_err(awsx_auth::AuthError::from)?;
            let scopes = section.text("sso_registration_scopes").map(str::to_owned);
            Ok(Session { service_url: sso.start_url.clone(), sso, scopes, exists: true })
        }
        section => ask_values(context, clients, flags, Some(name), &section.unwrap_or_default()).await,
    }
}

/// Asks for a session's values, whether or not it exists.
pub(crate) async fn ask_session_anew(
    context: &Context,
    clients: &Clients<'_>,
    flags: &SessionFlags,
) -> CommandResult<Session> {
    let profiles = context.settings.profiles()?;
    let known: Vec<String> = profiles.sso_session_names().into_iter().map(str::to_owned).collect();
    let name = if let Some(name) = &flags.sso_session_name {
        name.clone()
    } else {
        let question = Question::new("SSO session name", "--sso-session-name").known(&known).fault(required);
        context.ui.ask(&question)?
    };
    let section = profiles.sso_session(&name).unwrap_or_default();
    ask_values(context, clients, flags, Some(name), &section).await
}

fn ask_session_name(context: &Context, profiles: &Profiles, current: Option<&str>) -> CommandResult<String> {
    let known: Vec<String> = profiles.sso_session_names().into_iter().map(str::to_owned).collect();
    let question = match current {
        Some(current) => Question::new("SSO session name", "--sso-session-name").default(current),
        None => Question::new("SSO session name (Recommended)", "--sso-session-name"),
    };
    let answer = context.ui.ask(&question.known(&known))?;
    Ok(if answer.is_empty() { current.unwrap_or_default().to_owned() } else { answer })
}

/// Start URL, region and, for a session, scopes; `current` holds the values that empty answers keep.
async fn ask_values(
    context: &Context,
    clients: &Clients<'_>,
    flags: &SessionFlags,
    session: Option<String>,
    current: &Properties,
) -> CommandResult<Session> {
    let start_url = ask_start_url(context, flags, current.text("sso_start_url"))?;
    let resolved = match flags.sso_region {
        Some(_) => None,
        None => try_resolve_start_url(clients.http(), &start_url).await,
    };
    let (service_url, region) = match resolved {
        Some(ResolvedUrl { url, region }) => (url, region),
        None => (start_url.clone(), ask_region(context, flags, current.text("sso_region"))?),
    };
    let scopes = match session {
        None => None,
        Some(_) => Some(ask_scopes(context, flags, current.text("sso_registration_scopes"))?),
    };
    let list =
        scopes.as_deref().map(|scopes| scopes.split(',').map(|scope| scope.trim().to_owned()).collect());
    let sso = SsoConfig { session, start_url, region, scopes: list };
    Ok(Session { sso, scopes, service_url, exists: false })
}

fn ask_start_url(context: &Context, flags: &SessionFlags, current: Option<&str>) -> CommandResult<String> {
    if let Some(given) = &flags.sso_start_url {
        return match start_url_fault(given) {
            None => Ok(given.clone()),
            Some(fault) => Err(CommandError::usage(format!("{fault}: `{given}`"))),
        };
    }
    let known = known_values(context, "sso_start_url")?;
    let question =
        Question::new("SSO start URL", "--sso-start-url").default(current.unwrap_or("None")).known(&known);
    let answer = match current {
        None => context.ui.ask(&question.fault(start_url_fault))?,
        Some(_) => context
            .ui
            .ask(&question.fault(|answer| start_url_fault(answer).filter(|_| !answer.is_empty())))?,
    };
    Ok(or_current(answer, current))
}

fn start_url_fault(answer: &str) -> Option<&'static str> {
    (!is_valid_endpoint_url(answer)).then_some("Not a valid Start URL")
}

fn ask_region(context: &Context, flags: &SessionFlags, current: Option<&str>) -> CommandResult<String> {
    if let Some(given) = &flags.sso_region {
        return Ok(given.clone());
    }
    let known = known_values(context, "sso_region")?;
    let question =
        Question::new("SSO region", "--sso-region").default(current.unwrap_or("None")).known(&known);
    let answer = match current {
        None => context.ui.ask(&question.fault(required))?,
        Some(_) => context.ui.ask(&question)?,
    };
    Ok(or_current(answer, current))
}

fn ask_scopes(context: &Context, flags: &SessionFlags, current: Option<&str>) -> CommandResult<String> {
    let fault = |answer: &str| {
        let blank_inside = |scope: &str| scope.trim().contains(char::is_whitespace);
        answer.split(',').any(blank_inside).then_some("Scope values must be separated by commas")
    };
    if let Some(given) = &flags.sso_registration_scopes {
        return match fault(given) {
            None => Ok(given.clone()),
            Some(fault) => Err(CommandError::usage(fault)),
        };
    }
    let current = current.unwrap_or(DEFAULT_SCOPE);
    let known = [DEFAULT_SCOPE.to_owned()];
    let question = Question::new("SSO registration scopes", "--sso-registration-scopes").default(current);
    let answer = context.ui.ask(&question.known(&known).fault(fault).optional())?;
    Ok(or_current(answer, Some(current)))
}

/// Lets the person pick an account; one alone is taken without asking.
pub(crate) fn pick_account(context: &Context, accounts: &[Account]) -> CommandResult<String> {
    match accounts {
        [] => Err(CommandError::general("No AWS accounts are available to you.")),
        [only] => {
            context.ui.out(format_args!("The only AWS account available to you is: {}\n", only.id))?;
            Ok(only.id.clone())
        }
        several => {
            context.ui.out(format_args!("There are {} AWS accounts available to you.\n", several.len()))?;
            let labels: Vec<String> = several.iter().map(Account::label).collect();
            let ids: Vec<&str> = several.iter().map(|account| account.id.as_str()).collect();
            let picked = context.ui.pick("AWS account ID", "--sso-account-id", &labels, &ids)?;
            Ok(ids[picked].to_owned())
        }
    }
}

/// Lets the person pick a role; one alone is taken without asking.
pub(crate) fn pick_role(
    context: &Context,
    account_id: &str,
    roles: &[String],
    flag: Option<&str>,
) -> CommandResult<String> {
    if let Some(name) = flag {
        return if roles.iter().any(|role| role == name) {
            Ok(name.to_owned())
        } else {
            Err(CommandError::general(format!("you have no role {name} in the account {account_id}"))
                .with_hint(format!("your roles there: {}", roles.join(", "))))
        };
    }
    match roles {
        [] => Err(CommandError::general(format!("No roles are available for the account {account_id}"))),
        [only] => {
            context.ui.out(format_args!("The only role available to you is: {only}\n"))?;
            Ok(only.clone())
        }
        several => {
            context.ui.out(format_args!("There are {} roles available to you.\n", several.len()))?;
            let names: Vec<&str> = several.iter().map(String::as_str).collect();
            let picked = context.ui.pick("Role name", "--sso-role-name", several, &names)?;
            Ok(several[picked].clone())
        }
    }
}

/// Asks for a value that may stay unset; the current one is kept by an empty answer.
pub(crate) fn ask_optional(
    context: &Context,
    text: &str,
    flag: &str,
    current: Option<&str>,
    known: &[String],
) -> CommandResult<Option<String>> {
    let question = Question::new(text, flag).default(current.unwrap_or("None")).known(known).optional();
    let answer = context.ui.ask(&question)?;
    Ok(Some(or_current(answer, current)).filter(|value| !value.is_empty()))
}

/// Asks for the profile's name.
pub(crate) fn ask_profile_name(context: &Context, suggested: Option<&str>) -> CommandResult<String> {
    let question = Question::new("Profile name", "--profile").default(suggested.unwrap_or("None"));
    let answer = match suggested {
        Some(_) => context.ui.ask(&question.optional())?,
        None => context.ui.ask(&question.fault(required))?,
    };
    Ok(or_current(answer, suggested))
}

fn required(answer: &str) -> Option<&'static str> {
    answer.is_empty().then_some("A value is required")
}

fn or_current(answer: String, current: Option<&str>) -> String {
    if answer.is_empty() { current.unwrap_or_default().to_owned() } else { answer }
}

/// Every value that sessions and profiles have for a key, to complete from.
fn known_values(context: &Context, key: &str) -> CommandResult<Vec<String>> {
    let profiles = context.settings.profiles()?;
    let sessions = profiles.sso_session_names().into_iter().filter_map(|name| profiles.sso_session(name));
    let mut values: Vec<String> =
        sessions.filter_map(|section| section.text(key).map(str::to_owned)).collect();
    values.sort_unstable();
    values.dedup();
    Ok(values)
}
