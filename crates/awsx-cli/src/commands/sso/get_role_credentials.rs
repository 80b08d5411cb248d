//! `sso get-role-credentials`: the API operation.

use aws_sdk_sso::Client;
use awsx_core::Secret;
use awsx_http::CallError;
use awsx_output::Value;

use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// Get a role's temporary credentials for an access token
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx sso get-role-credentials --access-token \"$TOKEN\" --account-id 111122223333 \\
    --role-name ReadOnly --region us-east-1")]
pub(crate) struct GetRoleCredentialsArgs {
    /// The role: the permission set's name
    #[arg(long, value_name = "NAME")]
    role_name: String,
    /// The account, twelve digits
    #[arg(long, value_name = "ID")]
    account_id: String,
    /// The access token of a sign-in
    #[arg(long, value_name = "TOKEN")]
    access_token: Secret<String>,
}

pub(crate) fn run(context: &Context, args: &GetRoleCredentialsArgs) -> CommandResult {
    let output = Output::of(context)?;
    let client = Client::new(&context.unsigned_sdk_config("SSO")?);
    let request = client
        .get_role_credentials()
        .role_name(&args.role_name)
        .account_id(&args.account_id)
        .access_token(args.access_token.expose());
    let answer =
        context.block_on(request.send()).map_err(|error| CallError::of("GetRoleCredentials", error))?;
    let credentials = answer.role_credentials.map(|keys| {
        Value::map([
            ("accessKeyId", Value::from(keys.access_key_id)),
            ("secretAccessKey", Value::from(keys.secret_access_key)),
            ("sessionToken", Value::from(keys.session_token)),
            ("expiration", Value::from(keys.expiration)),
        ])
    });
    output.show(context, "GetRoleCredentials", &Value::map([("roleCredentials", Value::from(credentials))]))
}
