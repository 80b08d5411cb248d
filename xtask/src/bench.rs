//! `cargo xtask bench`: how long small commands take from start to finish.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Attempting, Failure, Outcome};
use crate::sandbox::Sandbox;
use crate::{cargo, command, workspace};

/// Time small commands with 2,000 profiles, beside an empty process and perhaps beside AWS CLI
///
/// The programs take turns, so that what else the machine does hits all alike; each figure is a median. Compare figures
/// of one run only.
#[derive(clap::Args, Debug)]
pub(crate) struct BenchArgs {
    /// An `awsx` that is built already (default: the release build)
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// An AWS CLI to time beside it
    #[arg(long, value_name = "PATH")]
    aws: Option<PathBuf>,
    /// How often each command runs
    #[arg(long, default_value_t = 21)]
    runs: usize,
}

const PROFILES: usize = 2000;

const COMMANDS: [&[&str]; 5] = [
    &["--version"],
    &["configure", "get", "region"],
    &["configure", "list"],
    &["configure", "export-credentials"],
    &["sts", "get-caller-identity"],
];

#[expect(clippy::print_stdout, reason = "the figures are what this command prints")]
pub(crate) fn run(args: &BenchArgs) -> Outcome {
    let programs = cargo::build(args.bin.as_ref())?;
    let awsx = match &args.bin {
        Some(_) => programs.awsx,
        None => build_release()?,
    };
    let scratch = tempfile::tempdir().attempting("could not make a folder")?;
    let sandbox = Sandbox::start(&programs.sandbox, scratch.path())?;
    let home = scratch.path().join("home");
    lay_out(&home)?;

    let empty = Path::new("/bin/true");
    let mut columns: Vec<(&str, &Path)> = vec![("awsx", &awsx)];
    columns.extend(args.aws.as_deref().map(|aws| ("aws", aws)));
    let floor = median((0..args.runs).map(|_| time(Command::new(empty))).collect::<Outcome<_>>()?);
    println!("{:<34} {:>8.1} ms", "an empty process", milliseconds(floor));
    for words in COMMANDS {
        let mut times: Vec<Vec<Duration>> = vec![Vec::new(); columns.len()];
        for _ in 0..args.runs {
            for (times, (name, program)) in times.iter_mut().zip(&columns) {
                match time(prepared(program, words, &home, &sandbox)) {
                    Ok(took) => times.push(took),
                    // An older AWS CLI lacks some of the commands.
                    Err(_) if *name == "aws" => {}
                    Err(failure) => return Err(failure),
                }
            }
        }
        let awsx = milliseconds(median(times[0].clone()));
        for ((name, _), times) in columns.iter().zip(times).filter(|(_, times)| !times.is_empty()) {
            let took = milliseconds(median(times));
            let line = format!("{name} {}", words.join(" "));
            println!("{line:<34} {took:>8.1} ms {:>8.1} x", took / awsx);
        }
    }
    Ok(())
}

fn build_release() -> Outcome<PathBuf> {
    command::run(cargo::cargo().args(["build", "--quiet", "--release", "--package", "awsx-cli"]))?;
    let built = workspace::target().join("release").join("awsx");
    Ok(built.with_extension(std::env::consts::EXE_EXTENSION))
}

/// A home with as many profiles as a large company has.
fn lay_out(home: &Path) -> Outcome {
    use std::fmt::Write;
    let mut config = String::from("[default]\nregion = us-east-1\n");
    for number in 0..PROFILES {
        write!(
            config,
            "[profile p{number}]\nregion = us-east-1\nsso_session = s\nsso_account_id = {number:012}\n\
             sso_role_name = R\n\n"
        )
        .expect("memory takes what is written");
    }
    config.push_str("[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://x.awsapps.com/start\n");
    let path = home.join(".aws").join("config");
    awsx_core::store::write_atomic(&path, config.as_bytes()).attempting("could not write the profiles")
}

fn prepared(program: &Path, words: &[&str], home: &Path, sandbox: &Sandbox) -> Command {
    let mut command = Command::new(program);
    command
        .args(words)
        .env_clear()
        .envs(sandbox.environment.iter().map(|(name, value)| (name, value)))
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_PAGER", "")
        // The sandbox's user, whose keys are in its documentation.
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    command
}

fn time(mut command: Command) -> Outcome<Duration> {
    let line = command::line(&command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().attempting(format_args!("could not start `{line}`"))?;
    let took = begun.elapsed();
    if status.success() { Ok(took) } else { Err(Failure::new(format!("`{line}` failed ({status})"))) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
