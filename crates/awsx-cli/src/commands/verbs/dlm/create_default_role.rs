//! `dlm create-default-role`.

use awsx_auth::partition::Partition;
use awsx_output::{Map, Value};

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// Make the role that Data Lifecycle Manager manages snapshots or images with
///
/// The role gets AWS's own policy for that. One that is there stays as it is, and nothing is printed.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx dlm create-default-role
  awsx dlm create-default-role --resource-type image")]
pub(crate) struct CreateDefaultRoleArgs {
    /// Where IAM is asked
    #[arg(long, value_name = "URL")]
    iam_endpoint: Option<String>,
    /// What the role is for
    #[arg(long, value_name = "TYPE", default_value = "snapshot", value_parser = ["snapshot", "image"])]
    resource_type: String,
}

/// Who may take the role, in the bytes that AWS CLI sends.
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "", "Effect": "Allow", "Principal": {"Service": "dlm.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;

pub(crate) fn run(context: &Context, args: &CreateDefaultRoleArgs) -> CommandResult {
    let output = Output::of(context)?;
    let (role, policy) = match args.resource_type.as_str() {
        "image" => (
            "AWSDataLifecycleManagerDefaultRoleForAMIManagement",
            "AWSDataLifecycleManagerServiceRoleForAMIManagement",
        ),
        _ => ("AWSDataLifecycleManagerDefaultRole", "AWSDataLifecycleManagerServiceRole"),
    };
    let made = context.block_on(async {
        let instead = Instead {
            endpoint_url: args.iam_endpoint.clone(),
            ignores_endpoint_option: true,
            ..Instead::default()
        };
        let iam = ServiceClient::connect_as(context, "iam", instead).await?;
        if found(iam.call("GetRole", members([("RoleName", role.into())])).await)?.is_some() {
            return CommandResult::Ok(None);
        }
        make(context, &iam, role, policy).await
    })?;
    match made {
        Some(result) => output.show(context, "create_role", &result),
        None => Ok(()),
    }
}

/// Nothing where the policy is not there.
async fn make(
    context: &Context,
    iam: &ServiceClient<'_>,
    role: &str,
    policy: &str,
) -> CommandResult<Option<Value>> {
    let partition = Partition::of_region(&context.region()?).name;
    let arn = format!("arn:{partition}:iam::aws:policy/service-role/{policy}");
    let named = || members([("PolicyArn", arn.as_str().into())]);
    if found(iam.call("GetPolicy", named()).await)?.is_none() {
        return Ok(None);
    }
    let input = members([("RoleName", role.into()), ("AssumeRolePolicyDocument", TRUST.into())]);
    let created = iam.call("CreateRole", input).await?;
    let input = members([("PolicyArn", arn.as_str().into()), ("RoleName", role.into())]);
    iam.call("AttachRolePolicy", input).await?;
    let policy = iam.call("GetPolicy", named()).await?;
    let version = policy.get("Policy").map(|policy| text_at(policy, "DefaultVersionId")).unwrap_or_default();
    let input = members([("PolicyArn", arn.as_str().into()), ("VersionId", version.into())]);
    let version = iam.call("GetPolicyVersion", input).await?;
    let document = version.get("PolicyVersion").and_then(|version| version.get("Document")).cloned();
    let mut result = Map::new();
    result.insert("RolePolicy", document.unwrap_or_else(|| Value::Map(Map::new())));
    if let Some(created) = created.as_map() {
        for (name, value) in created.iter() {
            result.insert(name.clone(), value.clone());
        }
    }
    Ok(Some(Value::Map(result)))
}

/// The answer; none if IAM knows no such thing.
fn found(answer: CommandResult<Value>) -> CommandResult<Option<Value>> {
    match answer {
        Err(error) if is_missing(&error) => Ok(None),
        answer => answer.map(Some),
    }
}

fn is_missing(error: &CommandError) -> bool {
    error.service_code() == Some("NoSuchEntity")
}
