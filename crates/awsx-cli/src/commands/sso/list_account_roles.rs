//! `sso list-account-roles`: the API operation.

use aws_sdk_sso::Client;
use awsx_core::Secret;
use awsx_http::CallError;
use awsx_output::Value;

use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{self, Output};

/// List the roles that an access token opens in an account
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx sso list-account-roles --access-token \"$TOKEN\" --account-id 111122223333 --region us-east-1")]
pub(crate) struct ListAccountRolesArgs {
    /// The access token of a sign-in
    #[arg(long, value_name = "TOKEN")]
    access_token: Secret<String>,
    /// The account, twelve digits
    #[arg(long, value_name = "ID")]
    account_id: String,
}

pub(crate) fn run(context: &Context, args: &ListAccountRolesArgs) -> CommandResult {
    let output = Output::of(context)?;
    let client = Client::new(&context.unsigned_sdk_config("SSO")?);
    let request =
        client.list_account_roles().access_token(args.access_token.expose()).account_id(&args.account_id);
    let roles = context.block_on(async {
        let mut pages = request.into_paginator().items().send();
        let mut roles = Vec::new();
        while let Some(role) = pages.next().await {
            let role = role.map_err(|error| CallError::of("ListAccountRoles", error))?;
            roles.push(output::structure([("roleName", role.role_name), ("accountId", role.account_id)]));
        }
        Ok::<_, CallError>(roles)
    })?;
    output.show(context, "ListAccountRoles", &Value::map([("roleList", Value::List(roles))]))
}
