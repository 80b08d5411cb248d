//! `rds generate-db-auth-token`.

use awsx_auth::AuthError;
use awsx_auth::tokens::rds_token;

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage::number;

/// Print a password for a database, good for 15 minutes
///
/// Nobody is asked: the token is signed here. The database must accept IAM authentication, over TLS.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  export PGPASSWORD=$(awsx rds generate-db-auth-token --hostname db.example.com --port 5432 --username me)
  psql 'host=db.example.com user=me dbname=orders sslmode=verify-full sslrootcert=global-bundle.pem'")]
pub(crate) struct GenerateDbAuthTokenArgs {
    /// The database's host, by the name that RDS gave it
    #[arg(long, value_name = "HOST")]
    hostname: String,
    /// The port it listens on
    #[arg(long, value_parser = number::<i64>)]
    port: i64,
    /// The database's user
    #[arg(long, value_name = "NAME")]
    username: String,
}

pub(crate) fn run(context: &Context, args: &GenerateDbAuthTokenArgs) -> CommandResult {
    let region = context.region()?;
    let credentials = context.block_on(context.required_credentials())?;
    let now = context.env().now();
    let token = rds_token(&args.hostname, args.port, &args.username, &region, &credentials, now);
    let token = token.map_err(AuthError::from)?;
    context.ui.out(format_args!("{}\n", token.expose()))
}
