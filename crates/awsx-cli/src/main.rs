//! The `awsx` command: reads arguments, calls the crates, shows what came of it.

mod cli;
mod commands;
mod context;
mod debug;
mod error;
mod output;
mod renewal;
mod shell;
mod span;
mod ui;
mod usage;
mod version;
mod wizards;

use std::process::ExitCode;

use awsx_core::Env;
use awsx_core::settings::Settings;

use crate::context::Context;
use crate::ui::Ui;

fn main() -> ExitCode {
    let env = Env::of_process();
    let ui = Ui::of_process(&env);
    let arguments: Vec<String> =
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let parsed = match usage::parse(&arguments, &env) {
        Ok(parsed) => parsed,
        Err(stop) => return stop.report(&Settings::new(env, usage::flags_of(&arguments)), ui),
    };
    let context = Context::new(env, ui, parsed.global, &parsed.command);
    if context.globals.debug {
        debug::show();
    }
    match commands::run(&context, &parsed.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(&context.settings, context.ui),
    }
}
