//! `lightsail push-container-image`: hands the task to `lightsailctl`, which drives Docker.

use std::io::{self, Seek, SeekFrom, Write};
use std::process::{Command, Stdio};

use awsx_core::settings::table;
use awsx_output::{Map, Value, python_json};

use crate::commands::exec;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Push an image of this machine's Docker to a container service
///
/// AWS's program `lightsailctl` does it; it must be installed.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx lightsail push-container-image --service-name shop --image shop:latest --label www")]
pub(crate) struct PushContainerImageArgs {
    /// The container service
    #[arg(long, value_name = "NAME")]
    service_name: String,
    /// The image on this machine
    #[arg(long, value_name = "IMAGE")]
    image: String,
    /// What the image is called at the service
    #[arg(long, value_name = "LABEL")]
    label: String,
}

const PROGRAM: &str = "lightsailctl";
/// The AWS CLI that the program takes awsx for: it may judge by the version what it is told.
const VERSION: &str = "2.36.7";

pub(crate) fn run(context: &Context, args: &PushContainerImageArgs) -> CommandResult {
    let task = python_json(&task(context, args)?);
    let stdin = hold(&task).map_err(|error| {
        CommandError::general(format!("could not instruct `{PROGRAM}`")).caused_by(&error)
    })?;
    let mut command = Command::new(PROGRAM);
    command.args(["--plugin", "--input-stdin"]).stdin(stdin);
    context.ui.leave_interrupts_to_child();
    let status = exec::wait_for(&mut command).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CommandError::general(
            "The Lightsail Control (lightsailctl) plugin was not found. To download and install it, see \
             https://lightsail.aws.amazon.com/ls/docs/en_us/articles/amazon-lightsail-install-software",
        ),
        _ => CommandError::general(format!("could not start `{PROGRAM}`")).caused_by(&error),
    })?;
    let ended = match status.code() {
        Some(0) => return Ok(()),
        Some(code) => format!("returned non-zero exit status {code}."),
        None => "died of a signal.".to_owned(),
    };
    Err(CommandError::general(format!("Command '['{PROGRAM}', '--plugin', '--input-stdin']' {ended}")))
}

/// What the program is told on its standard input.
fn task(context: &Context, args: &PushContainerImageArgs) -> CommandResult<Value> {
    let payload = Value::map([
        ("service", args.service_name.as_str().into()),
        ("image", args.image.as_str().into()),
        ("label", args.label.as_str().into()),
    ]);
    Ok(Value::map([
        ("inputVersion", "1".into()),
        ("operation", "PushContainerImage".into()),
        ("payload", payload),
        ("configuration", configuration(context)?),
    ]))
}

/// The user's settings, for the program signs its requests itself.
fn configuration(context: &Context) -> CommandResult<Value> {
    let (globals, settings) = (&context.globals, &context.settings);
    let seconds = |setting| {
        let limit = settings.integer(setting)?.filter(|seconds| *seconds > 0);
        CommandResult::Ok(limit.map(|seconds| Value::from(i128::from(seconds))))
    };
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let verification =
        if globals.no_verify_ssl { Some(true) } else { globals.ca_bundle.as_ref().map(|_| false) };
    let members = [
        ("debug", Some(globals.debug.into())),
        ("endpoint", text(&globals.endpoint_url)),
        ("doNotVerifySSL", verification.map(Value::from)),
        ("paginate", Some((!globals.no_paginate).into())),
        ("output", text(&globals.output)),
        ("query", text(&globals.query)),
        ("profile", settings.named_profile().map(|profile| profile.value.into())),
        ("region", context.region_if_any()?.map(Value::from)),
        ("doNotSignRequest", Some(globals.no_sign_request.into())),
        ("caBundle", settings.text(&table::CA_BUNDLE)?.map(Value::from)),
        ("readTimeout", seconds(&table::READ_TIMEOUT)?),
        ("connectTimeout", seconds(&table::CONNECT_TIMEOUT)?),
        ("cliBinaryFormat", text(&globals.cli_binary_format)),
        ("cliVersion", Some(VERSION.into())),
    ];
    let mut configuration = Map::new();
    for (name, value) in members {
        if let Some(value) = value {
            configuration.insert(name, value);
        }
    }
    Ok(Value::Map(configuration))
}

/// A file without a name that holds the text, to be read from its start.
fn hold(text: &str) -> io::Result<Stdio> {
    let mut file = tempfile::tempfile()?;
    file.write_all(text.as_bytes())?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file.into())
}
