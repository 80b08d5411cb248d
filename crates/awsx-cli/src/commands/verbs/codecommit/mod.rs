//! `codecommit`: passwords for git.

mod credential_helper;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CodeCommit
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  git config --global credential.helper '!awsx codecommit credential-helper $@'")]
pub(crate) enum Verb {
    CredentialHelper(credential_helper::CredentialHelperArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::CredentialHelper(args) => credential_helper::run(context, args),
    }
}
