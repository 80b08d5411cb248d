//! `s3`: buckets and objects by path.

mod bar;
mod batch;
mod bench;
mod cat;
mod client;
mod cp;
mod du;
mod filters;
mod find;
mod listed;
mod ls;
mod mb;
mod mv;
mod order;
mod paths;
mod presign;
mod printer;
mod rb;
mod results;
mod rm;
mod settings;
mod size;
mod sync;
mod transfer;
mod transfer_args;
mod underlying;
mod website;
mod wildcards;

use awsx_s3::options::RequestHeaders;
use awsx_s3::transfer::TransferSettings;
use clap::Subcommand;

pub(crate) use self::client::client_for_verb;
use self::settings::TransferBlock;
pub(crate) use self::size::human as human_size;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Work with S3 buckets and objects
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 ls s3://bucket/folder/ --human-readable
  awsx s3 cp report.pdf s3://bucket/reports/
  awsx s3 sync site s3://bucket --delete --dryrun")]
pub(crate) struct S3Args {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Ls(ls::LsArgs),
    Cp(Box<cp::CpArgs>),
    Mv(Box<mv::MvArgs>),
    Rm(rm::RmArgs),
    Sync(Box<sync::SyncArgs>),
    Mb(mb::MbArgs),
    Rb(rb::RbArgs),
    Presign(presign::PresignArgs),
    Website(website::WebsiteArgs),
    Cat(cat::CatArgs),
    Du(du::DuArgs),
    Find(find::FindArgs),
    Run(batch::RunArgs),
    Bench(bench::BenchArgs),
}

/// Transfers as the user's settings have them, for verbs of other services.
pub(crate) fn transfers(context: &Context, headers: RequestHeaders) -> CommandResult<TransferSettings> {
    Ok(TransferBlock::resolve(&context.settings)?.transfers(headers))
}

pub(crate) fn run(context: &Context, args: &S3Args) -> CommandResult {
    match &args.verb {
        None => Err(CommandError::usage(
            "usage: awsx [options] s3 <subcommand> [parameters]\nawsx: [ERROR]: too few arguments",
        )),
        Some(Verb::Ls(args)) => ls::run(context, args),
        Some(Verb::Cp(args)) => cp::run(context, args),
        Some(Verb::Mv(args)) => mv::run(context, args),
        Some(Verb::Rm(args)) => rm::run(context, args),
        Some(Verb::Sync(args)) => sync::run(context, args),
        Some(Verb::Mb(args)) => mb::run(context, args),
        Some(Verb::Rb(args)) => rb::run(context, args),
        Some(Verb::Presign(args)) => presign::run(context, args),
        Some(Verb::Website(args)) => website::run(context, args),
        Some(Verb::Cat(args)) => cat::run(context, args),
        Some(Verb::Du(args)) => du::run(context, args),
        Some(Verb::Find(args)) => find::run(context, args),
        Some(Verb::Run(args)) => batch::run(context, args),
        Some(Verb::Bench(args)) => bench::run(context, args),
    }
}
