//! `servicecatalog generate provisioning-artifact`.

use super::template::{TemplateArgs, show};
use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::CommandResult;

/// Upload a template, and make a version of a product of it
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx servicecatalog generate provisioning-artifact --product-id prod-abcd --file-path template.yaml --bucket-name templates \\
    --provisioning-artifact-name v2 --provisioning-artifact-description 'larger disks' \\
    --provisioning-artifact-type CLOUD_FORMATION_TEMPLATE")]
pub(super) struct ProvisioningArtifactArgs {
    #[command(flatten)]
    template: TemplateArgs,
    /// The product
    #[arg(long, value_name = "ID")]
    product_id: String,
}

pub(super) fn run(context: &Context, args: &ProvisioningArtifactArgs) -> CommandResult {
    let answer = context.block_on(async {
        let version = args.template.upload(context).await?;
        let catalog = ServiceClient::connect(context, "servicecatalog").await?;
        let input = members([("ProductId", args.product_id.as_str().into()), ("Parameters", version)]);
        catalog.call("CreateProvisioningArtifact", input).await
    })?;
    show(context, &answer)
}
