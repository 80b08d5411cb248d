//! One folder per noun, one file per verb: the words of a command lead to its file.

pub(crate) mod completion;
pub(crate) mod configure;
pub(crate) mod console;
pub(crate) mod ddb;
pub(crate) mod env;
pub(crate) mod exec;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod mfa;
pub(crate) mod operation;
pub(crate) mod s3;
pub(crate) mod shell_init;
pub(crate) mod sso;
pub(crate) mod status;
mod variables;
pub(crate) mod verbs;
pub(crate) mod wish;

use crate::cli::Command;
use crate::context::Context;
use crate::error::CommandResult;

/// Runs a command.
pub(crate) fn run(context: &Context, command: &Command) -> CommandResult {
    match command {
        Command::Configure(args) => configure::run(context, args),
        Command::Login(args) => login::run(context, args),
        Command::Logout(args) => logout::run(context, args),
        Command::Verb(verb) => verbs::run(context, verb),
        Command::Operation(args) => operation::run(context, args),
        Command::S3(args) => s3::run(context, args),
        Command::Ddb(args) => ddb::run(context, args),
        Command::ConsoleUrl(args) => console::run_url(context, args),
        Command::Console(args) => console::run_open(context, args),
        Command::Exec(args) => exec::run(context, args),
        Command::Env(args) => env::run(context, args),
        Command::Status(args) => status::run(context, args),
        Command::ShellInit(args) => shell_init::run(context, args),
        Command::Keys(args) => keys::run(context, args),
        Command::Mfa(args) => mfa::run(context, args),
        Command::Completion(args) => completion::run(context, args),
    }
}
