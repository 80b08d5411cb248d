//! As whom a service is asked: with keys, with a token, or as nobody.

use awsx_api::{CallError, Identity, Wanted};
use awsx_auth::sso::{self, SsoConfig};
use awsx_core::Secret;
use awsx_core::settings::table;
use awsx_model::{AuthScheme, Operation, Service};

use crate::context::{self, Context, Signature};
use crate::error::{CommandError, CommandResult};
use crate::renewal::ProfileKeys;

/// Gets what the operation needs, and nothing else.
pub(super) async fn resolve(
    context: &Context,
    service: &Service,
    operation: &Operation,
    signature: Signature,
) -> CommandResult<Identity> {
    let Signature::By(link) = signature else { return Ok(Identity::Anonymous) };
    let of_service = token_of_service(context, service);
    match awsx_api::wanted(service, operation, &preferred_auth(context)?, of_service.is_some()) {
        Wanted::Nothing => Ok(Identity::Missing),
        Wanted::Token => {
            let token = match of_service {
                Some(token) => Some(token),
                None => token_of_session(context).await?,
            };
            let token = token.ok_or_else(|| no_token(service))?;
            Ok(Identity::Token { token, keys: None })
        }
        Wanted::Keys => {
            let Some(link) = link else { return Err(context::no_credentials()) };
            let credentials = context.resolve(&link).await?;
            Ok(Identity::Keys(ProfileKeys::renewing(context, &credentials)?))
        }
    }
}

/// `auth_scheme_preference`, without what is unknown.
pub(super) fn preferred_auth(context: &Context) -> CommandResult<Vec<AuthScheme>> {
    let names = context.settings.text(&table::AUTH_SCHEMES)?.unwrap_or_default();
    let known = names.split(',').filter_map(|name| match name.trim() {
        "sigv4" => Some(AuthScheme::SigV4),
        "sigv4a" => Some(AuthScheme::SigV4a),
        "httpBearerAuth" => Some(AuthScheme::Bearer),
        "noAuth" => Some(AuthScheme::None),
        _ => None,
    });
    Ok(known.collect())
}

/// A service's bearer token from the environment (`AWS_BEARER_TOKEN_BEDROCK`).
fn token_of_service(context: &Context, service: &Service) -> Option<Secret<String>> {
    let token = context.env().var_filled(&variable_of(service))?;
    Some(Secret::new(token.to_owned()))
}

fn variable_of(service: &Service) -> String {
    let name = service.signing_name().to_ascii_uppercase().replace(['-', ' '], "_");
    format!("AWS_BEARER_TOKEN_{name}")
}

/// The access token of the profile's `sso_session`, renewed if it is about to end; none if the profile names no session. The
/// older form, with the start URL in the profile, has no tokens for services.
async fn token_of_session(context: &Context) -> CommandResult<Option<Secret<String>>> {
    let settings = &context.settings;
    let Some(name) = settings.scoped()?.text("sso_session") else { return Ok(None) };
    let profiles = settings.profiles()?;
    let unusable = |what: &str| {
        let profile = settings.profile_name();
        CommandError::general(format!(
            "The profile \"{profile}\" is configured to use the SSO token provider but {what}"
        ))
    };
    let Some(session) = profiles.sso_session(name) else {
        return Err(unusable(&format!("the \"{name}\" sso_session configuration does not exist.")));
    };
    let missing = ["sso_start_url", "sso_region"].into_iter().filter(|key| session.text(key).is_none());
    let missing: Vec<String> = missing.map(|key| format!("'{key}'")).collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Err(unusable(&format!("is missing the following configuration: [{missing}].")));
    }
    let sso = SsoConfig::configured(settings, Some(name))?;
    let token = sso::resolve_token(&context.clients()?, &sso).await?;
    Ok(Some(token.access_token))
}

fn no_token(service: &Service) -> CommandError {
    let variable = variable_of(service);
    CommandError::from(CallError::NoToken).with_hint(format!(
        "use a profile with an `sso_session` (`awsx configure sso-session` makes one), or set `{variable}`"
    ))
}
