//! The file that a device's seed is written to on request, as `iam create-virtual-mfa-device` does.

use std::path::Path;

use awsx_auth::mfa::NewDevice;
use awsx_core::store;
use clap::ValueEnum;

use crate::error::{CommandError, CommandResult};

/// What is written; the names are AWS CLI's.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum BootstrapMethod {
    /// A picture to scan
    #[value(name = "QRCodePNG")]
    QrCodePng,
    /// The seed as text
    #[value(name = "Base32StringSeed")]
    Base32StringSeed,
}

/// A file that is there could be readable by others, and would stay so.
pub(super) fn refuse_existing(file: &Path) -> CommandResult {
    if file.exists() {
        return Err(CommandError::general(format!("`{}` is there already", file.display()))
            .with_hint("name a new file with `--outfile`"));
    }
    Ok(())
}

/// Writes the file for its owner only.
pub(super) fn write(file: &Path, method: BootstrapMethod, device: &NewDevice) -> CommandResult {
    let bytes = match method {
        BootstrapMethod::QrCodePng => device.qr_code_png.expose().as_slice(),
        BootstrapMethod::Base32StringSeed => device.seed.expose().as_bytes(),
    };
    Ok(store::write_atomic(file, bytes)?)
}

/// Takes the file away again with a device that came to nothing.
pub(super) fn remove(file: &Path) {
    // One that could not be written is not there.
    let _ = std::fs::remove_file(file);
}
