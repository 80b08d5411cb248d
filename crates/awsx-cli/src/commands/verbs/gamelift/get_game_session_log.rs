//! `gamelift get-game-session-log`.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use awsx_params::os_error;

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Save the log of a game session, a zip file
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx gamelift get-game-session-log --game-session-id arn:aws:gamelift:eu-west-1::gamesession/fleet-1/1 \\
    --save-as session.zip")]
pub(crate) struct GetGameSessionLogArgs {
    /// The game session
    #[arg(long, value_name = "ID")]
    game_session_id: String,
    /// The file that it is saved in
    #[arg(long, value_name = "FILE")]
    save_as: String,
}

pub(crate) fn run(context: &Context, args: &GetGameSessionLogArgs) -> CommandResult {
    let id = args.game_session_id.as_str();
    context.block_on(async {
        let gamelift = ServiceClient::connect(context, "gamelift").await?;
        let answer = gamelift.call("GetGameSessionLogUrl", members([("GameSessionId", id.into())])).await?;
        let url = text_at(&answer, "PreSignedUrl");
        let unknown = || CommandError::general(format!("unknown url type: '{url}'"));
        let mut download = context.clients()?.http().download(url).await?.ok_or_else(unknown)?;
        if !download.status.is_success() {
            let (code, words) = (download.status.as_u16(), download.status.canonical_reason());
            let words = words.unwrap_or_default();
            return Err(CommandError::general(format!("HTTP Error {code}: {words}")));
        }
        context.ui.out(format_args!("Downloading log archive for game session {id}...\r"))?;
        let path = Path::new(&args.save_as);
        let failed = |error| CommandError::general(os_error(&error, path));
        let mut file = File::create(path).map_err(failed)?;
        while let Some(piece) = download.next().await? {
            file.write_all(&piece).map_err(failed)?;
        }
        file.flush().map_err(failed)
    })?;
    context
        .ui
        .out(format_args!("Successfully downloaded log archive for game session {id} to {}\n", args.save_as))
}
