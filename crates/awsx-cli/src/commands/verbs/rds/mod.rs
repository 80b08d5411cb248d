//! `rds`: passwords of databases that know IAM.

mod generate_db_auth_token;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Relational Database Service
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx rds generate-db-auth-token --hostname db.example.com --port 5432 --username me")]
pub(crate) enum Verb {
    GenerateDbAuthToken(generate_db_auth_token::GenerateDbAuthTokenArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::GenerateDbAuthToken(args) => generate_db_auth_token::run(context, args),
    }
}
