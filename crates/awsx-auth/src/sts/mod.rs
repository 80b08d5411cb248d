//! Security Token Service: taking roles, proving MFA.

mod assume_role;
mod caller;
mod check;
mod federation_token;
mod role_file;
mod scope;
mod session_token;
mod web_identity;

pub use assume_role::{AssumeRole, AssumedRole, AssumedRoleUser};
pub use caller::{Caller, NotAUser};
pub use check::InvalidParameters;
pub use federation_token::FederationToken;
pub(crate) use role_file::RoleFile;
pub use scope::SessionScope;
pub use session_token::SessionToken;
pub use web_identity::WebIdentity;

use aws_sdk_sts::types::Credentials as Keys;
use awsx_core::Env;
use awsx_core::profile::ProfileError;
use awsx_core::settings::{Settings, table};
use awsx_http::CallError;
use time::OffsetDateTime;

use crate::partition::Partition;
use crate::{Credentials, Method};

/// The region STS is asked in: the one in use, else the home of the partition that `arn` names.
pub fn sts_region(settings: &Settings, arn: &str) -> Result<String, ProfileError> {
    let home = || Partition::of_arn(arn).map_or("us-east-1", |partition| partition.home_region);
    Ok(settings.text(&table::REGION)?.unwrap_or_else(|| home().to_owned()))
}

/// The keys in the answer of an operation.
fn keys_in(answered: Option<Keys>, operation: &str) -> Result<Keys, CallError> {
    answered.ok_or_else(|| CallError::Other(format!("the answer of {operation} holds no credentials")))
}

fn credentials(keys: Keys, method: Method, account_id: Option<String>) -> Credentials {
    Credentials {
        access_key_id: keys.access_key_id,
        secret_access_key: keys.secret_access_key.into(),
        session_token: Some(keys.session_token.into()),
        expiration: OffsetDateTime::from_unix_timestamp(keys.expiration.secs()).ok(),
        account_id,
        method,
    }
}

/// The name of a role session that nobody has named.
fn made_up_session_name(env: &Env) -> String {
    format!("awsx-session-{}", env.now().unix_timestamp())
}
