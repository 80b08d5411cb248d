//! `sso list-accounts`: the API operation.

use aws_sdk_sso::Client;
use awsx_core::Secret;
use awsx_http::CallError;
use awsx_output::Value;

use crate::context::Context;
use crate::error::CommandResult;
use crate::output::{self, Output};

/// List the accounts that an access token opens
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx sso list-accounts --access-token \"$TOKEN\" --region us-east-1")]
pub(crate) struct ListAccountsArgs {
    /// The access token of a sign-in
    #[arg(long, value_name = "TOKEN")]
    access_token: Secret<String>,
}

pub(crate) fn run(context: &Context, args: &ListAccountsArgs) -> CommandResult {
    let output = Output::of(context)?;
    let client = Client::new(&context.unsigned_sdk_config("SSO")?);
    let accounts = context.block_on(async {
        let mut pages =
            client.list_accounts().access_token(args.access_token.expose()).into_paginator().items().send();
        let mut accounts = Vec::new();
        while let Some(account) = pages.next().await {
            let account = account.map_err(|error| CallError::of("ListAccounts", error))?;
            accounts.push(output::structure([
                ("accountId", account.account_id),
                ("accountName", account.account_name),
                ("emailAddress", account.email_address),
            ]));
        }
        Ok::<_, CallError>(accounts)
    })?;
    output.show(context, "ListAccounts", &Value::map([("accountList", Value::List(accounts))]))
}
