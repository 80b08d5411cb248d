//! twine reads `~/.pypirc`, and has no command to write it.

use awsx_core::store;

use super::netrc::write_secret;
use super::pypirc;
use super::{LoginArgs, Repository};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

pub(super) fn login(context: &Context, args: &LoginArgs, repository: &Repository) -> CommandResult {
    let path = context.env().expand_path("~/.pypirc");
    let before = store::read(&path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let after = match before {
        None => pypirc::new(&repository.endpoint, repository.token.expose()),
        Some(before) => match pypirc::with(&before, &repository.endpoint, repository.token.expose()) {
            Ok(after) => after,
            Err(fault) => {
                context.ui.out(format_args!("{} is in an invalid state.\n", path.display()))?;
                return Err(CommandError::general(fault));
            }
        },
    };
    if args.dry_run {
        return context.ui.out(format_args!(
            "Dryrun mode is enabled, not writing to pypirc.\n{} would have been set to the following:\n\n{after}\n",
            path.display()
        ));
    }
    write_secret(&path, &after)?;
    repository.tell_success(context, "twine")
}
