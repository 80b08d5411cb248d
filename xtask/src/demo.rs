//! `cargo xtask demo`: signs in, asks who that is, lists S3 and opens the console, against the sandbox.

mod console;
mod step;
mod stream;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::cargo::{self, Programs};
use crate::failure::{Attempting, Failure, Outcome};
use crate::sandbox::Sandbox;

pub(crate) use step::{STEPS, Step};

/// Show awsx at work: configure, sign in, who am I, list S3, open the console
///
/// Everything runs for real in a temporary home against AWS on loopback; no account is needed and your own files
/// are not touched.
#[derive(clap::Args, Debug)]
pub(crate) struct DemoArgs {
    /// Approve the sign-ins yourself, in your browser
    #[arg(long)]
    interactive: bool,

    /// The awsx to show (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
}

pub(crate) fn run(args: &DemoArgs) -> Outcome {
    let stage = Stage::set(&cargo::build(args.bin.as_ref())?, args.interactive)?;
    for step in &STEPS {
        show(&format!("{}\n", step.prompt()));
        let output = if args.interactive { stage.hand_over(step)? } else { stage.play(step, show)? };
        show("\n");
        if step.is_console_url() && !args.interactive {
            let greeting = console::open(&output)?;
            show(&format!("# The sandbox's console, opened at that address: {greeting}\n"));
        }
    }
    show("# All five commands did what they should.\n");
    Ok(())
}

/// The output of each step of an unattended run.
pub(crate) fn record(programs: &Programs) -> Outcome<Vec<(&'static Step, String)>> {
    let stage = Stage::set(programs, false)?;
    STEPS.iter().map(|step| Ok((step, stage.play(step, show)?))).collect()
}

/// A home without history, and AWS to talk to.
struct Stage {
    // Before the folder, so that the sandbox is gone when its files are.
    sandbox: Sandbox,
    folder: TempDir,
    awsx: PathBuf,
    /// For an unattended run: where the browser that presses Approve is found
    search_path: Option<OsString>,
}

impl Stage {
    fn set(programs: &Programs, interactive: bool) -> Outcome<Self> {
        let folder = tempfile::Builder::new()
            .prefix("awsx-demo-")
            .tempdir()
            .attempting("could not make a temporary folder")?;
        for name in ["home", "sandbox"] {
            fs::create_dir(folder.path().join(name)).attempting("could not make a temporary folder")?;
        }
        let sandbox = Sandbox::start(&programs.sandbox, &folder.path().join("sandbox"))?;
        let search_path = (!interactive).then(|| search_path(&programs.sandbox)).transpose()?;
        Ok(Self { sandbox, folder, awsx: programs.awsx.clone(), search_path })
    }

    /// Runs a step with nobody there, and shows its output as it comes.
    fn play(&self, step: &Step, show: impl FnMut(&str)) -> Outcome<String> {
        let (status, output) = stream::run(self.command(step).stdin(Stdio::null()), show)
            .attempting(format_args!("`{}`", step.line()))?;
        if !status.success() {
            return Err(Failure::new(format!("`{}` failed ({status}); its output is above", step.line())));
        }
        if let Some(missing) = step.proof.iter().find(|text| !output.contains(*text)) {
            return Err(Failure::new(format!("`{}` does not say `{missing}`", step.line())));
        }
        Ok(output)
    }

    /// Runs a step on the person's own terminal.
    fn hand_over(&self, step: &Step) -> Outcome<String> {
        let status =
            self.command(step).status().attempting(format_args!("could not start `{}`", step.line()))?;
        if !status.success() {
            return Err(Failure::new(format!("`{}` failed ({status})", step.line())));
        }
        Ok(String::new())
    }

    fn command(&self, step: &Step) -> Command {
        let mut command = Command::new(&self.awsx);
        command.args(step.arguments());
        if let Some(search_path) = &self.search_path {
            // What a person has set (colours, a remote session, AWS) would change what is shown.
            command.env_clear().envs(inherited(|name| name == "SystemRoot"));
            command.env("LANG", "C.UTF-8").env("TZ", "UTC").env("PATH", search_path);
            command.env("BROWSER", "awsx-sandbox browse %s");
        } else {
            for (name, _) in inherited(|name| name.starts_with("AWS")) {
                command.env_remove(name);
            }
        }
        let home = self.folder.path().join("home");
        command.env("HOME", &home).env("USERPROFILE", &home).env("AWS_PAGER", "");
        command.envs(self.sandbox.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn inherited(wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(move |(name, _)| wanted(&name.to_string_lossy()))
}

/// By its path the browser could not be named in `BROWSER`, which ends words at spaces.
fn search_path(sandbox: &Path) -> Outcome<OsString> {
    let own = sandbox.parent().expect("a program is in a folder").to_owned();
    let paths = inherited(|name| name == "PATH")
        .flat_map(|(_, paths)| std::env::split_paths(&paths).collect::<Vec<_>>());
    std::env::join_paths(std::iter::once(own).chain(paths)).attempting("could not extend PATH")
}

#[expect(clippy::print_stdout, reason = "the demo is what this command prints")]
fn show(text: &str) {
    print!("{text}");
    // A closed pipe shows itself at the next line.
    let _ = std::io::Write::flush(&mut std::io::stdout());
}
