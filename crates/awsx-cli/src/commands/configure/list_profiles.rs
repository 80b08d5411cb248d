//! `configure list-profiles`: every profile's name.

use std::fmt::Write;

use crate::context::Context;
use crate::error::CommandResult;

/// Print the names of all profiles, one a line
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  awsx configure list-profiles | fzf")]
pub(crate) struct ListProfilesArgs {}

pub(crate) fn run(context: &Context, _: &ListProfilesArgs) -> CommandResult {
    let mut names = String::new();
    for name in context.settings.profiles()?.names() {
        writeln!(names, "{name}").expect("memory takes what is written");
    }
    context.ui.out(format_args!("{names}"))
}
