//! `sts get-caller-identity`: the API operation.

use aws_sdk_sts::{Client, config};
use awsx_http::CallError;

use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{self, Output};

/// Show whose credentials are in use: user id, account and ARN
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx sts get-caller-identity --profile dev --output table
  awsx sts get-caller-identity --query Account --output text")]
pub(crate) struct GetCallerIdentityArgs {}

pub(crate) fn run(context: &Context, _: &GetCallerIdentityArgs) -> CommandResult {
    let output = Output::of(context)?;
    let identity = context.block_on(async {
        let config = config::Builder::from(&context.sdk_config("STS").await?);
        let unsigned = context.globals.no_sign_request;
        let client = Client::from_conf(if unsigned { config.allow_no_auth() } else { config }.build());
        let answer = client.get_caller_identity().send().await;
        Ok::<_, crate::error::CommandError>(
            answer.map_err(|error| CallError::of("GetCallerIdentity", error))?,
        )
    })?;
    let value = output::structure([
        ("UserId", identity.user_id),
        ("Account", identity.account),
        ("Arn", identity.arn),
    ]);
    output.show(context, "GetCallerIdentity", &value)
}
