//! `dsql generate-db-connect-auth-token` and its like for `admin`.

use std::time::Duration;

use awsx_auth::AuthError;
use awsx_auth::tokens::{DsqlRole, dsql_token};

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage::number;

#[derive(clap::Args, Debug)]
pub(crate) struct GenerateTokenArgs {
    /// The cluster's endpoint
    #[arg(long, value_name = "HOST")]
    hostname: String,
    /// How long the password is good
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = number::<u64>)]
    expires_in: u64,
}

pub(crate) fn run(context: &Context, role: DsqlRole, args: &GenerateTokenArgs) -> CommandResult {
    let region = context.region()?;
    let credentials = context.block_on(context.required_credentials())?;
    let lifetime = Duration::from_secs(args.expires_in);
    let token = dsql_token(&args.hostname, role, &region, lifetime, &credentials, context.env().now());
    let token = token.map_err(AuthError::from)?;
    context.ui.out(format_args!("{}\n", token.expose()))
}
