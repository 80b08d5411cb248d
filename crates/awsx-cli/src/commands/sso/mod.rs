//! `sso`: signing in with IAM Identity Center, and its API.

mod get_role_credentials;
mod list_account_roles;
mod list_accounts;
mod login;
mod logout;
mod sign_in;
mod status;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;
use crate::usage;

pub(crate) use sign_in::SignInArgs;

/// Sign in with IAM Identity Center, and out
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx sso login --profile dev
  awsx sso status
  awsx sso logout")]
pub(crate) struct SsoArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Status(status::StatusArgs),
    ListAccounts(list_accounts::ListAccountsArgs),
    ListAccountRoles(list_account_roles::ListAccountRolesArgs),
    GetRoleCredentials(get_role_credentials::GetRoleCredentialsArgs),
}

impl SsoArgs {
    /// Whether the verb is an operation of the service, not one of the written ones.
    pub(crate) fn is_api_operation(&self) -> bool {
        match &self.verb {
            None | Some(Verb::Login(_) | Verb::Logout(_) | Verb::Status(_)) => false,
            Some(Verb::ListAccounts(_) | Verb::ListAccountRoles(_) | Verb::GetRoleCredentials(_)) => true,
        }
    }
}

pub(crate) fn run(context: &Context, args: &SsoArgs) -> CommandResult {
    match &args.verb {
        None => Err(usage::missing("operation")),
        Some(Verb::Login(args)) => login::run(context, args),
        Some(Verb::Logout(args)) => logout::run(context, args),
        Some(Verb::Status(args)) => status::run(context, args),
        Some(Verb::ListAccounts(args)) => list_accounts::run(context, args),
        Some(Verb::ListAccountRoles(args)) => list_account_roles::run(context, args),
        Some(Verb::GetRoleCredentials(args)) => get_role_credentials::run(context, args),
    }
}
