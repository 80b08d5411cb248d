//! `eks`: what `kubectl` needs to reach a cluster.

mod get_token;
mod kubeconfig;
mod update_kubeconfig;

pub(crate) use kubeconfig::KubeconfigError;

use awsx_auth::Credentials;
use awsx_auth::sts::{AssumeRole, sts_region};
use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Elastic Kubernetes Service
#[derive(Subcommand, Debug)]
#[command(after_help = "Examples:
  awsx eks update-kubeconfig --name prod
  awsx eks get-token --cluster-name prod")]
pub(crate) enum Verb {
    UpdateKubeconfig(update_kubeconfig::UpdateKubeconfigArgs),
    GetToken(get_token::GetTokenArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::UpdateKubeconfig(args) => update_kubeconfig::run(context, args),
        Verb::GetToken(args) => get_token::run(context, args),
    }
}

/// The keys of a role, taken with the credentials in use.
async fn keys_of_role(context: &Context, role_arn: &str, session_name: &str) -> CommandResult<Credentials> {
    let own = context.required_credentials().await?;
    let role = AssumeRole {
        role_arn: role_arn.to_owned(),
        session_name: Some(session_name.to_owned()),
        ..AssumeRole::default()
    };
    let region = sts_region(&context.settings, role_arn)?;
    Ok(role.fetch(&context.clients()?, &region, &own, None).await?.credentials)
}
