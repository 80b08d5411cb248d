//! What IAM is asked about devices.

use awsx_core::Secret;
use awsx_http::CallError;
use time::OffsetDateTime;

use super::NewDevice;
use crate::sts::Caller;
use crate::{AuthError, Clients, Credentials, mfa_code};

/// The devices of one user.
#[derive(Clone, Debug)]
pub struct Devices<'a> {
    clients: Clients<'a>,
    iam: aws_sdk_iam::Client,
    /// Twelve digits.
    pub account: String,
    /// The user.
    pub user: String,
}

/// A device that gives codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnabledDevice {
    /// The ARN of a virtual device, the serial number of another.
    pub serial: String,
    /// Since when.
    pub enabled_at: Option<OffsetDateTime>,
}

/// Whether AWS refused two codes: the next two may be right.
pub fn is_wrong_code(error: &AuthError) -> bool {
    matches!(error, AuthError::Call(error) if error.is("InvalidAuthenticationCode"))
}

impl<'a> Devices<'a> {
    /// The devices of a user, or of the user whose credentials these are.
    pub async fn of(
        clients: Clients<'a>,
        region: &str,
        credentials: &Credentials,
        user: Option<&str>,
    ) -> Result<Self, AuthError> {
        let caller = Caller::fetch(&clients, region, credentials).await?;
        let user = match user {
            Some(user) => user.to_owned(),
            None => caller.required_user_name()?.to_owned(),
        };
        let iam = clients.iam(region, credentials)?;
        Ok(Self { clients, iam, account: caller.account, user })
    }

    /// Makes a virtual device, which is to be [enabled](Self::enable) or [removed](Self::remove).
    pub async fn create(&self, name: &str) -> Result<NewDevice, AuthError> {
        let answer = self.iam.create_virtual_mfa_device().virtual_mfa_device_name(name).send().await;
        let answer = answer.map_err(|error| CallError::of("CreateVirtualMFADevice", error))?;
        let incomplete = || CallError::Other("the answer of CreateVirtualMFADevice holds no seed".to_owned());
        let device = answer.virtual_mfa_device.ok_or_else(incomplete)?;
        let seed = device.base32_string_seed.ok_or_else(incomplete)?.into_inner();
        Ok(NewDevice {
            serial: device.serial_number,
            seed: String::from_utf8(seed).map_err(|_| incomplete())?.into(),
            qr_code_png: Secret::new(device.qr_code_png.ok_or_else(incomplete)?.into_inner()),
            account: self.account.clone(),
            name: name.to_owned(),
        })
    }

    /// Enables a device for the user with two codes that it shows one after the other.
    pub async fn enable(
        &self,
        serial: &str,
        first: &Secret<String>,
        second: &Secret<String>,
    ) -> Result<(), AuthError> {
        let answer = self
            .iam
            .enable_mfa_device()
            .user_name(&self.user)
            .serial_number(serial)
            .authentication_code1(first.expose())
            .authentication_code2(second.expose())
            .send()
            .await;
        answer.map_err(|error| CallError::of("EnableMFADevice", error))?;
        // AWS takes the second code for nothing else now.
        mfa_code::remember_as_used(self.clients.env(), serial, second);
        Ok(())
    }

    /// Lists the user's devices.
    pub async fn list(&self) -> Result<Vec<EnabledDevice>, AuthError> {
        let mut devices = Vec::new();
        let mut pages = self.iam.list_mfa_devices().user_name(&self.user).into_paginator().items().send();
        while let Some(device) = pages.next().await {
            let device = device.map_err(|error| CallError::of("ListMFADevices", error))?;
            let enabled_at = OffsetDateTime::from_unix_timestamp(device.enable_date.secs()).ok();
            devices.push(EnabledDevice { serial: device.serial_number, enabled_at });
        }
        Ok(devices)
    }

    /// Takes a device from the user and, if it is a virtual one, deletes it; says whether there was one.
    pub async fn remove(&self, serial: &str) -> Result<bool, AuthError> {
        let answer =
            self.iam.deactivate_mfa_device().user_name(&self.user).serial_number(serial).send().await;
        let deactivated = or_absent(answer.map_err(|error| CallError::of("DeactivateMFADevice", error)))?;
        let is_virtual = serial.contains(":mfa/");
        Ok((is_virtual && self.delete(serial).await?) || deactivated)
    }

    /// Deletes a virtual device that is not enabled; says whether there was one.
    pub async fn delete(&self, serial: &str) -> Result<bool, AuthError> {
        let answer = self.iam.delete_virtual_mfa_device().serial_number(serial).send().await;
        or_absent(answer.map_err(|error| CallError::of("DeleteVirtualMFADevice", error)))
    }
}

fn or_absent<T>(answer: Result<T, CallError>) -> Result<bool, AuthError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.is("NoSuchEntity") => Ok(false),
        Err(error) => Err(error.into()),
    }
}
