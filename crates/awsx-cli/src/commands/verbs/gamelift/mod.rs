//! `gamelift`: builds of game servers, and the logs of their sessions.

mod get_game_session_log;
mod upload_build;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// GameLift
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx gamelift upload-build --name arena --build-version 1.4 --build-root build --operating-system AMAZON_LINUX_2023")]
pub(crate) enum Verb {
    UploadBuild(upload_build::UploadBuildArgs),
    GetGameSessionLog(get_game_session_log::GetGameSessionLogArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::UploadBuild(args) => upload_build::run(context, args),
        Verb::GetGameSessionLog(args) => get_game_session_log::run(context, args),
    }
}
