//! `cloudfront`: links to what a distribution keeps for signers.

mod sign;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// CloudFront
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx cloudfront sign --url https://d111111abcdef8.cloudfront.net/film.mp4 --key-pair-id K2JCJMDEHXQW5F \\
    --private-key file://key.pem --date-less-than 2030-01-01")]
pub(crate) enum Verb {
    Sign(sign::SignArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::Sign(args) => sign::run(context, args),
    }
}
