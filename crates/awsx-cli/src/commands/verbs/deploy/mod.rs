//! `deploy`: bundles for CodeDeploy, and machines of one's own that it deploys to.
//!
//! ```text
//! push         a folder → S3 → a revision
//! register     makes a machine known; deregister forgets it
//! install      puts CodeDeploy's agent on this machine; uninstall removes it
//! on_premises  what these have in common
//! agent        the agent's ways on each system
//! ```

mod agent;
mod deregister;
mod install;
mod on_premises;
mod push;
mod register;
mod uninstall;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CodeDeploy
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx deploy push --application-name shop --s3-location s3://bundles/shop.zip --source build")]
pub(crate) enum Verb {
    Push(push::PushArgs),
    Register(register::RegisterArgs),
    Deregister(deregister::DeregisterArgs),
    Install(install::InstallArgs),
    Uninstall(uninstall::UninstallArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Push(args) => push::run(context, args),
        Verb::Register(args) => register::run(context, args),
        Verb::Deregister(args) => deregister::run(context, args),
        Verb::Install(args) => install::run(context, args),
        Verb::Uninstall(_) => uninstall::run(context),
    }
}
