//! `eks get-token`: what `kubectl` shows a cluster.

use awsx_auth::tokens::kubernetes_token;
use awsx_core::timestamp;
use awsx_output::{Map, Value};

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::output::Output;

/// Print a token for a cluster, as `kubectl` asks for it
///
/// Nobody is asked: the token is signed here, and good for 14 minutes.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx eks get-token --cluster-name prod --profile dev")]
pub(crate) struct GetTokenArgs {
    /// The cluster
    #[arg(long, value_name = "NAME")]
    cluster_name: Option<String>,
    /// Sign as this role
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// The id of a cluster that runs on an Outpost
    #[arg(long, value_name = "ID")]
    cluster_id: Option<String>,
}

pub(crate) fn run(context: &Context, args: &GetTokenArgs) -> CommandResult {
    let output = Output::of(context)?;
    let cluster = match (&args.cluster_name, &args.cluster_id) {
        (Some(_), Some(_)) => {
            return Err(CommandError::usage(
                "The key \"cluster_id\" cannot be specified when one of the following keys are also specified: \
                 cluster_name",
            ));
        }
        (Some(cluster), None) | (None, Some(cluster)) => cluster,
        (None, None) => {
            let message = "Either parameter --cluster-name or --cluster-id must be specified.";
            context.ui.err(format_args!("{message}\n"));
            return Err(CommandError::said(1));
        }
    };
    let region = context.region()?;
    let token = context.block_on(async {
        let credentials = match &args.role_arn {
            Some(role) => super::keys_of_role(context, role, "EKSGetTokenAuth").await?,
            None => context.required_credentials().await?,
        };
        Ok::<_, CommandError>(kubernetes_token(&context.clients()?, cluster, &region, &credentials).await?)
    })?;
    let (version, warning) = api_version(context.env().var_filled("KUBERNETES_EXEC_INFO"));
    if let Some(warning) = warning {
        context.ui.err(format_args!("{warning}\n"));
    }
    let credential = Value::map([
        ("kind", "ExecCredential".into()),
        ("apiVersion", version.into()),
        ("spec", Value::Map(Map::new())),
        (
            "status",
            Value::map([
                ("expirationTimestamp", timestamp::zulu(token.expires_at).into()),
                ("token", token.token.expose().as_str().into()),
            ]),
        ),
    ]);
    output.show(context, "get-token", &credential)?;
    // AWS CLI ends with an empty line.
    context.ui.out(format_args!("\n"))
}

const ALPHA: &str = "client.authentication.k8s.io/v1alpha1";
const BETA: &str = "client.authentication.k8s.io/v1beta1";
const STABLE: &str = "client.authentication.k8s.io/v1";

/// The version of the answer that `kubectl` wishes for in a variable, and what is to be said about that.
fn api_version(wish: Option<&str>) -> (&'static str, Option<String>) {
    let Some(wish) = wish else { return (BETA, None) };
    let Ok(wish) = serde_json::from_str::<serde_json::Value>(wish) else {
        return (
            BETA,
            Some(format!(
                "Error parsing KUBERNETES_EXEC_INFO, defaulting to {BETA}. This is likely a bug in your Kubernetes \
                 client. Please update your Kubernetes client."
            )),
        );
    };
    match wish["apiVersion"].as_str() {
        Some(STABLE) => (STABLE, None),
        Some(BETA) => (BETA, None),
        Some(ALPHA) => (
            ALPHA,
            Some(format!(
                "Kubeconfig user entry is using deprecated API version {ALPHA}. Run 'awsx eks update-kubeconfig' to \
                 update."
            )),
        ),
        _ => (
            BETA,
            Some(format!(
                "Unrecognized API version in KUBERNETES_EXEC_INFO, defaulting to {BETA}. This is likely due to an \
                 outdated AWS CLI. Please update your AWS CLI."
            )),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubectl_gets_the_version_it_wishes_for_if_that_is_one() {
        let wish = |version: &str| format!(r#"{{"kind": "ExecCredential", "apiVersion": "{version}"}}"#);
        assert_eq!(api_version(None), (BETA, None));
        assert_eq!(api_version(Some(&wish(STABLE))), (STABLE, None));
        assert_eq!(api_version(Some(&wish(BETA))), (BETA, None));
        let said = |wish: &str| {
            let (version, warning) = api_version(Some(wish));
            (version, warning.unwrap().split_once(' ').unwrap().0.to_owned())
        };
        assert_eq!(said(&wish(ALPHA)), (ALPHA, "Kubeconfig".to_owned()));
        assert_eq!(said(&wish("v9")), (BETA, "Unrecognized".to_owned()));
        assert_eq!(said("[]"), (BETA, "Unrecognized".to_owned()));
        assert_eq!(said("nonsense"), (BETA, "Error".to_owned()));
    }
}
