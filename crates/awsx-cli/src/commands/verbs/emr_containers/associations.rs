//! `emr-containers create-role-associations` and `delete-role-associations`.

use awsx_auth::partition::Partition;
use awsx_output::{Value, python_json_indented};

use super::accounts::{Jobs, ServiceAccount, Way};
use super::cluster::Cluster;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Give a role to the service accounts that EMR runs jobs with
///
/// They are EMR's own for the way of running jobs, or the one you name. An association that is there stays. Where one cannot
/// be made, those just made are taken back.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx emr-containers create-role-associations --cluster-name analytics --namespace spark --role-name jobs
  awsx emr-containers create-role-associations --cluster-name analytics --namespace jobs --role-name jobs \\
    --type spark_operator --operator-namespace operators")]
pub(crate) struct CreateRoleAssociationsArgs {
    #[command(flatten)]
    meant: MeantArgs,
}

/// Take a role from the service accounts that EMR runs jobs with
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr-containers delete-role-associations --cluster-name analytics --namespace spark --role-name jobs")]
pub(crate) struct DeleteRoleAssociationsArgs {
    #[command(flatten)]
    meant: MeantArgs,
}

#[derive(clap::Args, Debug)]
struct MeantArgs {
    /// The cluster
    #[arg(long, value_name = "NAME")]
    cluster_name: String,
    /// Where jobs run
    #[arg(long, value_name = "NAMESPACE")]
    namespace: String,
    /// The role
    #[arg(long, value_name = "NAME")]
    role_name: String,
    /// How jobs are run (default: `start_job_run`)
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    way: Option<Way>,
    /// Where the operator runs (default: where jobs do)
    #[arg(long, value_name = "NAMESPACE")]
    operator_namespace: Option<String>,
    /// This service account alone
    #[arg(long, value_name = "NAME")]
    service_account_name: Option<String>,
}

pub(crate) fn create(context: &Context, args: &CreateRoleAssociationsArgs) -> CommandResult {
    let args = &args.meant;
    let made = context.block_on(async {
        let cluster = Cluster::describe(context, &args.cluster_name).await?;
        let account = cluster.account()?;
        let partition = Partition::of_region(&context.region()?).name;
        let role = format!("arn:{partition}:iam::{account}:role/{}", args.role_name);
        let mut made = Vec::new();
        for service_account in args.service_accounts(account) {
            let ServiceAccount { name, namespace } = &service_account;
            let input = members([
                ("clusterName", args.cluster_name.as_str().into()),
                ("namespace", namespace.as_str().into()),
                ("roleArn", role.as_str().into()),
                ("serviceAccount", name.as_str().into()),
            ]);
            let error = match cluster.eks.call("CreatePodIdentityAssociation", input).await {
                Ok(answer) => {
                    made.push(association(answer));
                    continue;
                }
                Err(error) => error,
            };
            let whose = format!("service account {name} and role {} in namespace {namespace}", args.role_name);
            let Some(message) = error.service_message() else { return Err(error) };
            if error.service_code() == Some("ResourceInUseException") {
                context.ui.err(format_args!(
                    "Skipping pod identity association creation because pod identity association already exists for \
                     {whose}: {message}\n"
                ));
                continue;
            }
            for association in &made {
                context.ui.err(format_args!(
                    "Rolling back association for {whose} as an error was encountered\n"
                ));
                let (cluster_name, id) =
                    (text_at(association, "clusterName"), text_at(association, "associationId"));
                delete_one(&cluster, cluster_name, id).await?;
            }
            return Err(failed_to("create", args, &service_account, message));
        }
        CommandResult::Ok(made)
    })?;
    show(context, made)
}

pub(crate) fn delete(context: &Context, args: &DeleteRoleAssociationsArgs) -> CommandResult {
    let args = &args.meant;
    let deleted = context.block_on(async {
        let cluster = Cluster::describe(context, &args.cluster_name).await?;
        let mut deleted = Vec::new();
        for service_account in args.service_accounts(cluster.account()?) {
            match delete_of(&cluster, args, &service_account).await {
                Ok(Some(association)) => deleted.push(association),
                Ok(None) => {
                    let ServiceAccount { name, namespace } = &service_account;
                    context.ui.err(format_args!(
                        "Skipping deletion as no pod identity association found for service account {name} and role {} \
                         in namespace {namespace}\n",
                        args.role_name
                    ));
                }
                Err(error) => {
                    return Err(match error.service_message() {
                        Some(message) => failed_to("delete", args, &service_account, message),
                        None => error,
                    });
                }
            }
        }
        CommandResult::Ok(deleted)
    })?;
    show(context, deleted)
}

impl MeantArgs {
    fn service_accounts(&self, account: &str) -> Vec<ServiceAccount> {
        let filled = |text: &'_ Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(name) = filled(&self.service_account_name) {
            return vec![ServiceAccount { name, namespace: self.namespace.clone() }];
        }
        let operator_namespace = filled(&self.operator_namespace);
        let jobs = Jobs {
            account,
            role: &self.role_name,
            namespace: &self.namespace,
            operator_namespace: operator_namespace.as_deref().unwrap_or(&self.namespace),
        };
        jobs.service_accounts(self.way.unwrap_or(Way::StartJobRun))
    }
}

/// Nothing where the service account has no association.
async fn delete_of(
    cluster: &Cluster<'_>,
    args: &MeantArgs,
    service_account: &ServiceAccount,
) -> CommandResult<Option<Value>> {
    let input = members([
        ("clusterName", args.cluster_name.as_str().into()),
        ("namespace", service_account.namespace.as_str().into()),
        ("serviceAccount", service_account.name.as_str().into()),
    ]);
    let answer = cluster.eks.call("ListPodIdentityAssociations", input).await?;
    let Some(found) = list_at(&answer, "associations").first() else { return Ok(None) };
    let answer = delete_one(cluster, &args.cluster_name, text_at(found, "associationId")).await?;
    Ok(Some(association(answer)))
}

async fn delete_one(cluster: &Cluster<'_>, cluster_name: &str, id: &str) -> CommandResult<Value> {
    let input = members([("clusterName", cluster_name.into()), ("associationId", id.into())]);
    cluster.eks.call("DeletePodIdentityAssociation", input).await
}

fn association(answer: Value) -> Value {
    answer.get("association").cloned().unwrap_or(answer)
}

fn failed_to(
    action: &str,
    args: &MeantArgs,
    service_account: &ServiceAccount,
    message: &str,
) -> CommandError {
    let ServiceAccount { name, namespace } = service_account;
    CommandError::general(format!(
        "Failed to {action} pod identity association for service account {name}, role {} in namespace {namespace}: \
         {message}",
        args.role_name
    ))
}

fn show(context: &Context, associations: Vec<Value>) -> CommandResult {
    if associations.is_empty() {
        return Ok(());
    }
    // Without a line end, as AWS CLI prints it.
    context.ui.out(format_args!("{}", python_json_indented(&Value::List(associations), 4, true)))
}
