//! `mfa enroll`: a virtual MFA device, from nothing to enabled.

use std::path::PathBuf;

use awsx_auth::AuthError;
use awsx_auth::mfa::{Devices, NewDevice, codes_of_seed, is_wrong_code};
use awsx_auth::mfa_code::{Keyring, SeedStore};
use awsx_core::Secret;

use super::seed_file::{self, BootstrapMethod};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::ui::{Interrupts, render_qr};
use crate::wizards::mfa;

/// Make a virtual MFA device, show its QR code, and enable it for a user
///
/// Scan the QR code with an authenticator app and enter two codes that the app shows one after the other. A device that
/// is not enabled, because of Ctrl-C or an error, is deleted again.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx mfa enroll
  awsx mfa enroll --keyring                       this computer is the device
  awsx mfa enroll --user-name bob --device-name bob-phone
  awsx mfa enroll --create-only --bootstrap-method Base32StringSeed --outfile seed.txt
  awsx mfa enroll --serial-number arn:aws:iam::111122223333:mfa/bob \\
    --authentication-code1 123456 --authentication-code2 654321")]
pub(crate) struct EnrollArgs {
    /// User the device is for (default: the user whose credentials are in use)
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// Name of the device [default: the user's name]
    #[arg(long, value_name = "NAME", conflicts_with = "serial_number")]
    device_name: Option<String>,
    /// Enable this device, which is there already, instead of making one
    #[arg(long, value_name = "ARN", conflicts_with_all = ["create_only", "keyring", "outfile"])]
    serial_number: Option<String>,
    /// The first code (default: asked for)
    #[arg(long, value_name = "CODE", requires_all = ["serial_number", "authentication_code2"])]
    authentication_code1: Option<Secret<String>>,
    /// The code after it
    #[arg(long, value_name = "CODE", requires = "authentication_code1")]
    authentication_code2: Option<Secret<String>>,
    /// Write the seed to this new file, which only you can read, instead of drawing it
    #[arg(long, value_name = "FILE", requires = "bootstrap_method")]
    outfile: Option<PathBuf>,
    /// What to write to the file: a picture to scan, or the seed as text
    #[arg(long, value_name = "METHOD", value_enum, requires = "outfile")]
    bootstrap_method: Option<BootstrapMethod>,
    /// Keep the seed in the system's keyring, and take codes from there from now on
    #[arg(long)]
    keyring: bool,
    /// Make the device and do not enable it
    #[arg(long, conflicts_with = "keyring", requires = "outfile")]
    create_only: bool,
}

pub(crate) fn run(context: &Context, args: &EnrollArgs) -> CommandResult {
    let clients = context.clients()?;
    let region = context.iam_region()?;
    let enrolled = context.block_on(async {
        let credentials = context.required_credentials().await?;
        let devices = Devices::of(clients, &region, &credentials, args.user_name.as_deref()).await?;
        match &args.serial_number {
            Some(serial) => enable(context, args, &devices, serial).await.map(|()| serial.clone()),
            None => make(context, args, &devices).await,
        }
    })?;
    context.ui.out(format_args!("{enrolled}\n"))?;
    if !args.create_only {
        context.ui.err(format_args!(
            "hint: `awsx configure set mfa_serial {enrolled}` lets a profile use it, `awsx mfa login` opens a session\n"
        ));
    }
    Ok(())
}

/// Makes a device, and undoes that unless everything goes well.
async fn make(context: &Context, args: &EnrollArgs, devices: &Devices<'_>) -> CommandResult<String> {
    let mut interrupts = Interrupts::catch(context.ui);
    let name = args.device_name.as_deref().unwrap_or(&devices.user);
    if let Some(file) = &args.outfile {
        seed_file::refuse_existing(file)?;
    }
    // To be interrupted here could leave a device that nobody knows of; so this is waited for.
    let device = devices.create(name).await.map_err(|error| taken(error, name, &devices.account))?;
    let serial = device.serial.clone();
    let Err(error) = interrupts.or(hand_over(context, args, devices, &device)).await else {
        return Ok(serial);
    };
    context.ui.err(format_args!("\nThe device is not enabled; deleting it.\n"));
    if let Some(file) = &args.outfile {
        seed_file::remove(file);
    }
    if args.keyring {
        // One that could not be written is not there.
        let _ = Keyring.remove(&serial);
    }
    match devices.remove(&serial).await {
        Ok(_) => Err(error),
        Err(left) => {
            let why = CommandError::from(left).message;
            context.ui.err(format_args!("{serial} could not be deleted: {why}\n"));
            Err(error.with_hint(format!("run `awsx mfa remove {serial}`")))
        }
    }
}

/// Brings the seed to where codes are made, and enables the device with two of them.
async fn hand_over(
    context: &Context,
    args: &EnrollArgs,
    devices: &Devices<'_>,
    device: &NewDevice,
) -> CommandResult {
    if let (Some(file), Some(method)) = (&args.outfile, args.bootstrap_method) {
        seed_file::write(file, method, device)?;
    }
    if args.create_only {
        return Ok(());
    }
    if args.keyring {
        Keyring.write(&device.serial, &device.seed)?;
        let [first, second] = codes_of_seed(&device.serial, &device.seed, context.env().now())?;
        return Ok(devices.enable(&device.serial, &first, &second).await?);
    }
    if args.outfile.is_none() {
        draw(context, device);
    }
    enable(context, args, devices, &device.serial).await
}

fn draw(context: &Context, device: &NewDevice) {
    let ui = context.ui;
    if let Some(code) = render_qr(device.otpauth_url().expose()) {
        ui.err(format_args!("Scan this with an authenticator app:\n\n{code}\n\n"));
    }
    ui.err(format_args!("Or enter this key there: {}\n\n", device.seed.expose()));
}

/// Enables a device with the given codes, or with two that are asked for until AWS takes them.
async fn enable(context: &Context, args: &EnrollArgs, devices: &Devices<'_>, serial: &str) -> CommandResult {
    if let (Some(first), Some(second)) = (&args.authentication_code1, &args.authentication_code2) {
        return Ok(devices.enable(serial, first, second).await?);
    }
    loop {
        let (first, second) = mfa::ask_two_codes(context.ui).await?;
        match devices.enable(serial, &first, &second).await {
            Err(error) if is_wrong_code(&error) => context.ui.err(format_args!(
                "AWS does not take these two codes. Enter a code, wait for the next one, and enter that.\n"
            )),
            result => return Ok(result?),
        }
    }
}

fn taken(error: AuthError, name: &str, account: &str) -> CommandError {
    let is_taken = matches!(&error, AuthError::Call(error) if error.is("EntityAlreadyExists"));
    let shown = CommandError::from(error);
    if !is_taken {
        return shown;
    }
    shown.with_hint(format!("choose another name than `{name}` with `--device-name`")).with_hint(format!(
        "if nobody uses that one, run `awsx mfa remove arn:aws:iam::{account}:mfa/{name}`"
    ))
}
