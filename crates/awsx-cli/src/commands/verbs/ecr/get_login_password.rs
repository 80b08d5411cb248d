//! `ecr get-login-password`: what `docker login` reads.

use awsx_model::Input;
use awsx_output::Value;

use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Print the password with which container tools log in to your registries
///
/// The user is `AWS`, the password is good for 12 hours.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx ecr get-login-password --region eu-west-1 |
    docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com")]
pub(crate) struct GetLoginPasswordArgs {}

pub(crate) fn run(context: &Context) -> CommandResult {
    let answer = context.block_on(async {
        let ecr = ServiceClient::connect(context, "ecr").await?;
        ecr.call("GetAuthorizationToken", Input::empty()).await
    })?;
    let first = answer.get("authorizationData").and_then(Value::as_list).and_then(<[Value]>::first);
    let password = password_of(first)?;
    context.ui.out(format_args!("{password}\n"))
}

/// The password in authorization data, where it stands behind the user's name.
pub(crate) fn password_of(authorization: Option<&Value>) -> CommandResult<String> {
    let token = authorization.and_then(|data| data.get("authorizationToken")).and_then(Value::as_str);
    let decoded = token.and_then(awsx_params::decode_base64);
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let password =
        text.as_deref().and_then(|text| text.split_once(':')).map(|(_, password)| password.to_owned());
    password.ok_or_else(|| CommandError::general("the registry's answer holds no password"))
}
