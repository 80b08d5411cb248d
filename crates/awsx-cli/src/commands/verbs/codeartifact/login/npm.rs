//! npm keeps registry and token in its own configuration, and is asked to write it.

use super::program::{print_all, run, try_to_run, words};
use super::{LoginArgs, Repository};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

pub(super) fn login(context: &Context, args: &LoginArgs, repository: &Repository) -> CommandResult {
    let registry = match &args.namespace {
        Some(namespace) => format!("{}:registry", scope(namespace)?),
        None => "registry".to_owned(),
    };
    let (host, path) = repository.place();
    let set = |key: &str, value: &str| words(&[NPM, "config", "set", key, value]);
    let place = set(&registry, &repository.endpoint);
    let always = set(&format!("//{host}{path}:always-auth"), "true");
    let token = set(&format!("//{host}{path}:_authToken"), repository.token.expose());
    if args.dry_run {
        return print_all(context, &[place, always, token]);
    }
    run("npm", &place, &repository.token)?;
    // Newer versions know this key no more, and refuse it.
    try_to_run("npm", &always)?;
    run("npm", &token, &repository.token)?;
    repository.tell_success(context, "npm")
}

/// A scope begins with `@`.
fn scope(namespace: &str) -> CommandResult<String> {
    let name = namespace.strip_prefix('@').unwrap_or(namespace);
    let may_begin = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '~');
    if name.starts_with(may_begin) {
        return Ok(format!("@{name}"));
    }
    Err(CommandError::general(
        "Invalid scope name, scope must contain URL-safe characters, no leading dots or underscores",
    ))
}
