//! Questions about MFA: those of `configure mfa-login`, in AWS CLI's order, and the codes that enable a device.

use awsx_auth::{Credentials, Method};
use awsx_core::Secret;

use crate::context::Context;
use crate::error::{CommandError, CommandResult, Kind};
use crate::ui::{Question, Ui, ask_beside};

/// Asks for the long-term keys where none are configured.
pub(crate) fn ask_keys(context: &Context) -> CommandResult<Credentials> {
    context.ui.out(format_args!("Please provide your AWS credentials:\n"))?;
    Ok(Credentials {
        access_key_id: ask_required(context, "AWS Access Key ID", "AWS Access Key ID", false)?,
        secret_access_key: ask_required(context, "AWS Secret Access Key", "AWS Secret Access Key", true)?
            .into(),
        session_token: None,
        expiration: None,
        account_id: None,
        method: Method::Environment,
    })
}

/// Asks for the device.
pub(crate) fn ask_serial(context: &Context) -> CommandResult<String> {
    ask_required(context, "MFA serial number or ARN", "MFA serial number or MFA device ARN", false)
}

/// Asks for the device's current code, which is good once: it may be seen.
pub(crate) fn ask_code(context: &Context) -> CommandResult<Secret<String>> {
    Ok(ask_required(context, "MFA token code", "MFA token code", false)?.into())
}

/// Asks for the profile to write; an empty answer takes the suggested one.
pub(crate) fn ask_profile(context: &Context, suggested: &str) -> CommandResult<String> {
    let answer = context.ui.ask_verbatim(&format!("Profile to update [{suggested}]"), false)?;
    Ok(if answer.is_empty() { suggested.to_owned() } else { answer })
}

/// `<account>-<device>` for a virtual device in any partition, `session-<serial>` for a hardware one.
pub(crate) fn suggest_profile(serial: &str) -> String {
    let fields: Vec<&str> = serial.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", _, "iam", _, account, resource] if !account.is_empty() => {
            let device = resource.rsplit('/').next().unwrap_or(resource);
            format!("{account}-{device}")
        }
        _ => format!("session-{serial}"),
    }
}

/// Asks for two codes that the device shows one after the other; Ctrl-C may end that.
pub(crate) async fn ask_two_codes(ui: Ui) -> CommandResult<(Secret<String>, Secret<String>)> {
    let ask = |text, flag| {
        ask_beside(move || ui.ask(&Question::new(text, flag).fault(fault_of_code)).map(Secret::new))
    };
    let first = ask("First MFA code", "--authentication-code1").await?;
    let second = ask("Next MFA code", "--authentication-code2").await?;
    Ok((first, second))
}

fn fault_of_code(code: &str) -> Option<&'static str> {
    let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    (!is_code).then_some("an MFA code has six digits")
}

fn ask_required(context: &Context, text: &str, name: &str, secret: bool) -> CommandResult<String> {
    let answer = context.ui.ask_verbatim(text, secret)?;
    if answer.is_empty() {
        return Err(CommandError::new(Kind::Incomplete, format!("{name} is required")));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggested_profiles_name_account_and_device_in_every_partition() {
        assert_eq!(suggest_profile("arn:aws:iam::123456789011:mfa/me"), "123456789011-me");
        assert_eq!(suggest_profile("arn:aws-cn:iam::123456789011:mfa/team/me"), "123456789011-me");
        assert_eq!(suggest_profile("GAHT12345678"), "session-GAHT12345678");
    }
}
