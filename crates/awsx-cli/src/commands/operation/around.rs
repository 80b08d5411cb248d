//! What a few operations need around their call, as AWS CLI does it: an endpoint that is told, a distribution's other
//! settings before it is changed, a Windows password decrypted after it came.

use awsx_core::Secret;
use awsx_model::{Input, Service};
use awsx_output::Value;
use awsx_params::{Given, Request, Table};

use super::client::Plan;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

const KEY_OPTION: &str = "priv-launch-key";

/// CloudSearch's domains answer at hosts of their own, which nothing but `--endpoint-url` tells.
pub(super) fn refuse_missing_endpoint(context: &Context, table: &Table) -> CommandResult {
    if table.command == "cloudsearchdomain" && context.globals.endpoint_url.is_none() {
        return Err(CommandError::usage("--endpoint-url is required for cloudsearchdomain commands"));
    }
    Ok(())
}

/// Refuses, before anything is asked, a `--priv-launch-key` that is no file.
pub(super) fn refuse_missing_key(context: &Context, request: &Request) -> CommandResult {
    match request.kept.get(KEY_OPTION) {
        Some(name) if !name.is_empty() && !context.env().expand_path(name).is_file() => {
            Err(CommandError::general(
                "priv-launch-key should be a path to the local SSH private key file used to launch the instance.",
            ))
        }
        _ => Ok(()),
    }
}

/// `ec2 get-password-data --priv-launch-key`: puts the password in the place of what EC2 encrypted.
pub(super) fn decrypt_password(context: &Context, request: &Request, answer: &mut Value) -> CommandResult {
    let Some(name) = request.kept.get(KEY_OPTION).filter(|name| !name.is_empty()) else { return Ok(()) };
    let Value::Map(members) = answer else { return Ok(()) };
    let Some(encrypted) = members.get("PasswordData").and_then(Value::as_str).filter(|data| !data.is_empty())
    else {
        return Ok(());
    };
    let key = std::fs::read_to_string(context.env().expand_path(name)).ok().map(Secret::new);
    let password = key.and_then(|key| {
        awsx_auth::tokens::decrypt_password(&key, &awsx_params::decode_base64(encrypted)?).ok()
    });
    let Some(password) = password else {
        return Err(CommandError::general(
            "Unable to decrypt password data using provided private key file.",
        ));
    };
    members.insert("PasswordData", password.expose().as_str());
    Ok(())
}

/// `cloudfront update-distribution --default-root-object`: fills in the distribution's other settings as they are.
pub(super) fn keep_distribution(
    context: &Context,
    service: &'static Service,
    request: &mut Request,
) -> CommandResult {
    let Some(root_object) = request.kept.get("default-root-object") else { return Ok(()) };
    let operation = service.operation("GetDistributionConfig").ok_or_else(|| {
        CommandError::general("the model of `cloudfront` has no operation GetDistributionConfig")
    })?;
    let Some(Given::Text(id)) = request.parameters.get("Id") else {
        return Err(CommandError::general("'Id'"));
    };
    let input = Input::Map([("Id".to_owned(), Input::Text(id.clone()))].into_iter().collect());
    let answer = context.block_on(async {
        let client = Plan::of(context, service)?.client(context, service, operation).await?;
        CommandResult::Ok(client.call(operation, input).await?.value)
    })?;
    let mut settings = answer.get("DistributionConfig").map(Given::from);
    if let Some(Given::Map(settings)) = &mut settings {
        settings.insert("DefaultRootObject".to_owned(), root_object.as_str().into());
    }
    let found = [("IfMatch", answer.get("ETag").map(Given::from)), ("DistributionConfig", settings)];
    for (name, value) in found {
        request.parameters.insert(name.to_owned(), value.unwrap_or(Given::None));
    }
    Ok(())
}
