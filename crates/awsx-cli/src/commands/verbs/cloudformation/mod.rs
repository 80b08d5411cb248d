//! `cloudformation`: packaging what a template names, and deploying a template as a stack.
//!
//! ```text
//! package    the template's local files → S3, and the template that names them there
//! deploy     the template → change set → stack
//! artifacts  which properties of which resources name local files
//! overrides  --parameter-overrides and --tags
//! uploader   files → S3 under the hash of their content
//! ```

mod artifacts;
mod deploy;
mod overrides;
mod package;
mod uploader;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CloudFormation
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx cloudformation deploy --template-file template.yaml --stack-name shop")]
pub(crate) enum Verb {
    Package(package::PackageArgs),
    Deploy(deploy::DeployArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Package(args) => package::run(context, args),
        Verb::Deploy(args) => deploy::run(context, args),
    }
}
