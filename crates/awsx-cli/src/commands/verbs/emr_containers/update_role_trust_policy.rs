//! `emr-containers update-role-trust-policy`.

use awsx_auth::partition::Partition;
use awsx_output::{Map, Value, python_json, python_json_indented, python_str};

use super::base36;
use super::cluster::Cluster;
use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Let the service accounts that EMR runs jobs with take a role
///
/// The role's trust policy gets a statement for them, unless it has it.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx emr-containers update-role-trust-policy --cluster-name analytics --namespace spark --role-name jobs --dry-run
  awsx emr-containers update-role-trust-policy --cluster-name analytics --namespace spark --role-name jobs")]
pub(crate) struct UpdateRoleTrustPolicyArgs {
    /// The cluster
    #[arg(long, value_name = "NAME")]
    cluster_name: String,
    /// Where jobs run
    #[arg(long, value_name = "NAMESPACE")]
    namespace: String,
    /// The role
    #[arg(long, value_name = "NAME")]
    role_name: String,
    /// Where IAM is asked
    #[arg(long, value_name = "URL")]
    iam_endpoint: Option<String>,
    /// Print what the policy would be, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(context: &Context, args: &UpdateRoleTrustPolicyArgs) -> CommandResult {
    let role = args.role_name.as_str();
    let told = context.block_on(async {
        let cluster = Cluster::describe(context, &args.cluster_name).await?;
        let statement = statement(context, args, &cluster)?;
        let instead = Instead {
            endpoint_url: args.iam_endpoint.clone(),
            ignores_endpoint_option: true,
            ..Instead::default()
        };
        let iam = ServiceClient::connect_as(context, "iam", instead).await?;
        let answer = iam.call("GetRole", members([("RoleName", role.into())])).await?;
        let policy = answer.get("Role").and_then(|role| role.get("AssumeRolePolicyDocument")).cloned();
        let Some(policy) = with_statement(policy.unwrap_or_default(), statement)? else {
            return CommandResult::Ok(format!(
                "Trust policy statement already exists for role {role}. No changes were made!"
            ));
        };
        if args.dry_run {
            return Ok(python_json_indented(&policy, 2, true));
        }
        let input = members([("RoleName", role.into()), ("PolicyDocument", python_json(&policy).into())]);
        iam.call("UpdateAssumeRolePolicy", input).await?;
        Ok(format!("Successfully updated trust policy of role {role}"))
    })?;
    context.ui.out(format_args!("{told}\n"))
}

/// What lets the service accounts take the role.
fn statement(
    context: &Context,
    args: &UpdateRoleTrustPolicyArgs,
    cluster: &Cluster<'_>,
) -> CommandResult<Value> {
    let (account, provider) = (cluster.account()?, cluster.identity_provider()?);
    let partition = Partition::of_region(&context.region()?).name;
    let role = base36::encode(&args.role_name);
    let accounts = format!("system:serviceaccount:{}:emr-containers-sa-*-*-{account}-{role}", args.namespace);
    let federated = format!("arn:{partition}:iam::{account}:oidc-provider/{provider}");
    let is_theirs = Value::map([(format!("{provider}:sub"), Value::from(accounts))]);
    Ok(Value::map([
        ("Effect", "Allow".into()),
        ("Principal", Value::map([("Federated", Value::from(federated))])),
        ("Action", "sts:AssumeRoleWithWebIdentity".into()),
        ("Condition", Value::map([("StringLike", is_theirs)])),
    ]))
}

/// The policy with the statement; nothing if it has it.
fn with_statement(policy: Value, statement: Value) -> CommandResult<Option<Value>> {
    let Value::Map(mut policy) = policy else {
        return Err(CommandError::general("the role has no trust policy"));
    };
    let mut statements = match policy.get("Statement") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(statements)) => statements.clone(),
        // IAM takes a single one without a list around it.
        Some(single) => vec![single.clone()],
    };
    if statements.iter().any(|existing| is_same(&statement, existing)) {
        return Ok(None);
    }
    statements.push(statement);
    policy.insert("Statement", Value::List(statements));
    Ok(Some(Value::Map(policy)))
}

/// Whether a statement has these members and no others, in any order.
fn is_same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Map(expected), Value::Map(actual)) => {
            let has = |actual: &Map, (name, value): (&awsx_output::Key, &Value)| {
                actual.get(name).is_some_and(|actual| is_same(value, actual))
            };
            expected.len() == actual.len() && expected.iter().all(|entry| has(actual, entry))
        }
        (expected, actual) => python_str(expected) == python_str(actual),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Value {
        serde_json::from_str::<serde_json::Value>(text).unwrap().into()
    }

    #[test]
    fn a_statement_is_put_in_once() {
        let statement = || policy(r#"{"Effect": "Allow", "Principal": {"Federated": "p"}}"#);
        let added = with_statement(policy(r#"{"Version": "2012-10-17"}"#), statement()).unwrap().unwrap();
        assert_eq!(
            python_json(&added),
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "p"}}]}"#
        );
        assert_eq!(with_statement(added, statement()).unwrap(), None);
        let other_order = r#"{"Statement": [{"Principal": {"Federated": "p"}, "Effect": "Allow"}]}"#;
        assert_eq!(with_statement(policy(other_order), statement()).unwrap(), None);
        let single = policy(r#"{"Statement": {"Effect": "Deny"}}"#);
        let added = with_statement(single, statement()).unwrap().unwrap();
        assert!(python_json(&added).starts_with(r#"{"Statement": [{"Effect": "Deny"}, {"Effect": "Allow""#));
    }
}
