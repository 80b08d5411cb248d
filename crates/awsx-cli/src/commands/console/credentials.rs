//! Whose credentials open the console. It takes sessions of roles and federated users only.

use awsx_auth::chain::{ChainError, LONGEST_CHAINED, Link};
use awsx_auth::console::ConsoleError;
use awsx_auth::partition::Partition;
use awsx_auth::sts::FederationToken;
use awsx_auth::{AuthError, Credentials};
use time::Duration;

use crate::commands::wish::WishArgs;
use crate::context::Context;
use crate::error::CommandResult;

/// Who signs in.
pub(super) struct Visitor {
    pub(super) credentials: Credentials,
    /// What the sign-in service is told, in seconds; federated users' sessions last as their credentials do.
    pub(super) session_seconds: Option<u32>,
}

/// The credentials of the role that is asked for, else of the profile, else of a federated user for long-term keys.
pub(super) async fn resolve(
    context: &Context,
    wish: &WishArgs,
    session: Option<Duration>,
    region: &str,
) -> CommandResult<Visitor> {
    let own = context.required_link(&WishArgs::default(), None)?;
    if wish.role_arn.is_none() {
        match &own {
            Link::Static(keys) if keys.session_token.is_none() => {
                return federate(context, wish, session, region, &own).await;
            }
            Link::MfaSession { .. } => return Err(AuthError::from(ConsoleError::UserSession).into()),
            _ => {}
        }
    }
    let link = context.required_link(wish, None)?;
    let session_seconds = session.and_then(|session| u32::try_from(session.whole_seconds()).ok());
    if link.is_chained() && session.is_some_and(|session| session > Duration::seconds(LONGEST_CHAINED.into()))
    {
        return Err(AuthError::from(ConsoleError::ChainedTooLong).into());
    }
    Ok(Visitor { credentials: context.resolve(&link).await?, session_seconds })
}

async fn federate(
    context: &Context,
    wish: &WishArgs,
    session: Option<Duration>,
    region: &str,
    keys: &Link,
) -> CommandResult<Visitor> {
    let scope = wish.scope.read(Partition::of_region(region))?;
    if scope.source_identity.is_some() {
        return Err(ChainError::NotNarrowable { given_by: "keys as they are" }.into());
    }
    let token = FederationToken {
        name: wish.role_session_name.clone(),
        duration_seconds: session.and_then(|session| i32::try_from(session.whole_seconds()).ok()),
        scope,
    };
    let credentials = token.fetch(&context.clients()?, region, &context.resolve(keys).await?).await?;
    Ok(Visitor { credentials, session_seconds: None })
}
