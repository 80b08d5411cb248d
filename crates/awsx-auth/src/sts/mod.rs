//! Security Token Service: taking roles, proving MFA.

mod assume_role;
mod scope;
mod session_token;

pub use assume_role::{AssumeRole, AssumedRole, AssumedRoleUser};
pub use scope::SessionScope;
pub use session_token::SessionToken;

use awsx_core::profile::ProfileError;
use awsx_core::settings::{Settings, table};

use crate::partition::Partition;

/// The region STS is asked in: the one in use, else the home of the partition that `arn` names.
pub fn sts_region(settings: &Settings, arn: &str) -> Result<String, ProfileError> {
    let home = || Partition::of_arn(arn).map_or("us-east-1", |partition| partition.home_region);
    Ok(settings.text(&table::REGION)?.unwrap_or_else(|| home().to_owned()))
}
