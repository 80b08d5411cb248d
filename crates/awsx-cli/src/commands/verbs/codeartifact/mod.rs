//! `codeartifact`: package managers at a repository of one's own.

mod login;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CodeArtifact
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx codeartifact login --tool pip --domain acme --repository shared")]
pub(crate) enum Verb {
    Login(login::LoginArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Login(args) => login::run(context, args),
    }
}
