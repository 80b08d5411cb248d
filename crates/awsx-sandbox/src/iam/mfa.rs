//! Virtual MFA devices: made with a seed, enabled with two codes that the seed gives one after the other.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use uuid::Uuid;

use super::directory::{Device, exceeded};
use super::{Answer, Call, png, users};
use crate::query::{check_length, element, elements, list as list_of, structure, validation, xml_time};
use crate::refusal::Refusal;
use crate::state::{key_id_letters, now, unix_now};
use crate::totp;

const MOST_PER_USER: usize = 8;

pub(super) fn create(call: &Call) -> Answer {
    let name = call.new_name("VirtualMFADeviceName", 226)?;
    let serial = format!("arn:aws:iam::{}:mfa{}{name}", call.account(), call.new_path()?);
    let seed: String = (0..4).map(|_| key_id_letters(Uuid::new_v4().as_bytes())).collect();
    let device = Device {
        account: call.account().to_owned(),
        serial: serial.clone(),
        totp: totp::Device::new(&seed),
        enabled_for: None,
    };
    call.state().directory.add_device(device)?;
    let picture = png::qr_code(&format!("otpauth://totp/{name}@{}?secret={seed}", call.account()));
    Ok(structure(
        "VirtualMFADevice",
        &elements(&[
            ("SerialNumber", &serial),
            ("Base32StringSeed", &BASE64_STANDARD.encode(seed)),
            ("QRCodePNG", &BASE64_STANDARD.encode(picture)),
        ]),
    ))
}

pub(super) fn enable(call: &Call) -> Answer {
    let (name, serial) = (call.required("UserName")?, call.required("SerialNumber")?);
    let codes = ["AuthenticationCode1", "AuthenticationCode2"].map(|parameter| {
        let code = call.required(parameter)?;
        check_length(code, parameter, 6, 6).map(|()| code)
    });
    let [first, second] = codes;
    let (first, second) = (first?, second?);
    let mut state = call.state();
    let directory = &mut state.directory;
    directory.user(call.account(), name)?;
    let is_theirs = |device: &&Device| device.enabled_for.as_ref().is_some_and(|(user, _)| user == name);
    if directory.devices(call.account()).filter(is_theirs).count() >= MOST_PER_USER {
        return Err(exceeded("MFADevicesPerUser", MOST_PER_USER));
    }
    let device = directory.device_mut(call.account(), serial)?;
    if device.enabled_for.is_some() {
        return Err(Refusal::conflict("EntityAlreadyExists", "MFA Device is already in use."));
    }
    if !device.totp.accept_pair(first, second, unix_now()) {
        return Err(Refusal::forbidden(
            "InvalidAuthenticationCode",
            "Authentication code for device is not valid.",
        ));
    }
    device.enabled_for = Some((name.to_owned(), now()));
    Ok(String::new())
}

pub(super) fn deactivate(call: &Call) -> Answer {
    let (name, serial) = (call.user_name()?, call.required("SerialNumber")?);
    let mut state = call.state();
    state.directory.user(call.account(), name)?;
    let device = state.directory.device_mut(call.account(), serial)?;
    if device.enabled_for.take_if(|(user, _)| user == name).is_none() {
        let message = format!("MFA Device {serial} is not enabled for user {name}.");
        return Err(Refusal::not_found(message));
    }
    Ok(String::new())
}

pub(super) fn delete(call: &Call) -> Answer {
    let serial = call.required("SerialNumber")?;
    let mut state = call.state();
    if state.directory.device(call.account(), serial)?.enabled_for.is_some() {
        return Err(Refusal::conflict("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first."));
    }
    state.directory.remove_device(serial);
    Ok(String::new())
}

pub(super) fn list_virtual(call: &Call) -> Answer {
    let wanted: fn(&&Device) -> bool = match call.parameter("AssignmentStatus") {
        None | Some("Any") => |_| true,
        Some("Assigned") => |device| device.enabled_for.is_some(),
        Some("Unassigned") => |device| device.enabled_for.is_none(),
        Some(other) => return Err(validation(format!("Invalid AssignmentStatus: {other}"))),
    };
    let state = call.state();
    let show = |device: &Device| {
        let user = device.enabled_for.as_ref().and_then(|(name, since)| {
            let user = state.directory.user(call.account(), name).ok()?;
            Some(structure("User", &users::show(user)) + &element("EnableDate", &xml_time(*since)))
        });
        element("SerialNumber", &device.serial) + &user.unwrap_or_default()
    };
    let devices = state.directory.devices(call.account()).filter(wanted).map(show);
    let (page, more) = call.page(devices.collect())?;
    Ok(list_of("VirtualMFADevices", page) + &more)
}

pub(super) fn list(call: &Call) -> Answer {
    let name = call.user_name()?;
    let state = call.state();
    state.directory.user(call.account(), name)?;
    let show = |device: &Device| {
        let (_, since) = device.enabled_for.as_ref().filter(|(user, _)| user == name)?;
        let since = xml_time(*since);
        Some(elements(&[("UserName", name), ("SerialNumber", &device.serial), ("EnableDate", &since)]))
    };
    let devices = state.directory.devices(call.account()).filter_map(show);
    let (page, more) = call.page(devices.collect())?;
    Ok(list_of("MFADevices", page) + &more)
}
