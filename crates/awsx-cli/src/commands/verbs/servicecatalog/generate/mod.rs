//! `servicecatalog generate`: a template goes to S3, and becomes a product or a version of one.
//!
//! ```text
//! product                a new product
//! provisioning_artifact  a new version of a product
//! template               the template's way to S3
//! ```

mod product;
mod provisioning_artifact;
mod template;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Make a product, or a version of one, from a template in a local file
#[derive(Args, Debug)]
#[command(
    arg_required_else_help = false,
    after_help = "Example:
  awsx servicecatalog generate product help"
)]
pub(crate) struct GenerateArgs {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand, Debug)]
enum What {
    Product(product::ProductArgs),
    ProvisioningArtifact(provisioning_artifact::ProvisioningArtifactArgs),
}

pub(crate) fn run(context: &Context, args: &GenerateArgs) -> CommandResult {
    match &args.what {
        Some(What::Product(args)) => product::run(context, args),
        Some(What::ProvisioningArtifact(args)) => provisioning_artifact::run(context, args),
        None => Err(CommandError::usage(
            "usage: aws [options] servicecatalog generate <subcommand> [parameters]\naws: [ERROR]: too few arguments",
        )),
    }
}
