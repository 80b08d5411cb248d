//! pip keeps an index's URL, the token in it.

use super::program::{run_all, words};
use super::{LoginArgs, Repository};
use crate::context::Context;
use crate::error::CommandResult;

pub(super) fn login(context: &Context, args: &LoginArgs, repository: &Repository) -> CommandResult {
    let scheme = repository.endpoint.split_once("://").map_or("https", |(scheme, _)| scheme);
    let (host, path) = repository.place();
    let index = format!("{scheme}://aws:{}@{host}{path}simple/", repository.token.expose());
    let command = words(&["pip", "config", "set", "global.index-url", &index]);
    run_all(context, "pip", &[command], args.dry_run, repository)
}
