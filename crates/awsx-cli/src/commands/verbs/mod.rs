//! AWS CLI's own verbs beside the operations of a service: `ecr get-login-password`.
//!
//! One folder a service, under its word; one file a verb. [`Verbs`] is the one list of them: clap reads their words by it,
//! and [`of`] tells whoever looks a word up behind a service, before the operations of its model: the parser, help,
//! completion, "Maybe you meant". `cargo xtask docs` finds the services by the folders here.

mod archive;
mod artifact;
mod cloudformation;
mod cloudfront;
mod cloudtrail;
mod codeartifact;
mod codecommit;
mod configservice;
mod datapipeline;
mod default_roles;
mod deploy;
mod dlm;
mod dsql;
mod ec2_instance_connect;
mod ecr;
mod ecr_public;
pub(crate) mod ecs;
pub(crate) mod eks;
mod emr;
mod emr_containers;
mod gamelift;
mod gunzip;
mod lightsail;
pub(crate) mod logs;
mod rds;
mod servicecatalog;
mod tree;
mod upload;
mod values;

use clap::Subcommand;

use super::sso;
use crate::context::Context;
use crate::error::CommandResult;

/// The services that have verbs. They are hidden, since every service is a command; `awsx SERVICE help` shows the verbs.
#[derive(Subcommand, Debug)]
pub(crate) enum Verbs {
    Sso(sso::SsoArgs),
    #[command(subcommand, hide = true)]
    Cloudformation(cloudformation::Verb),
    #[command(subcommand, hide = true)]
    Cloudfront(cloudfront::Verb),
    #[command(subcommand, hide = true)]
    Cloudtrail(cloudtrail::Verb),
    #[command(subcommand, hide = true)]
    Codeartifact(codeartifact::Verb),
    #[command(subcommand, hide = true)]
    Codecommit(codecommit::Verb),
    #[command(subcommand, hide = true)]
    Configservice(configservice::Verb),
    #[command(subcommand, hide = true)]
    Datapipeline(datapipeline::Verb),
    #[command(subcommand, hide = true)]
    Deploy(deploy::Verb),
    #[command(subcommand, hide = true)]
    Dlm(dlm::Verb),
    #[command(subcommand, hide = true)]
    Dsql(dsql::Verb),
    #[command(subcommand, hide = true)]
    Ec2InstanceConnect(ec2_instance_connect::Verb),
    #[command(subcommand, hide = true)]
    Ecr(ecr::Verb),
    #[command(subcommand, hide = true)]
    EcrPublic(ecr_public::Verb),
    #[command(subcommand, hide = true)]
    Ecs(ecs::Verb),
    #[command(subcommand, hide = true)]
    Eks(eks::Verb),
    #[command(subcommand, hide = true)]
    Emr(emr::Verb),
    #[command(subcommand, hide = true)]
    EmrContainers(emr_containers::Verb),
    #[command(subcommand, hide = true)]
    Gamelift(gamelift::Verb),
    #[command(subcommand, hide = true)]
    Lightsail(lightsail::Verb),
    #[command(subcommand, hide = true)]
    Logs(logs::Verb),
    #[command(subcommand, hide = true)]
    Rds(rds::Verb),
    #[command(subcommand, hide = true)]
    Servicecatalog(servicecatalog::Verb),
}

pub(crate) fn run(context: &Context, verbs: &Verbs) -> CommandResult {
    match verbs {
        Verbs::Sso(args) => sso::run(context, args),
        Verbs::Cloudformation(verb) => cloudformation::run(context, verb),
        Verbs::Cloudfront(verb) => cloudfront::run(context, verb),
        Verbs::Cloudtrail(verb) => cloudtrail::run(context, verb),
        Verbs::Codeartifact(verb) => codeartifact::run(context, verb),
        Verbs::Codecommit(verb) => codecommit::run(context, verb),
        Verbs::Configservice(verb) => configservice::run(context, verb),
        Verbs::Datapipeline(verb) => datapipeline::run(context, verb),
        Verbs::Deploy(verb) => deploy::run(context, verb),
        Verbs::Dlm(verb) => dlm::run(context, verb),
        Verbs::Dsql(verb) => dsql::run(context, verb),
        Verbs::Ec2InstanceConnect(verb) => ec2_instance_connect::run(context, verb),
        Verbs::Ecr(verb) => ecr::run(context, verb),
        Verbs::EcrPublic(verb) => ecr_public::run(context, verb),
        Verbs::Ecs(verb) => ecs::run(context, verb),
        Verbs::Eks(verb) => eks::run(context, verb),
        Verbs::Emr(verb) => emr::run(context, verb),
        Verbs::EmrContainers(verb) => emr_containers::run(context, verb),
        Verbs::Gamelift(verb) => gamelift::run(context, verb),
        Verbs::Lightsail(verb) => lightsail::run(context, verb),
        Verbs::Logs(verb) => logs::run(context, verb),
        Verbs::Rds(verb) => rds::run(context, verb),
        Verbs::Servicecatalog(verb) => servicecatalog::run(context, verb),
    }
}

/// The verbs of a service, as clap knows them.
pub(crate) fn of(service: &str) -> Vec<clap::Command> {
    if !Verbs::has_subcommand(service) {
        return Vec::new();
    }
    let all = Verbs::augment_subcommands(clap::Command::new("awsx"));
    let verbs = all.find_subcommand(service).expect("it is one of them").get_subcommands().cloned();
    verbs.filter(|verb| !verb.is_hide_set()).collect()
}

/// Whether a word behind a service is one of its verbs.
pub(crate) fn has(service: &str, word: &str) -> bool {
    of(service).iter().any(|verb| verb.get_name() == word)
}
