//! `servicecatalog`: products made of templates in local files.

mod generate;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Service Catalog
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx servicecatalog generate provisioning-artifact --product-id prod-abcd --file-path template.yaml --bucket-name templates \\
    --provisioning-artifact-name v2 --provisioning-artifact-description 'larger disks' \\
    --provisioning-artifact-type CLOUD_FORMATION_TEMPLATE")]
pub(crate) enum Verb {
    Generate(generate::GenerateArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Generate(args) => generate::run(context, args),
    }
}
