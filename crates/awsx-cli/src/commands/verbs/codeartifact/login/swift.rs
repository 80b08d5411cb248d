//! swift keeps a registry itself, and its token in the keychain on macOS, in `.netrc` elsewhere.

use super::netrc;
use super::program::{run_all, words};
use super::{LoginArgs, Repository};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

pub(super) fn login(context: &Context, args: &LoginArgs, repository: &Repository) -> CommandResult {
    let mut set = words(&["swift", "package-registry", "set", &repository.endpoint]);
    if let Some(namespace) = &args.namespace {
        check_scope(namespace)?;
        set.extend(words(&["--scope", namespace]));
    }
    let place = format!("{}login", repository.endpoint);
    let mut login = words(&["swift", "package-registry", "login", &place]);
    if cfg!(target_os = "macos") {
        login.extend(words(&["--token", repository.token.expose()]));
    } else {
        let (host, _) = repository.place();
        let host = host.split(':').next().unwrap_or_default();
        netrc::put(context, host, &repository.token, args.dry_run)?;
    }
    run_all(context, "swift", &[set, login], args.dry_run, repository)
}

/// Letters, digits, and single hyphens between them.
fn check_scope(scope: &str) -> CommandResult {
    let well_formed = scope.len() <= 39
        && scope
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if well_formed {
        return Ok(());
    }
    Err(CommandError::general(
        "Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores and no more than 39 \
         characters",
    ))
}
