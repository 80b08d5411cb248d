//! `datapipeline create-default-roles`.

use awsx_output::Value;

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::default_roles::{Maker, Trusted};
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// Make the IAM roles that pipelines act in
///
/// Roles that are there stay as they are. AWS has given this up: IAM may refuse to make them.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx datapipeline create-default-roles")]
pub(crate) struct CreateDefaultRolesArgs {}

const SERVICE_ROLE: &str = "DataPipelineDefaultRole";
const RESOURCE_ROLE: &str = "DataPipelineDefaultResourceRole";

pub(crate) fn run(context: &Context, _: &CreateDefaultRolesArgs) -> CommandResult {
    let output = Output::of(context)?;
    let made = context.block_on(async {
        let maker = Maker { iam: ServiceClient::connect(context, "iam").await? };
        context.ui.err(format_args!(
            "warning: AWS has given up these roles and may refuse to make them; see \
             https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-iam-roles.html\n"
        ));
        let mut made = Vec::new();
        let services = ["datapipeline.amazonaws.com", "elasticmapreduce.amazonaws.com"].map(str::to_owned);
        let of_service = || Ok(Trusted::Several(services.into()));
        let policy = "arn:aws:iam::aws:policy/service-role/AWSDataPipelineRole";
        made.extend(maker.role(SERVICE_ROLE, policy, of_service).await?);
        let of_instances = || Ok(Trusted::One("ec2.amazonaws.com".to_owned()));
        let policy = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforDataPipelineRole";
        made.extend(maker.role(RESOURCE_ROLE, policy, of_instances).await?);
        maker.instance_profile(RESOURCE_ROLE).await?;
        CommandResult::Ok(made)
    })?;
    output.show(context, "create_role", &Value::List(made))
}
