//! `ecr-public get-login-password`: what `docker login` reads.

use awsx_model::Input;

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::ecr;
use crate::context::Context;
use crate::error::CommandResult;

/// Print the password with which container tools log in to Amazon's public registry
///
/// The user is `AWS`, the password is good for 12 hours. The registry is asked in us-east-1 or us-west-2.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx ecr-public get-login-password --region us-east-1 |
    docker login --username AWS --password-stdin public.ecr.aws")]
pub(crate) struct GetLoginPasswordArgs {}

pub(crate) fn run(context: &Context) -> CommandResult {
    let answer = context.block_on(async {
        let ecr = ServiceClient::connect(context, "ecr-public").await?;
        ecr.call("GetAuthorizationToken", Input::empty()).await
    })?;
    let password = ecr::password_of(answer.get("authorizationData"))?;
    context.ui.out(format_args!("{password}\n"))
}
