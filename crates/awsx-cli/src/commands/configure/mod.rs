//! `configure`: the user's files.

mod add_model;
mod explain;
mod export_credentials;
mod get;
mod import;
mod keys;
mod keys_and_region;
mod list;
mod list_profiles;
mod mfa_login;
mod set;
mod sso;
mod sso_session;
mod write;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Set up profiles, sessions and settings
///
/// Without a subcommand, asks for access keys, region and output format of a profile. Answers go to `~/.aws/config`
/// and `~/.aws/credentials`, the files that AWS CLI and the SDKs read.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure                          enter access keys, region and output format
  awsx configure sso                      set up IAM Identity Center
  awsx configure set region eu-west-1 --profile dev
  awsx configure list --profile dev")]
pub(crate) struct ConfigureArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    List(list::ListArgs),
    Explain(explain::ExplainArgs),
    Get(get::GetArgs),
    Set(set::SetArgs),
    AddModel(add_model::AddModelArgs),
    Import(import::ImportArgs),
    ListProfiles(list_profiles::ListProfilesArgs),
    Sso(sso::SsoArgs),
    SsoSession(sso_session::SsoSessionArgs),
    MfaLogin(mfa_login::MfaLoginArgs),
    ExportCredentials(export_credentials::ExportCredentialsArgs),
}

impl ConfigureArgs {
    /// Whether the profile in use may be one that the command is about to make.
    pub(crate) fn makes_profiles(&self) -> bool {
        matches!(self.verb, None | Some(Verb::Set(_) | Verb::Import(_) | Verb::Sso(_) | Verb::SsoSession(_)))
    }
}

pub(crate) fn run(context: &Context, args: &ConfigureArgs) -> CommandResult {
    match &args.verb {
        None => keys_and_region::run(context),
        Some(Verb::List(args)) => list::run(context, args),
        Some(Verb::Explain(args)) => explain::run(context, args),
        Some(Verb::Get(args)) => get::run(context, args),
        Some(Verb::Set(args)) => set::run(context, args),
        Some(Verb::AddModel(args)) => add_model::run(context, args),
        Some(Verb::Import(args)) => import::run(context, args),
        Some(Verb::ListProfiles(args)) => list_profiles::run(context, args),
        Some(Verb::Sso(args)) => sso::run(context, args),
        Some(Verb::SsoSession(args)) => sso_session::run(context, args),
        Some(Verb::MfaLogin(args)) => mfa_login::run(context, args),
        Some(Verb::ExportCredentials(args)) => export_credentials::run(context, args),
    }
}

pub(crate) use write::write_config;
