//! `dsql`: passwords of Aurora DSQL's clusters.

mod generate_token;

use awsx_auth::tokens::DsqlRole;
use clap::Subcommand;

use self::generate_token::GenerateTokenArgs;
use crate::context::Context;
use crate::error::CommandResult;

/// Aurora DSQL
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx dsql generate-db-connect-auth-token --hostname CLUSTER.dsql.eu-west-1.on.aws")]
pub(crate) enum Verb {
    /// Print a password for a cluster, for a role of the database's own
    #[command(after_help = "Example:
  export PGPASSWORD=$(awsx dsql generate-db-connect-auth-token --hostname CLUSTER.dsql.eu-west-1.on.aws)")]
    GenerateDbConnectAuthToken(GenerateTokenArgs),
    /// Print a password for a cluster, for its user `admin`
    #[command(after_help = "Example:
  export PGPASSWORD=$(awsx dsql generate-db-connect-admin-auth-token --hostname CLUSTER.dsql.eu-west-1.on.aws)")]
    GenerateDbConnectAdminAuthToken(GenerateTokenArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::GenerateDbConnectAuthToken(args) => generate_token::run(context, DsqlRole::Custom, args),
        Verb::GenerateDbConnectAdminAuthToken(args) => generate_token::run(context, DsqlRole::Admin, args),
    }
}
