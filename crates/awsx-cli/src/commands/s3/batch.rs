//! `s3 run`: many commands in one process.

use std::io::Read;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::{cli, usage};

const INTERRUPTED: u8 = 130;

/// Run `s3` commands from a file, one a line, in one process
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 run commands.txt          with lines such as: cp report.pdf s3://bucket/reports/
  generate | awsx s3 run -

Empty lines and those that begin with `#` are passed over. The exit code is that of the first command that failed; those
after it run all the same unless `--stop` is given.")]
pub(crate) struct RunArgs {
    /// The file; `-` for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// End with the first command that fails
    #[arg(long)]
    stop: bool,
}

pub(crate) fn run(context: &Context, args: &RunArgs) -> CommandResult {
    let text = read(&args.file)?;
    let mut first = Ok(());
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Err(error) = run_line(context, line) {
            let code = error.exit_code();
            context.ui.err(format_args!("{}:{}: {line}\n", args.file, number + 1));
            error.report(&context.settings, context.ui);
            if first.is_ok() {
                first = Err(CommandError::said(code));
            }
            if args.stop || code == INTERRUPTED {
                break;
            }
        }
    }
    first
}

fn read(file: &str) -> CommandResult<String> {
    let text = if file == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    text.map_err(|error| CommandError::general(format!("could not read `{file}`: {error}")))
}

fn run_line(context: &Context, line: &str) -> CommandResult {
    let words = awsx_core::words::split(line)
        .ok_or_else(|| CommandError::usage("a quote or an escape of the line is left open"))?;
    let words = ["awsx", "s3"].into_iter().map(str::to_owned).chain(words).collect::<Vec<_>>();
    match usage::parse(&words, context.env()) {
        Ok(usage::Parsed { command: cli::Command::S3(args), .. }) => super::run(context, &args),
        Ok(_) => Err(CommandError::usage("only commands of `s3` can be run")),
        Err(usage::Stop::Mistake(mistake)) => Err(mistake),
        Err(_) => Err(CommandError::usage("there is no help here")),
    }
}
