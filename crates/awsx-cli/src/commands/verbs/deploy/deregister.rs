//! `deploy deregister`.

use awsx_model::Input;
use awsx_output::Value;

use super::on_premises;
use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::context::Context;
use crate::error::CommandResult;

/// Have CodeDeploy forget a machine of your own
///
/// Its tags are removed, and its user is deleted with keys and policies.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx deploy deregister --instance-name web-1")]
pub(crate) struct DeregisterArgs {
    /// The machine's name at CodeDeploy
    #[arg(long, value_name = "NAME")]
    instance_name: String,
    /// Keep the user that the machine signs in as
    #[arg(long)]
    no_delete_iam_user: bool,
}

pub(crate) fn run(context: &Context, args: &DeregisterArgs) -> CommandResult {
    on_premises::region(context)?;
    on_premises::check_name(&args.instance_name)?;
    context.block_on(async {
        let codedeploy = ServiceClient::connect(context, "codedeploy").await?;
        let instead = Instead { ignores_endpoint_option: true, ..Instead::default() };
        let iam = ServiceClient::connect_as(context, "iam", instead).await?;
        on_premises::or_by_hand(
            context,
            "Deregister the on-premises instance",
            deregister(context, args, &codedeploy, &iam).await,
        )
    })?;
    context.ui.out(format_args!(
        "Run the following command on the on-premises instance to uninstall the codedeploy-agent:\nawsx deploy \
         uninstall\n"
    ))
}

async fn deregister(
    context: &Context,
    args: &DeregisterArgs,
    codedeploy: &ServiceClient<'_>,
    iam: &ServiceClient<'_>,
) -> CommandResult {
    let ui = context.ui;
    let name = args.instance_name.as_str();
    let named = || members([("instanceName", name.into())]);
    ui.out(format_args!("Retrieving on-premises instance information... "))?;
    let answer = codedeploy.call("GetOnPremisesInstance", named()).await?;
    let machine = answer.get("instanceInfo").cloned().unwrap_or_default();
    let (arn, tags) = (text_at(&machine, "iamUserArn"), list_at(&machine, "tags"));
    let user = arn.rsplit('/').next().unwrap_or_default();
    ui.out(format_args!("DONE\nIamUserArn: {arn}\n"))?;
    if !tags.is_empty() {
        let shown: Vec<String> = tags
            .iter()
            .map(|tag| format!("Key={},Value={}", text_at(tag, "Key"), text_at(tag, "Value")))
            .collect();
        let shown = shown.join(" ");
        ui.out(format_args!("Tags: {shown}\nRemoving tags from the on-premises instance... "))?;
        let input = members([("tags", same(tags)), ("instanceNames", Input::List(vec![name.into()]))]);
        codedeploy.call("RemoveTagsFromOnPremisesInstances", input).await?;
        ui.out(format_args!("DONE\n"))?;
    }
    ui.out(format_args!("Deregistering the on-premises instance... "))?;
    codedeploy.call("DeregisterOnPremisesInstance", named()).await?;
    ui.out(format_args!("DONE\n"))?;
    if args.no_delete_iam_user {
        return Ok(());
    }
    ui.out(format_args!("Deleting the IAM user policies... "))?;
    unless_missing(delete_policies(iam, user).await)?;
    ui.out(format_args!("DONE\nDeleting the IAM user access keys... "))?;
    unless_missing(delete_keys(iam, user).await)?;
    ui.out(format_args!("DONE\nDeleting the IAM user ({user})... "))?;
    unless_missing(iam.call("DeleteUser", members([("UserName", user.into())])).await.map(|_| ()))?;
    ui.out(format_args!("DONE\n"))
}

/// What a service told, as it takes it.
fn same(tags: &[Value]) -> Input {
    let pair =
        |tag: &Value| members([("Key", text_at(tag, "Key").into()), ("Value", text_at(tag, "Value").into())]);
    Input::List(tags.iter().map(pair).collect())
}

async fn delete_policies(iam: &ServiceClient<'_>, user: &str) -> CommandResult {
    let mut pages = iam.pages("ListUserPolicies", members([("UserName", user.into())])).await?;
    while let Some(page) = pages.next().await? {
        for policy in list_at(&page, "PolicyNames").iter().filter_map(Value::as_str) {
            let input = members([("UserName", user.into()), ("PolicyName", policy.into())]);
            iam.call("DeleteUserPolicy", input).await?;
        }
    }
    Ok(())
}

async fn delete_keys(iam: &ServiceClient<'_>, user: &str) -> CommandResult {
    let mut pages = iam.pages("ListAccessKeys", members([("UserName", user.into())])).await?;
    while let Some(page) = pages.next().await? {
        for key in list_at(&page, "AccessKeyMetadata") {
            let id = text_at(key, "AccessKeyId");
            iam.call("DeleteAccessKey", members([("UserName", user.into()), ("AccessKeyId", id.into())]))
                .await?;
        }
    }
    Ok(())
}

/// What is gone already need not be deleted.
fn unless_missing(done: CommandResult) -> CommandResult {
    match done {
        Err(error) if error.service_code() == Some("NoSuchEntity") => Ok(()),
        done => done,
    }
}
