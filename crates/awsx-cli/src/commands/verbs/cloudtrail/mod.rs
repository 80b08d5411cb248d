//! `cloudtrail`: whether what CloudTrail delivered is as it was delivered.
//!
//! ```text
//! validate_logs         log files and the chain of digests over them
//! verify_query_results  files that a query of CloudTrail Lake was exported to
//! public_keys           CloudTrail's keys of a time
//! signature             RSA signatures, verified
//! times                 times as CloudTrail and AWS CLI write them
//! ```

mod public_keys;
mod signature;
mod times;
mod validate_logs;
mod verify_query_results;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CloudTrail
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx cloudtrail validate-logs --trail-arn arn:aws:cloudtrail:us-east-1:111122223333:trail/all \\
    --start-time 2026-01-01T00:00:00Z")]
pub(crate) enum Verb {
    ValidateLogs(validate_logs::ValidateLogsArgs),
    VerifyQueryResults(verify_query_results::VerifyQueryResultsArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::ValidateLogs(args) => validate_logs::run(context, args),
        Verb::VerifyQueryResults(args) => verify_query_results::run(context, args),
    }
}
