//! `s3`: buckets and objects by path.

mod ls;

use clap::Subcommand;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Work with S3 buckets and objects
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  awsx s3 ls\n  awsx s3 ls s3://bucket/folder/ --human-readable")]
pub(crate) struct S3Args {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Ls(ls::LsArgs),
}

pub(crate) fn run(context: &Context, args: &S3Args) -> CommandResult {
    match &args.verb {
        None => Err(CommandError::usage(
            "usage: awsx [options] s3 <subcommand> [parameters]\nawsx: [ERROR]: too few arguments",
        )),
        Some(Verb::Ls(args)) => ls::run(context, args),
    }
}
